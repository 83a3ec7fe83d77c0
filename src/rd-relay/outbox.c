#include <errno.h>
#include <string.h>

#include "net/udp.h"
#include "rd-relay/outbox.h"

/* --- gathering --- */

static unsigned
hash_of(const struct rd_addr *to)
{
	uint64_t ip;
	memcpy(&ip, to->ip, sizeof(ip));
	for (int i = 8; i < 16; i++)
		ip = ip * 31 + to->ip[i];
	/* Fibonacci hashing (Knuth, volume 3, section 6.4). */
	return (unsigned)((ip ^ (uint64_t)to->port << 40) * UINT64_C(0x9e3779b97f4a7c15) >> 55);
}
_Static_assert(OUT_HASH == 1 << (64 - 55), "a hash is a place");

/* Whether so much more may be joined to it. */
static bool
takes(const struct letter *l, const struct rd_addr *to, size_t len, size_t segment, unsigned more)
{
	return !l->full && (l->segment == segment || (more == 1 && len <= l->segment)) &&
		l->segments + more <= OUT_SEGMENTS && l->len + len <= OUT_TRAIN &&
		rd_addr_equal(&l->to, to);
}

static struct letter *
letter_new(struct outbox *o, const struct rd_addr *to, size_t segment)
{
	const struct rd_addr *source;
	const struct place *place = udp_way(o->udp, to, &source);
	if (!place)
		return NULL;
	unsigned i = o->count++;
	struct msghdr *m = &o->m[i].msg_hdr;
	o->letter[i] = (struct letter){.place = place, .to = *to, .segment = segment};
	*m = (struct msghdr){
		.msg_name = &o->name[i],
		.msg_namelen = rd_addr_to_sockaddr(to, place->domain, &o->name[i]),
		.msg_control = &o->control[i],
	};
	if (source)
		rd_udp_put_source(m, source);
	return &o->letter[i];
}

/* The train to that address that is still open at its end, or a new letter; NULL: no way there. */
static struct letter *
letter_for(struct outbox *o, const struct rd_addr *to, size_t len, size_t segment)
{
	uint16_t *latest = &o->latest[hash_of(to)];
	struct letter *l = *latest ? &o->letter[*latest - 1] : NULL;
	if (l && takes(l, to, len, segment, (unsigned)((len + segment - 1) / segment)))
		return l;
	l = letter_new(o, to, segment);
	if (l)
		*latest = (uint16_t)(l - o->letter + 1);
	return l;
}

static void
add_piece(struct outbox *o, struct letter *l, uint8_t *data, size_t len)
{
	struct out_piece *last = l->last ? &o->piece[l->last - 1] : NULL;
	if (last && (uint8_t *)last->at.iov_base + last->at.iov_len == data) {
		last->at.iov_len += len;
	} else {
		unsigned n = o->pieces++;
		o->piece[n] = (struct out_piece){.at = {data, len}};
		if (last)
			last->next = n + 1;
		else
			l->first = n + 1;
		l->last = n + 1;
	}
	l->segments += (unsigned)((len + l->segment - 1) / l->segment);
	l->len += len;
	l->full = len % l->segment != 0;
}

void
outbox_put(struct outbox *o, const struct rd_addr *to, uint8_t *data, size_t len, size_t segment)
{
	if (o->count == OUT_LETTERS || o->pieces == OUT_PIECES)
		outbox_flush(o);
	struct letter *l = letter_for(o, to, len, segment);
	if (l)
		add_piece(o, l, data, len);
	else
		count(&o->counters->send_errors, 1);
}

void
outbox_copy(struct outbox *o, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	if (len == 0 || len > OUT_ARENA)
		return;
	if (o->copied + len > OUT_ARENA)
		outbox_flush(o);
	uint8_t *copy = o->arena + o->copied;
	memcpy(copy, data, len);
	if (o->count == OUT_LETTERS || o->pieces == OUT_PIECES) {
		outbox_flush(o);
		memmove(o->arena, copy, len);
		copy = o->arena;
	}
	o->copied += len;
	outbox_put(o, to, copy, len, len);
}

/* --- sending --- */

/*
 * A letter that was not taken as it is: a device that makes no checksums and so
 * no segments, a path too small for them, or an address of ours that is gone.
 * Once more, plainly and each datagram alone.
 */
static void
send_plainly(struct outbox *o, unsigned i)
{
	const struct letter *l = &o->letter[i];
	const struct msghdr *m = &o->m[i].msg_hdr;
	for (size_t k = 0; k < m->msg_iovlen; k++) {
		uint8_t *data = m->msg_iov[k].iov_base;
		size_t len = m->msg_iov[k].iov_len;
		for (size_t at = 0; at < len; at += l->segment) {
			size_t n = len - at < l->segment ? len - at : l->segment;
			if (sendto(l->place->fd[o->thread], data + at, n, MSG_DONTWAIT | MSG_NOSIGNAL,
					m->msg_name, m->msg_namelen) < 0)
				count(&o->counters->send_errors, 1);
		}
	}
}

static void
failed(struct outbox *o, unsigned i, int err)
{
	unsigned segments = o->letter[i].segments;
	if (err == EAGAIN || err == ENOBUFS)
		count(&o->counters->drops[DROP_QUEUE], segments);
	else if (o->m[i].msg_hdr.msg_controllen)
		send_plainly(o, i);
	else
		count(&o->counters->send_errors, segments);
}

/* The pieces of a letter at *next, which moves on. */
static void
seal(struct outbox *o, unsigned i, struct iovec **next)
{
	struct msghdr *m = &o->m[i].msg_hdr;
	m->msg_iov = *next;
	for (unsigned n = o->letter[i].first; n; n = o->piece[n - 1].next)
		*(*next)++ = o->piece[n - 1].at;
	m->msg_iovlen = (size_t)(*next - m->msg_iov);
	if (o->letter[i].segments > 1)
		rd_udp_put_segment(m, o->letter[i].segment);
	if (m->msg_controllen == 0)
		m->msg_control = NULL;
}

void
outbox_flush(struct outbox *o)
{
	struct iovec *next = o->iov;
	unsigned i = 0;
	if (o->count == 0)
		return;
	for (unsigned k = 0; k < o->count; k++)
		seal(o, k, &next);
	while (i < o->count) {
		const struct place *place = o->letter[i].place;
		unsigned run = 1;
		while (i + run < o->count && o->letter[i + run].place == place)
			run++;
		int n = sendmmsg(place->fd[o->thread], &o->m[i], run, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0) {
			i += (unsigned)n;
		} else if (n == 0 || errno != EINTR) {
			failed(o, i, errno);
			i++;
		}
	}
	memset(o->latest, 0, sizeof(o->latest));
	o->count = o->pieces = 0;
	o->copied = 0;
}
