#include <stdlib.h>

#include <zlib.h>

#include "rd-view/terminal_paint.h"

/*
 * Kitty's graphics protocol: each tile is an image of its own, and one with
 * the same number takes its place, placement included. Pixels are packed RGB,
 * deflated, in base 64, in pieces of at most 4096 letters. Only what every
 * terminal with this protocol has is used: no animation, no shared memory
 * (the terminal is on the other side of ssh).
 */
#define PIECE 4096
/* Numbers are the terminal's, not the screen's: far from those that others use. */
#define FIRST_IMAGE 0x72640000u
/* What changes again soon is not worth more. */
#define LEVEL 3

static void
put_base64(struct rd_buf *out, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (; n > 0; n -= n < 3 ? n : 3, p += 3) {
		uint32_t v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0u);
		rd_buf_u8(out, (uint8_t)digits[v >> 18]);
		rd_buf_u8(out, (uint8_t)digits[v >> 12 & 63]);
		rd_buf_u8(out, n > 1 ? (uint8_t)digits[v >> 6 & 63] : '=');
		rd_buf_u8(out, n > 2 ? (uint8_t)digits[v & 63] : '=');
	}
}

/* Deflated RGB of that part of the picture. */
static void
pack(struct rd_buf *packed, const struct rd_image *im, struct rd_rect r)
{
	struct rd_buf rgb = {0};
	for (int y = r.y; y < r.y + r.h; y++) {
		uint8_t *o = rd_buf_room(&rgb, (size_t)r.w * 3);
		const uint8_t *p = rd_image_at(im, r.x, y);
		for (int x = 0; x < r.w; x++, p += 4) {
			*o++ = p[2];
			*o++ = p[1];
			*o++ = p[0];
		}
		rgb.len += (size_t)r.w * 3;
	}
	uLongf n = compressBound((uLong)rgb.len);
	/* It fails for want of memory only; then the tile keeps its old pixels. */
	if (compress2(rd_buf_room(packed, n), &n, rgb.data, (uLong)rgb.len, LEVEL) == Z_OK)
		packed->len += n;
	rd_buf_finish(&rgb);
}

static void
put_image(struct rd_buf *out, uint32_t id, struct rd_rect r, const struct rd_buf *packed)
{
	const size_t step = PIECE / 4 * 3;
	for (size_t at = 0; at < packed->len; at += step) {
		size_t n = packed->len - at < step ? packed->len - at : step;
		int more = at + n < packed->len;
		if (at == 0)
			terminal_put(out, "\033_Ga=T,q=2,f=24,o=z,i=%u,p=1,s=%d,v=%d,C=1,m=%d;", id, r.w, r.h,
				more);
		else
			terminal_put(out, "\033_Gq=2,m=%d;", more);
		put_base64(out, packed->data + at, n);
		terminal_put(out, "\033\\");
	}
}

static void
kitty_paint(struct terminal_painter *p, struct rd_buf *out, const struct rd_image *im,
	struct rd_rect r)
{
	struct rd_buf packed = {0};
	int across = terminal_tiles_across(p);
	int w = TERMINAL_TILE_COLS * p->place.dots_x, h = TERMINAL_TILE_ROWS * p->place.dots_y;
	for (int ty = r.y / h; ty * h < r.y + r.h; ty++) {
		for (int tx = r.x / w; tx * w < r.x + r.w; tx++) {
			if (!terminal_tiles_take(p, im, tx, ty))
				continue;
			struct rd_rect t = terminal_tiles_rect(p, tx, ty);
			rd_buf_reset(&packed);
			pack(&packed, im, t);
			terminal_put_cursor(out, p->place.col + tx * TERMINAL_TILE_COLS,
				p->place.row + ty * TERMINAL_TILE_ROWS);
			put_image(out, FIRST_IMAGE + (uint32_t)(ty * across + tx), t, &packed);
		}
	}
	rd_buf_finish(&packed);
}

/* Of this screen, the alternate one: all images, with their pixels. */
static void
kitty_clear(struct terminal_painter *p, struct rd_buf *out)
{
	(void)p;
	terminal_put(out, "\033_Ga=d,d=A,q=2;\033\\");
}

static void
kitty_close(struct terminal_painter *p)
{
	rd_image_finish(&p->shown);
	free(p->known);
	p->known = NULL;
}

const struct terminal_painter_ops terminal_kitty = {
	.name = "kitty",
	.fit = terminal_tiles_fit,
	.paint = kitty_paint,
	.clear = kitty_clear,
	.close = kitty_close,
};
