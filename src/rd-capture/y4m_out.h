#ifndef RD_CAPTURE_Y4M_OUT_H
#define RD_CAPTURE_Y4M_OUT_H

#include "base/loop.h"
#include "media/y4m.h"

/*
 * Frames of YUV4MPEG2 on a descriptor, one on its way at a time: whoever feeds
 * it waits for `ready`. The descriptor's flags stay as they are, for others
 * may have it too: a pipe is opened anew through /proc, a socket is written
 * with MSG_DONTWAIT, files never wait.
 */
struct y4m_out {
	int fd;
	bool own_fd;		/* the pipe opened anew */
	bool socket;
	bool watched;		/* off for regular files */
	struct rd_fd watch;
	void (*ready)(void *ctx);
	void (*failed)(void *ctx, int error);	/* once; -EPIPE: nobody reads it any more */
	void *ctx;

	struct rd_y4m_header header;
	bool begun;		/* the header has been queued */
	uint8_t *frame;		/* "FRAME\n" and the planes: written again while nothing changes */
	size_t frame_len;
	char head[128];		/* the first line, until it is written */
	size_t head_len;
	size_t left;		/* bytes of head and frame still to be written */
	bool over;
};

int y4m_out_open(struct y4m_out *o, struct rd_loop *loop, int fd, void (*ready)(void *ctx),
	void (*failed)(void *ctx, int error), void *ctx);
void y4m_out_close(struct y4m_out *o);
/* What every frame will be like; before the first of them. 0 or -ENOMEM. */
int y4m_out_begin(struct y4m_out *o, const struct rd_y4m_header *h);
/* A frame is on its way, or nothing can be written any more. */
bool y4m_out_busy(const struct y4m_out *o);
/* What the next frames show; not while busy. */
void y4m_out_picture(struct y4m_out *o, const struct rd_image *im);
/* Sends a frame; not while busy. */
void y4m_out_frame(struct y4m_out *o);

#endif
