#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rd-view/view.h"

/*
 * A line a frame on stdout: number, stream time in seconds, size, and 32 hex
 * digits over the packed BGR of the whole picture. Two streams with equal
 * lines showed the same.
 */
struct hash {
	struct view view;
	struct rd_fd out;	/* a reader that leaves is noticed at once */
	const struct view_host *host;
	void *ctx;
	bool gone;
};

static void
on_hangup(void *ctx, unsigned events)
{
	struct hash *h = ctx;
	if (!(events & RD_HANGUP) || h->gone)
		return;
	h->gone = true;
	h->host->quit(h->ctx);
}

static int
hash_open(struct view **out, struct rd_loop *loop, const struct view_config *cfg)
{
	int code = view_stdout_check();
	if (code)
		return code;
	struct hash *h = xcalloc(1, sizeof(*h));
	h->view.ops = &view_hash;
	h->host = cfg->host;
	h->ctx = cfg->ctx;
	/* Files and terminals cannot be watched, and need not be. */
	if (rd_fd_open(&h->out, loop, STDOUT_FILENO, on_hangup, h) == 0)
		rd_fd_want(&h->out, RD_HANGUP);
	*out = &h->view;
	return 0;
}

static int
hash_frame(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	(void)v, (void)damage;
	uint8_t hash[16];
	char hex[sizeof(hash) * 2 + 1];
	rd_image_hash(im, hash);
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	int n = printf("%" PRIu32 " %" PRIu64 ".%09" PRIu64 " %dx%d %s\n", f->number,
		f->time_ns / RD_NS_PER_S, f->time_ns % RD_NS_PER_S, im->width, im->height, hex);
	/* Somebody may wait for the line, in a file too. */
	return n < 0 || fflush(stdout) != 0 ? view_stdout_failed(errno) : 0;
}

static int
hash_finish(struct view *v)
{
	struct hash *h = (struct hash *)v;
	if (h->gone)
		return view_stdout_failed(EPIPE);
	return fflush(stdout) ? view_stdout_failed(errno) : 0;
}

static void
hash_close(struct view *v)
{
	struct hash *h = (struct hash *)v;
	rd_fd_close(&h->out);
	free(h);
}

const struct view_ops view_hash = {
	.name = "hash",
	.help = "a line of text a frame",
	.open = hash_open,
	.frame = hash_frame,
	.finish = hash_finish,
	.close = hash_close,
};
