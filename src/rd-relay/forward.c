#include <errno.h>
#include <string.h>

#include "rd-relay/forward.h"

/* A stretch of a train that one leg has sent. */
struct stretch {
	uint8_t *data;
	size_t len, segment;
	unsigned count;
};

static const uint8_t *
handle_of(const uint8_t *data)
{
	return data + RD_RELAYED_HEADER - RD_HANDLE;
}

/* As many datagrams as have the first one's handle. */
static struct stretch
measure(uint8_t *data, size_t len, size_t segment)
{
	struct stretch s = {.data = data, .segment = segment};
	while (s.len < len && s.count < OUT_SEGMENTS &&
			(s.count == 0 || s.len + segment <= OUT_TRAIN)) {
		size_t n = len - s.len < segment ? len - s.len : segment;
		if (s.count > 0 && (!rd_relayed_is(data + s.len, n) ||
				memcmp(handle_of(data + s.len), handle_of(data), RD_HANDLE) != 0))
			break;
		s.len += n;
		s.count++;
	}
	return s;
}

static void
count_classes(struct forward *f, const struct stretch *s, enum way_in_or_out dir)
{
	unsigned n[CLASSES] = {0};
	for (size_t at = 0; at < s->len; at += s->segment)
		n[s->data[at] & RD_RELAYED_CLASS]++;
	for (unsigned i = 0; i < CLASSES; i++)
		if (n[i])
			count(&f->counters->packets[dir][i], n[i]);
	count(&f->counters->bytes[dir], s->len);
}

static void
send_to_stream(struct forward *f, const struct stretch *s, const struct rd_addr *to,
	uint64_t now_ns)
{
	for (size_t at = 0; at < s->len; at += s->segment) {
		size_t n = s->len - at < s->segment ? s->len - at : s->segment;
		if (!f->to_stream(f->ctx, to, s->data + at, n, now_ns))
			count(&f->counters->drops[DROP_QUEUE], 1);
	}
}

static void
send_stretch(struct forward *f, const struct stretch *s, const struct core_route *r,
	uint64_t now_ns)
{
	for (size_t at = 0; at < s->len; at += s->segment) {
		s->data[at] |= r->marks;
		memcpy(s->data + at + RD_RELAYED_HEADER - RD_HANDLE, r->handle, RD_HANDLE);
	}
	count_classes(f, s, DIR_OUT);
	if (r->to.stream)
		send_to_stream(f, s, &r->to, now_ns);
	else
		outbox_put(f->out, &r->to, s->data, s->len,
			s->segment < s->len ? s->segment : s->len);
}

static size_t
relay(struct forward *f, const struct rd_addr *from, uint8_t *data, size_t len, size_t segment,
	uint64_t now_ns)
{
	struct stretch s = measure(data, len, segment);
	struct core_route route;
	enum core_drop why = DROP_MALFORMED;
	count_classes(f, &s, DIR_IN);
	if (segment <= FORWARD_MAX && core_route(f->core, from, handle_of(data), s.count, s.len,
			now_ns, &route, &why)) {
		f->relayed_ns = now_ns;
		send_stretch(f, &s, &route, now_ns);
		return s.len;
	}
	count(&f->counters->drops[why], s.count);
	if (why == DROP_UNKNOWN || why == DROP_ADDRESS)
		core_gone(f->core, &f->core_out, from, handle_of(data), now_ns);
	return s.len;
}

void
forward_train(struct forward *f, const struct rd_addr *from, uint8_t *data, size_t len,
	size_t segment, uint64_t now_ns)
{
	for (size_t at = 0, n; at < len; at += n) {
		n = len - at < segment ? len - at : segment;
		if (rd_relayed_is(data + at, n))
			n = relay(f, from, data + at, len - at, segment, now_ns);
		else
			core_datagram(f->core, &f->core_out, from, data + at, n, now_ns);
	}
}

/* How long the next record is, with its head; 0: it has not come whole. */
static ssize_t
record_size(const uint8_t *data, size_t len)
{
	if (len <= RECORD_HEADER)
		return 0;
	size_t n = (size_t)data[0] | (size_t)data[1] << 8;
	if (n == 0 || n > FORWARD_MAX)
		return -EPROTO;
	return len - RECORD_HEADER < n ? 0 : (ssize_t)(RECORD_HEADER + n);
}

ssize_t
forward_records(struct forward *f, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns)
{
	size_t at = 0;
	ssize_t n;
	while ((n = record_size(data + at, len - at)) > 0) {
		size_t datagram = (size_t)n - RECORD_HEADER;
		forward_train(f, from, data + at + RECORD_HEADER, datagram, datagram, now_ns);
		at += (size_t)n;
	}
	/* Whatever comes next: the outbox has borrowed memory that its owner may free now. */
	outbox_flush(f->out);
	return n < 0 ? n : (ssize_t)at;
}
