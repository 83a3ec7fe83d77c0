#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "wire/link_priv.h"

/* What is read at once, bytes; messages that fit are read where they lie. */
#define CHUNK ((size_t)256 << 10)
/* A longer body gets memory of its own … */
#define BODY_OWN ((size_t)65 << 10)
/* … at first this much, and more only as bytes really come. */
#define BODY_FIRST ((size_t)1 << 20)
/* Few bytes can be much work: after so long the loop, and with it signals, has its turn. */
#define TURN_NS (20 * RD_NS_PER_MS)

static void
drop_fds(struct link_fds *fds)
{
	while (fds->n > 0)
		close(fds->fd[--fds->n]);
}

int
link_in_take_fd(struct rd_link *l)
{
	struct link_fds *fds = &l->in.fds;

	if (fds->n == 0)
		return -1;
	int fd = fds->fd[0];
	memmove(fds->fd, fds->fd + 1, --fds->n * sizeof(fds->fd[0]));
	return fd;
}

void
link_in_end(struct rd_link *l, const struct rd_end_msg *end)
{
	struct link_in *in = &l->in;

	if (in->over)
		return;
	in->over = true;
	rd_fd_want(&in->port.watch, 0);
	drop_fds(&in->fds);
	link_share_forget(l);
	if (l->ops->end)
		l->ops->end(l->ctx, end);
}

void
link_in_fail(struct rd_link *l, enum rd_exit code, const char *fmt, ...)
{
	struct rd_end_msg end = {.code = (int)code};
	va_list ap;

	end.reason = code == RD_EXIT_CUT_SHORT ? RD_END_CUT_SHORT : RD_END_FAILED;
	va_start(ap, fmt);
	vsnprintf(end.text, sizeof(end.text), fmt, ap);
	va_end(ap);
	link_in_end(l, &end);
}

static void
foreign(struct rd_link *l, const uint8_t *p, size_t len)
{
	char *begin = rd_log_escape(p, len, 24);

	link_in_fail(l, RD_EXIT_FOREIGN, "this is not an rd stream: it begins \"%s\"", begin);
	free(begin);
}

/*
 * Whether these first bytes can be those of a HELLO. Asked of as few as there
 * are, so that something else is known for what it is even when it stops.
 */
static bool
may_be_hello(const uint8_t *p, size_t len)
{
	static const uint8_t type_flags[] = {RD_MSG_HELLO & 0xff, RD_MSG_HELLO >> 8};
	size_t magic = RD_MSG_HEADER_SIZE;

	if ((len > 1 && p[1] > RD_MSG_MAX_LINK >> 8) || (len > 2 && p[2]) || (len > 3 && p[3]))
		return false;
	if (len > 4 && memcmp(p + 4, type_flags, len > 5 ? 2 : 1) != 0)
		return false;
	if (len <= magic)
		return true;
	size_t n = len - magic < sizeof(rd_stream_magic) ? len - magic : sizeof(rd_stream_magic);
	return memcmp(p + magic, rd_stream_magic, n) == 0;
}

static bool
can_deliver(const struct rd_link *l)
{
	return !l->in.over && !l->in.paused && !l->closed;
}

/* Room for more of the body: what has come so far vouches for what is to come. */
static int
grow_body(struct link_in *in)
{
	size_t size = in->body->size * 4;
	struct rd_blob *more = rd_blob_new(size < in->msg.len ? size : in->msg.len);

	if (!more)
		return -ENOMEM;
	memcpy(more->data, in->body->data, in->have);
	rd_blob_unref(in->body);
	in->body = more;
	return 0;
}

/* Starts to gather a long body; `avail` of its bytes are at p. */
static int
begin_body(struct link_in *in, const struct rd_msg *m, const uint8_t *p, size_t avail)
{
	size_t first = in->trust > BODY_FIRST ? in->trust : BODY_FIRST;

	in->body = rd_blob_new(m->len < first ? m->len : first);
	if (!in->body)
		return -ENOMEM;
	in->msg = *m;
	memcpy(in->body->data, p, avail);
	in->have = avail;
	return 0;
}

static void
deliver_body(struct rd_link *l)
{
	struct link_in *in = &l->in;
	struct rd_msg m = in->msg;
	struct rd_blob *body = in->body;

	in->body = NULL;
	if (m.len > in->trust)
		in->trust = m.len;
	m.data = body->data;
	m.blob = body;
	link_deliver(l, &m);
	rd_blob_unref(body);
}

/* False: more bytes are needed, or the header is nonsense. */
static bool
deliver_next(struct rd_link *l)
{
	struct link_in *in = &l->in;
	const uint8_t *p = in->buf + in->start;
	size_t avail = in->end - in->start;
	struct rd_msg m;
	char buf[16];

	if (!l->greeted && !may_be_hello(p, avail)) {
		foreign(l, p, avail);
		return false;
	}
	if (avail < RD_MSG_HEADER_SIZE)
		return false;
	if (rd_msg_parse_header(&m, p)) {
		link_in_fail(l, RD_EXIT_FOREIGN, "the stream is broken: a message of %zu bytes (%s)", m.len,
			link_type_name(m.type, buf));
		return false;
	}
	p += RD_MSG_HEADER_SIZE;
	avail -= RD_MSG_HEADER_SIZE;
	if (avail >= m.len) {
		in->start += RD_MSG_HEADER_SIZE + m.len;
		m.data = p;
		link_deliver(l, &m);
		return true;
	}
	if (m.len > BODY_OWN) {
		if (begin_body(in, &m, p, avail))
			link_in_fail(l, RD_EXIT_MEMORY, "no memory for a message of %zu bytes", m.len);
		in->start = in->end = 0;
	}
	return false;
}

