#ifndef RD_ENCODE_IVF_PICTURE_H
#define RD_ENCODE_IVF_PICTURE_H

#include "media/image.h"

/*
 * What the next frame shows. It keeps the size of the first picture: one of
 * another size is fitted into it, with black bars.
 */
struct ivf_picture {
	struct rd_image im;
	pixman_region32_t changed;	/* of it since the last frame */
};

void ivf_picture_init(struct ivf_picture *p);
void ivf_picture_finish(struct ivf_picture *p);
/* Black. 0 or a negative errno. */
int ivf_picture_size(struct ivf_picture *p, int width, int height);
/* Of that picture `damage` differs from the one shown before. */
void ivf_picture_show(struct ivf_picture *p, const struct rd_image *im,
	const pixman_region32_t *damage);

#endif
