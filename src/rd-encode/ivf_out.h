#ifndef RD_ENCODE_IVF_OUT_H
#define RD_ENCODE_IVF_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "media/image.h"
#include "rd-encode/options.h"

/*
 * Video alone, at a constant rate, in the IVF container, for other people's
 * tools. With --fps, and always from live sources, frame k shows the picture as
 * it was at k/fps, repeated while it rests; otherwise every picture of the
 * source is one frame. A picture of another size than the first is fitted into
 * that, with black bars, because IVF has one size.
 */
struct ivf_out;

struct ivf_out_ops {
	/* After ivf_out_busy: there is room again. */
	void (*room)(void *ctx);
	/* The output is over: 0 after ivf_out_finish, -EPIPE, -ENOSPC, … */
	void (*closed)(void *ctx, int error);
	/* A picture could not be encoded. */
	void (*failed)(void *ctx, int error);
};

/* `fd` stays the caller's; `opt` is borrowed. */
int ivf_out_open(struct ivf_out **out, struct rd_loop *loop, int fd,
	const struct options *opt, const struct ivf_out_ops *ops, void *ctx);
void ivf_out_close(struct ivf_out *o);
/* Before the first picture: whether the source runs by a clock. */
void ivf_out_live(struct ivf_out *o, bool live);
bool ivf_out_busy(const struct ivf_out *o);
/*
 * The picture as it is from `time_ns` on, of which `damage` differs from the
 * one before. 0; -EAGAIN: not taken, give it again when there is room; or
 * another negative errno.
 */
int ivf_out_picture(struct ivf_out *o, const struct rd_image *im,
	const pixman_region32_t *damage, uint64_t time_ns);
/* Writes what is left and the number of frames; `closed` follows. */
void ivf_out_finish(struct ivf_out *o);
uint64_t ivf_out_frames(const struct ivf_out *o);

#endif
