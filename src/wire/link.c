#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "wire/link_priv.h"

/* How often what still lies in the kernel is read before `closed` is told. */
#define LAST_READS 64

void
link_later(struct rd_link *l)
{
	if (!l->closed && !l->turn.set)
		rd_timer_set(&l->turn, 0);
}

void
link_enter(struct rd_link *l)
{
	l->depth++;
}

static void
destroy(struct rd_link *l)
{
	link_in_finish(l);
	free(l);
}

void
link_leave(struct rd_link *l)
{
	if (--l->depth == 0 && l->closed)
		destroy(l);
}

/* The outgoing direction is over: after an error the peer's last words come first. */
static void
tell_closed(struct rd_link *l)
{
	if (l->out.error && l->in.port.kind != LINK_FILE)
		for (int i = 0; i < LAST_READS && link_in_step(l); i++)
			;
	if (l->closed)
		return;
	l->out.told = true;
	if (l->ops->closed)
		l->ops->closed(l->ctx, l->out.error);
}

static void
turn(void *ctx)
{
	struct rd_link *l = ctx;

	link_enter(l);
	if (l->out.over && !l->out.told)
		tell_closed(l);
	if (!l->closed && l->out.room && !l->out.over) {
		l->out.room = false;
		if (l->ops->room)
			l->ops->room(l->ctx);
	}
	if (!l->closed)
		link_in_resume(l);
	link_leave(l);
}

/* Two descriptors, as stdin and stdout are, may be one socket. */
static bool
same_socket(int a, int b)
{
	struct stat sa, sb;

	if (a < 0 || b < 0 || fstat(a, &sa) < 0 || fstat(b, &sb) < 0)
		return false;
	return S_ISSOCK(sa.st_mode) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

int
rd_link_open(struct rd_link **out, struct rd_loop *loop, int in_fd, int out_fd,
	const struct rd_link_ops *ops, void *ctx)
{
	struct rd_link *l = xcalloc(1, sizeof(*l));

	l->loop = loop;
	l->ops = ops;
	l->ctx = ctx;
	l->duplex = same_socket(in_fd, out_fd);
	rd_timer_open(&l->turn, loop, turn, l);
	l->in.port.fd = -1;
	int err = link_out_open(l, out_fd);
	if (!err)
		err = link_in_open(l, l->duplex ? out_fd : in_fd);
	if (err) {
		rd_link_close(l);
		return err;
	}
	l->share.able = l->duplex && l->out.port.local;
	if (in_fd >= 0 && l->in.port.kind == LINK_FILE)
		link_later(l);
	*out = l;
	return 0;
}

void
rd_link_close(struct rd_link *l)
{
	if (!l || l->closed)
		return;
	rd_timer_close(&l->turn);
	l->closed = true;
	l->out.over = true;
	link_port_close(&l->in.port);
	link_out_finish(l);
	link_share_finish(l);
	if (l->depth == 0)
		destroy(l);
}

void
rd_link_hello(struct rd_link *l, const struct rd_hello *mine)
{
	struct rd_hello h = *mine;
	struct rd_buf body = {0};
	struct rd_blob *proof = NULL;

	assert(!l->out.greeted);
	l->out.greeted = true;
	/* A descriptor goes along and shows whether the way carries them: ssh's does not. */
	if (l->share.able)
		proof = rd_blob_shared(1);
	l->share.offered = proof != NULL;
	h.caps &= ~(uint32_t)RD_CAP_BUFFERS;
	if (proof)
		h.caps |= RD_CAP_BUFFERS;
	rd_hello_pack(&body, &h);
	struct rd_msg head = {.type = RD_MSG_HELLO, .len = body.len};
	link_out_put(l, &head, body.data, body.len, proof, proof ? proof->fd : -1);
	rd_blob_unref(proof);
	rd_buf_finish(&body);
}

const struct rd_hello *
rd_link_peer(const struct rd_link *l)
{
	return l->greeted ? &l->peer : NULL;
}

static bool
blob_holds(const struct rd_msg *m)
{
	return m->blob && m->data >= m->blob->data &&
		m->data + m->len <= m->blob->data + m->blob->size;
}

void
rd_link_send(struct rd_link *l, const struct rd_msg *m)
{
	struct rd_msg head = *m;

	assert(l->out.greeted || l->out.over);
	assert(m->len <= rd_msg_limit(m->type));
	head.flags &= (uint8_t)~RD_MSG_F_SHARED;
	if (!link_share_send(l, &head))
		link_out_put(l, &head, m->data, m->len, blob_holds(m) ? m->blob : NULL, -1);
}

void
rd_link_send_buf(struct rd_link *l, uint16_t type, uint64_t time_ns, struct rd_buf *b)
{
	struct rd_msg m = {.type = type, .time_ns = time_ns, .len = b->len, .data = b->data};

	rd_link_send(l, &m);
	rd_buf_reset(b);
}

size_t
rd_link_queued(const struct rd_link *l)
{
	return l->out.queued;
}

bool
rd_link_busy(const struct rd_link *l)
{
	return l->out.queued > RD_LINK_HIGH;
}

bool
rd_link_duplex(const struct rd_link *l)
{
	return !l->in.over && !l->out.over && l->in.port.kind != LINK_FILE;
}

void
rd_link_finish(struct rd_link *l, enum rd_end reason, int code, const char *text)
{
	struct rd_end_msg end = {.reason = reason, .code = code};
	struct rd_buf body = {0};

	if (l->out.over || l->out.finishing)
		return;
	snprintf(end.text, sizeof(end.text), "%s", text ? text : "");
	rd_end_pack(&body, &end);
	struct rd_msg head = {.type = RD_MSG_END, .len = body.len};
	link_out_put(l, &head, body.data, body.len, NULL, -1);
	rd_buf_finish(&body);
	l->out.corked = false;
	l->out.finishing = true;
	link_out_flush(l);
}

bool
rd_link_left(const struct rd_link *l)
{
	return l->out.read;
}

struct rd_link_count
rd_link_count(const struct rd_link *l)
{
	return l->count;
}

void
rd_link_stdout(int *in, int *out)
{
	*out = STDOUT_FILENO;
	*in = rd_link_env_is(STDOUT_FILENO) ? STDOUT_FILENO : -1;
}

void
rd_link_stdio(int *in, int *out)
{
	struct stat st;
	bool talks = fstat(STDIN_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));

	*out = STDOUT_FILENO;
	*in = talks ? STDIN_FILENO : -1;
}
