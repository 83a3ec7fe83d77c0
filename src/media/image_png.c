#include <errno.h>
#include <setjmp.h>
#include <stdio.h>

#include <png.h>

#include "media/image.h"

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

/* The part that libpng leaves by longjmp. 0 or -EIO. */
static int
write_all(png_structp png, png_infop info, const struct rd_image *im, FILE *file)
{
	if (setjmp(png_jmpbuf(png)))
		return -EIO;
	png_init_io(png, file);
	png_set_IHDR(png, info, (png_uint_32)im->width, (png_uint_32)im->height, 8,
		PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	png_set_bgr(png);
	png_set_filler(png, 0, PNG_FILLER_AFTER);
	for (int y = 0; y < im->height; y++)
		png_write_row(png, rd_image_at(im, 0, y));
	png_write_end(png, info);
	return 0;
}

int
rd_image_png(const struct rd_image *im, FILE *file)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
	if (!png)
		return -ENOMEM;
	png_infop info = png_create_info_struct(png);
	errno = 0;
	int err = info ? write_all(png, info, im, file) : -ENOMEM;
	if (!err && fflush(file) != 0)
		err = -EIO;
	/* stdio knows better what went wrong: a full disk, a reader that is gone */
	if (err == -EIO && errno)
		err = -errno;
	png_destroy_write_struct(&png, &info);
	return err;
}