static void
deliver_all(struct rd_link *l)
{
	struct link_in *in = &l->in;
	uint64_t until = rd_clock_ns() + TURN_NS;

	in->behind = false;
	while (can_deliver(l)) {
		if (in->body && in->have < in->msg.len)
			break;
		if (rd_clock_ns() >= until) {
			in->behind = true;
			link_later(l);
			return;
		}
		if (in->body)
			deliver_body(l);
		else if (in->start == in->end || !deliver_next(l))
			break;
	}
	/* Whoever reads next, a dying link too, delivers first what the pause has kept here. */
	in->behind = in->paused;
	if (in->start < in->end || in->paused)
		return;
	/* Nothing is left that a descriptor could belong to. */
	in->start = in->end = 0;
	drop_fds(&in->fds);
}

static void
at_end_of_file(struct rd_link *l)
{
	struct link_in *in = &l->in;
	struct rd_msg m = in->msg;
	size_t have = in->have;
	char buf[16];

	/* Whoever leaves a socket without END is gone in both directions. */
	if (l->duplex)
		link_out_fail(l, -EPIPE);
	if (l->count.in == 0) {
		link_in_fail(l, RD_EXIT_CUT_SHORT, "nothing came: the stream is empty");
		return;
	}
	if (!in->body && in->start == in->end) {
		link_in_fail(l, RD_EXIT_CUT_SHORT, "the stream was cut short: it stops without END");
		return;
	}
	if (!in->body) {
		have = in->end - in->start;
		if (have < RD_MSG_HEADER_SIZE) {
			link_in_fail(l, RD_EXIT_CUT_SHORT,
				"the stream was cut short: it stops in the header of a message");
			return;
		}
		rd_msg_parse_header(&m, in->buf + in->start);
		have -= RD_MSG_HEADER_SIZE;
	}
	link_in_fail(l, RD_EXIT_CUT_SHORT,
		"the stream was cut short: it stops after %zu of %zu bytes of a message (%s)", have,
		m.len, link_type_name(m.type, buf));
}

/* Where the next bytes go: the body that is being gathered, then the buffer. */
static int
read_into(struct link_in *in, struct iovec iov[static 2])
{
	int n = 0;

	if (in->body) {
		if (in->have == in->body->size && grow_body(in))
			return -ENOMEM;
		iov[n++] = (struct iovec){in->body->data + in->have, in->body->size - in->have};
		if (in->body->size < in->msg.len)
			return n;
	} else if (in->start > 0 && CHUNK - in->end < CHUNK / 2) {
		memmove(in->buf, in->buf + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	iov[n++] = (struct iovec){in->buf + in->end, CHUNK - in->end};
	return n;
}

static void
took(struct rd_link *l, size_t n)
{
	struct link_in *in = &l->in;

	l->count.in += n;
	if (in->body) {
		size_t body = in->body->size - in->have;
		if (body > n)
			body = n;
		in->have += body;
		n -= body;
	}
	in->end += n;
}

bool
link_in_step(struct rd_link *l)
{
	struct link_in *in = &l->in;
	struct iovec iov[2];

	if (!can_deliver(l))
		return false;
	if (in->behind) {
		deliver_all(l);
		return can_deliver(l);
	}
	int n = read_into(in, iov);
	if (n < 0) {
		link_in_fail(l, RD_EXIT_MEMORY, "no memory for a message of %zu bytes", in->msg.len);
		return false;
	}
	ssize_t got = link_port_read(&in->port, iov, n, &in->fds);
	if (got == -EAGAIN)
		return false;
	if (got == 0 || got == -EPIPE) {
		at_end_of_file(l);
		return false;
	}
	if (got < 0) {
		link_in_fail(l, RD_EXIT_INPUT, "cannot read the stream: %s", strerror((int)-got));
		return false;
	}
	took(l, (size_t)got);
	deliver_all(l);
	return can_deliver(l);
}

static void
in_ready(void *ctx, unsigned events)
{
	struct rd_link *l = ctx;

	(void)events;
	link_enter(l);
	link_in_step(l);
	link_leave(l);
}

int
link_in_open(struct rd_link *l, int fd)
{
	struct link_in *in = &l->in;
	int err = link_port_open_in(&in->port, fd);

	if (!err)
		err = link_port_watch(&in->port, l->loop, in_ready, l);
	if (err)
		return err;
	if (fd < 0) {
		in->over = true;
		return 0;
	}
	in->buf = xmalloc(CHUNK);
	rd_fd_want(&in->port.watch, RD_READ);
	return 0;
}

void
link_in_resume(struct rd_link *l)
{
	struct link_in *in = &l->in;

	deliver_all(l);
	if (!can_deliver(l))
		return;
	rd_fd_want(&in->port.watch, RD_READ);
	if (in->port.kind == LINK_FILE && link_in_step(l))
		link_later(l);
}

void
rd_link_pause(struct rd_link *l, bool pause)
{
	if (l->in.paused == pause || l->in.over)
		return;
	l->in.paused = pause;
	if (pause)
		rd_fd_want(&l->in.port.watch, 0);
	else
		link_later(l);
}

void
link_in_finish(struct rd_link *l)
{
	struct link_in *in = &l->in;

	link_port_close(&in->port);
	drop_fds(&in->fds);
	rd_blob_unref(in->body);
	in->body = NULL;
	free(in->buf);
	in->buf = NULL;
}
