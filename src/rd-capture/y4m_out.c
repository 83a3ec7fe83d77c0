#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rd-capture/y4m_out.h"

static const char frame_line[] = "FRAME\n";
#define FRAME_LINE (sizeof(frame_line) - 1)

/* The same pipe with flags of its own; the descriptor itself where that fails. */
static void
open_anew(struct y4m_out *o, int fd)
{
	struct stat st;
	o->fd = fd;
	if (fstat(fd, &st) < 0)
		return;
	o->socket = S_ISSOCK(st.st_mode);
	if (!S_ISFIFO(st.st_mode))
		return;
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (own < 0)
		return;
	o->fd = own;
	o->own_fd = true;
}

static void
fail(struct y4m_out *o, int error)
{
	if (o->over)
		return;
	o->over = true;
	rd_fd_close(&o->watch);
	o->failed(o->ctx, error);
}

static ssize_t
write_some(const struct y4m_out *o, const void *data, size_t len)
{
	return o->socket ? send(o->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) : write(o->fd, data, len);
}

/* What is left of the head, then of the frame. */
static const uint8_t *
rest(const struct y4m_out *o, size_t *len)
{
	if (o->left > o->frame_len) {
		*len = o->left - o->frame_len;
		return (const uint8_t *)o->head + o->head_len - *len;
	}
	*len = o->left;
	return o->frame + o->frame_len - o->left;
}

static void
flush(struct y4m_out *o)
{
	while (o->left > 0) {
		size_t len;
		const uint8_t *data = rest(o, &len);
		ssize_t n = write_some(o, data, len);
		if (n > 0) {
			o->left -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			break;
		} else if (n < 0 && errno != EINTR) {
			fail(o, -errno);
			return;
		}
	}
	if (o->watched)
		rd_fd_want(&o->watch, RD_HANGUP | (o->left ? RD_WRITE : 0));
}

/* Of a socket the other end may have closed only what it sends. */
static bool
reader_gone(const struct y4m_out *o)
{
	struct pollfd p = {.fd = o->fd};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP));
}

static void
on_ready(void *ctx, unsigned events)
{
	struct y4m_out *o = ctx;
	if ((events & RD_HANGUP) && reader_gone(o)) {
		fail(o, -EPIPE);
		return;
	}
	if (!o->left)
		return;
	flush(o);
	if (!o->left && !o->over)
		o->ready(o->ctx);
}

int
y4m_out_open(struct y4m_out *o, struct rd_loop *loop, int fd, void (*ready)(void *ctx),
	void (*failed)(void *ctx, int error), void *ctx)
{
	*o = (struct y4m_out){.ready = ready, .failed = failed, .ctx = ctx};
	open_anew(o, fd);
	int err = rd_fd_open(&o->watch, loop, o->fd, on_ready, o);
	o->watched = err == 0;
	if (o->watched)
		rd_fd_want(&o->watch, RD_HANGUP);
	return err == -EPERM ? 0 : err;
}

void
y4m_out_close(struct y4m_out *o)
{
	rd_fd_close(&o->watch);
	if (o->own_fd)
		close(o->fd);
	free(o->frame);
	*o = (struct y4m_out){.fd = -1};
}

int
y4m_out_begin(struct y4m_out *o, const struct rd_y4m_header *h)
{
	o->header = *h;
	o->frame_len = FRAME_LINE + rd_y4m_frame_size(h);
	o->frame = malloc(o->frame_len);
	if (!o->frame)
		return -ENOMEM;
	memcpy(o->frame, frame_line, FRAME_LINE);
	o->head_len = rd_y4m_format(h, o->head, sizeof(o->head));
	return 0;
}

bool
y4m_out_busy(const struct y4m_out *o)
{
	return o->over || o->left > 0;
}

void
y4m_out_picture(struct y4m_out *o, const struct rd_image *im)
{
	rd_y4m_from_image(&o->header, im, o->frame + FRAME_LINE);
}

void
y4m_out_frame(struct y4m_out *o)
{
	o->left = o->frame_len + (o->begun ? 0 : o->head_len);
	o->begun = true;
	flush(o);
}
