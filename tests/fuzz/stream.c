#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/link.h"

/*
 * A whole link fed through a socket. The first byte cuts the rest into pieces
 * of so many bytes (0: one piece), and its bit 7 closes the link in its first
 * message. However it goes, `end` comes once and then nothing.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct feed {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_fd writer;
	int fd;
	const uint8_t *data, *end;
	size_t piece;
	bool greeted, ended, closes;
	struct rd_blob *kept;
};

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct feed *f = ctx;

	if (f->greeted || peer->major > RD_STREAM_MAJOR)
		abort();
	f->greeted = true;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct feed *f = ctx;
	volatile uint8_t sum = 0;

	if (!f->greeted || f->ended || m->len > rd_msg_limit(m->type) ||
		rd_msg_class(m->type) == RD_CLASS_LINK || m->flags & RD_MSG_F_SHARED)
		abort();
	for (size_t i = 0; i < m->len; i++)
		sum = (uint8_t)(sum + m->data[i]);
	if (m->blob && !f->kept)
		f->kept = rd_blob_ref(m->blob);
	rd_link_send(f->link, m);
	if (!f->closes)
		return 0;
	rd_link_close(f->link);
	f->link = NULL;
	rd_loop_stop(f->loop, 0);
	return 0;
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct feed *f = ctx;

	(void)end;
	if (f->ended)
		abort();
	f->ended = true;
	rd_loop_stop(f->loop, 0);
}

static const struct rd_link_ops ops = {.hello = on_hello, .message = on_message, .end = on_end};

/* Writes a piece, and takes what comes back so that nobody waits. */
static void
on_ready(void *ctx, unsigned events)
{
	struct feed *f = ctx;
	uint8_t back[4096];

	if (events & RD_READ && recv(f->fd, back, sizeof(back), MSG_DONTWAIT) == 0)
		rd_fd_want(&f->writer, RD_WRITE);
	if (!(events & RD_WRITE))
		return;
	size_t n = (size_t)(f->end - f->data);
	if (n > f->piece)
		n = f->piece;
	ssize_t put = n ? send(f->fd, f->data, n, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
	if (put > 0)
		f->data += put;
	if (f->data == f->end) {
		shutdown(f->fd, SHUT_WR);
		rd_fd_want(&f->writer, RD_READ);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct feed f = {.data = data + 1, .end = data + len};
	struct rd_hello hello;
	int fd[2];

	if (len < 1 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
		return 0;
	f.piece = data[0] & 0x7f ? data[0] & 0x7f : len;
	f.closes = data[0] & 0x80;
	f.fd = fd[1];
	f.loop = rd_loop_new();
	if (rd_link_open(&f.link, f.loop, fd[0], fd[0], &ops, &f))
		abort();
	rd_hello_init(&hello, "fuzz", RD_CAP_ACK);
	rd_link_hello(f.link, &hello);
	if (rd_fd_open(&f.writer, f.loop, f.fd, on_ready, &f))
		abort();
	rd_fd_want(&f.writer, RD_READ | RD_WRITE);

	rd_loop_run(f.loop);
	if (f.link && !f.ended)
		abort();
	rd_link_close(f.link);
	rd_blob_unref(f.kept);
	rd_fd_close(&f.writer);
	rd_loop_free(f.loop);
	close(fd[0]);
	close(fd[1]);
	return 0;
}
