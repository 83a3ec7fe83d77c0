#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>

#include <png.h>

#include "media/image.h"

/* Text and profiles that a file may bring along; we keep none. */
#define CHUNK_MAX (1 << 20)
#define CHUNKS 64

struct reading {
	struct rd_image im;
	png_bytep *rows;
	int err;
};

static void
fail(png_structp png, png_const_charp text)
{
	(void)text;
	longjmp(png_jmpbuf(png), 1);
}

static void
ignore(png_structp png, png_const_charp text)
{
	(void)png, (void)text;
}

/* Whatever it is becomes BGRA, 8 bits each. */
static void
transform(png_structp png)
{
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
	png_set_bgr(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
}

static int
make_room(struct reading *r, png_structp png, png_infop info)
{
	int width = (int)png_get_image_width(png, info), height = (int)png_get_image_height(png, info);
	if (png_get_rowbytes(png, info) != (size_t)width * 4)
		return -EPROTO;
	int err = rd_image_init(&r->im, width, height);
	if (err)
		return err == -EINVAL ? -EMSGSIZE : err;
	r->rows = calloc((size_t)height, sizeof(*r->rows));
	if (!r->rows)
		return -ENOMEM;
	for (int y = 0; y < height; y++)
		r->rows[y] = rd_image_at(&r->im, 0, y);
	return 0;
}

/* The part that libpng leaves by longjmp. */
static void
read_all(struct reading *r, png_structp png, png_infop info, FILE *file)
{
	r->err = -EPROTO;
	if (setjmp(png_jmpbuf(png)))
		return;
	png_set_user_limits(png, RD_IMAGE_MAX_WIDTH, RD_IMAGE_MAX_HEIGHT);
	png_set_chunk_malloc_max(png, CHUNK_MAX);
	png_set_chunk_cache_max(png, CHUNKS);
	png_init_io(png, file);
	png_read_info(png, info);
	transform(png);
	png_set_interlace_handling(png);
	png_read_update_info(png, info);
	r->err = make_room(r, png, info);
	if (r->err)
		return;
	r->err = -EPROTO;
	png_read_image(png, r->rows);
	r->err = 0;
}

/* Alpha becomes our fourth byte, where 0 is an ordinary pixel. */
static void
turn_alpha(struct rd_image *im)
{
	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++) {
			uint8_t *p = rd_image_at(im, x, y);
			p[3] = p[3] < 128 ? 0xff : 0;
		}
}

int
rd_image_read_png(struct rd_image *im, FILE *file)
{
	struct reading r = {0};
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
	if (!png)
		return -ENOMEM;
	png_infop info = png_create_info_struct(png);
	r.err = -ENOMEM;
	if (info)
		read_all(&r, png, info, file);
	png_destroy_read_struct(&png, &info, NULL);
	free(r.rows);
	if (r.err) {
		rd_image_finish(&r.im);
		return r.err;
	}
	turn_alpha(&r.im);
	*im = r.im;
	return 0;
}
