#include "rd-encode/ivf_picture.h"

void
ivf_picture_init(struct ivf_picture *p)
{
	*p = (struct ivf_picture){0};
	pixman_region32_init(&p->changed);
}

void
ivf_picture_finish(struct ivf_picture *p)
{
	rd_image_finish(&p->im);
	pixman_region32_fini(&p->changed);
}

int
ivf_picture_size(struct ivf_picture *p, int width, int height)
{
	return rd_image_init(&p->im, width, height);
}

/* The largest place of the first size that has the shape of this one. */
static struct rd_rect
fit(const struct rd_image *into, int width, int height)
{
	int w = into->width, h = into->height;
	if ((int64_t)width * h > (int64_t)height * w)
		h = (int)((int64_t)height * w / width);
	else
		w = (int)((int64_t)width * h / height);
	w = w > 0 ? w : 1;
	h = h > 0 ? h : 1;
	return (struct rd_rect){(into->width - w) / 2, (into->height - h) / 2, w, h};
}

static void
show_fitted(struct ivf_picture *p, const struct rd_image *im)
{
	struct rd_rect all = {0, 0, p->im.width, p->im.height};
	struct rd_rect place = fit(&p->im, im->width, im->height);
	struct rd_image part = rd_image_part(&p->im, place);
	rd_image_fill(&p->im, all, 0);
	rd_image_scale(&part, im);
	rd_region_add(&p->changed, all);
}

void
ivf_picture_show(struct ivf_picture *p, const struct rd_image *im,
	const pixman_region32_t *damage)
{
	if (im->width != p->im.width || im->height != p->im.height) {
		show_fitted(p, im);
		return;
	}
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(damage, &n);
	for (int i = 0; i < n; i++)
		rd_image_copy(&p->im, im, rd_rect_of_box(&box[i]));
	pixman_region32_union(&p->changed, &p->changed, damage);
}
