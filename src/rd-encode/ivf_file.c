#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "media/ivf.h"
#include "rd-encode/ivf_file.h"

/* Queued beyond this we are busy. */
#define QUEUE_HIGH ((size_t)1 << 20)
/*
 * A pipe that polls writable takes a page without blocking (pipe(7)), and we
 * may not make it non-blocking: others have it too.
 */
#define WRITE_PIECE 4096

/* Where the header can be patched: a file that is not appended to. */
static off_t
header_place(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || flags & O_APPEND)
		return -1;
	return lseek(fd, 0, SEEK_CUR);
}

static void
over(struct ivf_file *f, int error)
{
	if (f->over)
		return;
	f->over = true;
	if (f->watched)
		rd_fd_want(&f->watch, 0);
	f->ops->over(f->ctx, error);
}

static bool
would_wait(const struct ivf_file *f)
{
	struct pollfd p = {.fd = f->fd, .events = POLLOUT};
	return f->watched && poll(&p, 1, 0) == 0;
}

/* Bytes 24 to 27 of the header count the frames. */
static void
patch_count(struct ivf_file *f)
{
	uint8_t count[4];
	for (int i = 0; i < 4; i++)
		count[i] = (uint8_t)(f->frames >> 8 * i);
	if (f->start >= 0 && pwrite(f->fd, count, sizeof(count), f->start + 24) < 0)
		over(f, -errno);
}

/* Writes until the queue is empty or would block; negative errno on failure. */
static int
write_queue(struct ivf_file *f)
{
	while (f->written < f->queue.len && !would_wait(f)) {
		size_t n = f->queue.len - f->written;
		if (f->watched && n > WRITE_PIECE)
			n = WRITE_PIECE;
		ssize_t done = write(f->fd, f->queue.data + f->written, n);
		if (done < 0 && errno == EAGAIN)
			break;
		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0)
			f->written += (size_t)done;
	}
	if (f->written == f->queue.len) {
		rd_buf_reset(&f->queue);
		f->written = 0;
	}
	return 0;
}

static void
flush(struct ivf_file *f)
{
	if (f->over || (!f->headed && !f->finishing))
		return;
	int err = write_queue(f);
	if (err < 0) {
		over(f, err);
		return;
	}
	if (f->watched)
		rd_fd_want(&f->watch, RD_HANGUP | (f->queue.len ? RD_WRITE : 0));
	if (f->finishing && f->queue.len == 0) {
		if (f->headed)
			patch_count(f);
		over(f, 0);
	}
}

/* A socket's peer may have ended its own direction only; that is no matter here. */
static bool
reader_gone(const struct ivf_file *f)
{
	struct pollfd p = {.fd = f->fd};
	return poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLHUP);
}

static void
writable(void *ctx, unsigned events)
{
	struct ivf_file *f = ctx;
	if (events & RD_HANGUP && reader_gone(f)) {
		over(f, -EPIPE);
		return;
	}
	flush(f);
	if (f->was_busy && !ivf_file_busy(f) && !f->over) {
		f->was_busy = false;
		f->ops->room(f->ctx);
	}
}

int
ivf_file_open(struct ivf_file *f, struct rd_loop *loop, int fd, const struct ivf_file_ops *ops,
	void *ctx)
{
	f->ops = ops;
	f->ctx = ctx;
	f->fd = fd;
	f->start = header_place(fd);
	rd_buf_room(&f->queue, RD_IVF_HEADER_SIZE);
	f->queue.len = RD_IVF_HEADER_SIZE;
	int err = rd_fd_open(&f->watch, loop, fd, writable, f);
	if (err < 0)
		return err == -EPERM ? 0 : err;
	f->watched = true;
	rd_fd_want(&f->watch, RD_HANGUP);
	return 0;
}

void
ivf_file_close(struct ivf_file *f)
{
	rd_fd_close(&f->watch);
	rd_buf_finish(&f->queue);
}

void
ivf_file_header(struct ivf_file *f, const char fourcc[static 4], int width, int height,
	unsigned rate, unsigned scale)
{
	rd_ivf_header(f->queue.data, fourcc, width, height, rate, scale, 0);
	f->headed = true;
}

void
ivf_file_frame(struct ivf_file *f, const uint8_t *packet, size_t len)
{
	uint8_t head[RD_IVF_FRAME_SIZE];
	rd_ivf_frame(head, (uint32_t)len, f->frames++);
	rd_buf_bytes(&f->queue, head, sizeof(head));
	rd_buf_bytes(&f->queue, packet, len);
	flush(f);
	f->was_busy |= ivf_file_busy(f);
}

bool
ivf_file_busy(const struct ivf_file *f)
{
	return f->queue.len - f->written > QUEUE_HIGH;
}

void
ivf_file_finish(struct ivf_file *f)
{
	f->finishing = true;
	if (!f->headed)
		rd_buf_reset(&f->queue);
	flush(f);
}
