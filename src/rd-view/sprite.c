#include <stdlib.h>
#include <string.h>

#include "media/glyphs.h"
#include "rd-view/sprite.h"

#define LINES_MAX 24
#define COLUMNS_MAX 96
#define COLOUR_BOX 0x1b1d21
#define COLOUR_EDGE 0x4a505a
#define COLOUR_TEXT 0xd7dae0
#define COLOUR_TITLE 0xffffff
#define BOX_ALPHA 0xdc

struct sprite
sprite_new(int width, int height)
{
	struct sprite s = {.im = {
		.data = calloc((size_t)width * 4, (size_t)height),
		.stride = (size_t)width * 4,
		.width = width,
		.height = height,
	}};
	return s.im.data ? s : (struct sprite){0};
}

void
sprite_finish(struct sprite *s)
{
	free(s->im.data);
	*s = (struct sprite){0};
}

struct rd_rect
sprite_rect(const struct sprite *s)
{
	return (struct rd_rect){s->x, s->y, s->im.width, s->im.height};
}

struct folded {
	char line[LINES_MAX][COLUMNS_MAX + 1];
	int lines;
	int widest;	/* letters */
};

/* How much of `text`, up to a line's end, goes on one line of `columns`. */
static size_t
fold_at(const char *text, size_t len, size_t columns)
{
	if (len <= columns)
		return len;
	for (size_t n = columns; n > 0; n--)
		if (text[n] == ' ')
			return n;
	return columns;
}

/* Where the value begins in "label   value"; 0: it is no such line, or has no room for one. */
static size_t
value_at(const char *text, size_t len, size_t columns)
{
	size_t label = strcspn(text, " "), at = label + strspn(text + label, " ");
	return at >= label + 2 && at < len && at <= columns / 2 ? at : 0;
}

static void
put_line(struct folded *f, const char *text, size_t len, size_t indent)
{
	char *line = f->line[f->lines++];
	memset(line, ' ', indent);
	memcpy(line + indent, text, len);
	if ((int)(indent + len) > f->widest)
		f->widest = (int)(indent + len);
}

static void
fold(struct folded *f, const char *text, int columns)
{
	size_t most = columns < COLUMNS_MAX ? (size_t)columns : COLUMNS_MAX, hang = 0, indent = 0;
	while (*text && f->lines < LINES_MAX) {
		size_t len = strcspn(text, "\n");
		if (!indent)
			hang = value_at(text, len, most);
		size_t n = fold_at(text, len, most - indent);
		put_line(f, text, n, indent);
		indent = n < len ? hang : 0;
		text += n;
		if (*text == '\n' || *text == ' ')
			text++;
	}
}

/* The glyphs are drawn without alpha: what is neither box nor letter stays as it is. */
static void
make_box_translucent(struct sprite *s)
{
	uint32_t box = 0;
	for (int i = 0; i < 3; i++)
		box |= (uint32_t)((COLOUR_BOX >> (8 * i) & 0xff) * BOX_ALPHA / 0xff) << (8 * i);
	box |= (uint32_t)BOX_ALPHA << 24;
	uint32_t *p = (uint32_t *)s->im.data;
	size_t n = (size_t)s->im.width * (size_t)s->im.height;
	for (size_t i = 0; i < n; i++)
		p[i] = (p[i] & 0xffffff) == COLOUR_BOX ? box : p[i] | 0xff000000;
}

struct sprite
sprite_text(const char *text, int columns, int scale, bool titled)
{
	struct folded f = {0};
	fold(&f, text, columns > 0 ? columns : 1);
	int pad = 8 * scale, leading = (RD_GLYPH_HEIGHT + 2) * scale;
	int after_title = titled && f.lines > 1 ? leading / 2 : 0;
	struct sprite s = sprite_new(f.widest * RD_GLYPH_WIDTH * scale + 2 * pad,
		f.lines * leading + after_title + 2 * pad);
	if (!s.im.data)
		return s;
	rd_image_fill(&s.im, (struct rd_rect){0, 0, s.im.width, s.im.height}, COLOUR_EDGE);
	rd_image_fill(&s.im, (struct rd_rect){scale, scale, s.im.width - 2 * scale,
		s.im.height - 2 * scale}, COLOUR_BOX);
	for (int i = 0; i < f.lines; i++) {
		bool title = titled && i == 0;
		rd_glyphs_draw(&s.im, pad, pad + i * leading + (i ? after_title : 0) + scale, scale,
			title ? COLOUR_TITLE : COLOUR_TEXT, f.line[i]);
	}
	make_box_translucent(&s);
	return s;
}
