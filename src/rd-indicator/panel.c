#include <stdio.h>
#include <string.h>

#include "media/glyphs.h"
#include "rd-indicator/panel.h"

#define LINES_MAX 4		/* viewers of their own; the others are counted */
#define COLOUR_BOX 0x1b1d21
#define COLOUR_EDGE 0x4a505a
#define COLOUR_TEXT 0xffffff
#define COLOUR_DIM 0x9aa0ab
#define COLOUR_LIVE 0xe5484d
#define COLOUR_PAUSED 0xf5b82e
#define COLOUR_BUTTON 0x33373f
#define COLOUR_UNDER 0x4d5460

struct sizes { int scale, pad, line, letter; };

static struct sizes
sizes(int scale)
{
	return (struct sizes){scale, 5 * scale, (RD_GLYPH_HEIGHT + 5) * scale, RD_GLYPH_WIDTH * scale};
}

/* Those lines, whose number it returns. */
static unsigned
compose(const struct people *p, unsigned room, char lines[LINES_MAX][PEOPLE_SENTENCE])
{
	unsigned all = p->count, n = all > LINES_MAX ? LINES_MAX : all;
	for (unsigned i = 0; i < n; i++)
		people_sentence(p, i, room, lines[i]);
	if (all > n)
		snprintf(lines[n - 1], PEOPLE_SENTENCE, "and %u more", all - n + 1);
	return n;
}

static int
widest(char lines[LINES_MAX][PEOPLE_SENTENCE], unsigned n, int letter)
{
	size_t most = 0;
	for (unsigned i = 0; i < n; i++)
		most = strlen(lines[i]) > most ? strlen(lines[i]) : most;
	return (int)most * letter;
}

static void
button(struct panel *p, const struct rd_rect *r, const char *text, bool under, const struct sizes *z)
{
	rd_image_fill(&p->im, *r, under ? COLOUR_UNDER : COLOUR_BUTTON);
	rd_glyphs_draw(&p->im, r->x + (r->w - (int)strlen(text) * z->letter) / 2,
		r->y + (r->h - 7 * z->scale) / 2, z->scale, COLOUR_TEXT, text);
}

static void
place(struct panel *p, const struct sizes *z, int text_width)
{
	int y = z->pad / 2, h = z->line, x = 2 * z->pad + 2 * z->letter + text_width + z->pad;
	p->pause = (struct rd_rect){x, y, 7 * z->letter, h};
	p->end = (struct rd_rect){x + p->pause.w + z->pad, y, 5 * z->letter, h};
}

/* How wide it is without words. */
static int
frame_width(const struct sizes *z)
{
	return 2 * z->pad + 2 * z->letter + z->pad + 7 * z->letter + z->pad + 5 * z->letter + z->pad / 2;
}

/* In letters as large as they may be, names being cut first. */
static struct sizes
fit(const struct panel_look *look, char lines[LINES_MAX][PEOPLE_SENTENCE], unsigned *n)
{
	for (int scale = look->scale;; scale--) {
		struct sizes z = sizes(scale);
		int room = (look->most - frame_width(&z)) / z.letter;
		*n = compose(look->people, room > 0 ? (unsigned)room : 0, lines);
		if (scale <= 1 || frame_width(&z) + widest(lines, *n, z.letter) <= look->most)
			return z;
	}
}

/* A round spot as far as squares make one: that somebody looks; two bars: paused. */
static void
spot(struct panel *p, const struct sizes *z, int y, bool paused)
{
	int s = z->scale, x = z->pad + s, top = y + (z->line - 7 * s) / 2;
	if (paused) {
		rd_image_fill(&p->im, (struct rd_rect){x, top, 2 * s, 7 * s}, COLOUR_PAUSED);
		rd_image_fill(&p->im, (struct rd_rect){x + 4 * s, top, 2 * s, 7 * s}, COLOUR_PAUSED);
		return;
	}
	rd_image_fill(&p->im, (struct rd_rect){x + 2 * s, top, 3 * s, 7 * s}, COLOUR_LIVE);
	rd_image_fill(&p->im, (struct rd_rect){x + s, top + s, 5 * s, 5 * s}, COLOUR_LIVE);
	rd_image_fill(&p->im, (struct rd_rect){x, top + 2 * s, 7 * s, 3 * s}, COLOUR_LIVE);
}

static void
write_line(struct panel *p, const struct sizes *z, int i, uint32_t colour, const char *text)
{
	rd_glyphs_draw(&p->im, z->pad + 2 * z->letter, z->pad / 2 + i * z->line + (z->line - 7 * z->scale) / 2,
		z->scale, colour, text);
}

int
panel_draw(struct panel *p, const struct panel_look *look)
{
	char lines[LINES_MAX][PEOPLE_SENTENCE];
	unsigned n;
	struct sizes z = fit(look, lines, &n);
	int rows = (int)n + look->hinted, text = widest(lines, n, z.letter);
	int hint = ((int)strlen(look->hint) + 4) * z.letter;
	place(p, &z, text);
	int width = frame_width(&z) + text, s = z.scale > 1 ? z.scale / 2 : 1;
	hint = hint < look->most ? hint : look->most;
	width = width > hint ? width : hint;
	rd_image_finish(&p->im);
	int err = rd_image_init(&p->im, width, rows * z.line + z.pad);
	if (err)
		return err;
	rd_image_fill(&p->im, (struct rd_rect){0, 0, width, p->im.height},
		look->people->paused ? COLOUR_PAUSED : COLOUR_EDGE);
	rd_image_fill(&p->im, (struct rd_rect){s, s, width - 2 * s, p->im.height - 2 * s}, COLOUR_BOX);
	spot(p, &z, z.pad / 2, look->people->paused);
	for (unsigned i = 0; i < n; i++)
		write_line(p, &z, (int)i, COLOUR_TEXT, lines[i]);
	if (look->hinted)
		write_line(p, &z, (int)n, COLOUR_DIM, look->hint);
	button(p, &p->pause, look->people->paused ? "Go on" : "Pause", look->under == PANEL_PAUSE, &z);
	button(p, &p->end, "End", look->under == PANEL_END, &z);
	return 0;
}

void
panel_finish(struct panel *p)
{
	rd_image_finish(&p->im);
	*p = (struct panel){0};
}

static bool
inside(const struct rd_rect *r, int x, int y)
{
	return x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h;
}

enum panel_button
panel_at(const struct panel *p, int x, int y)
{
	return inside(&p->pause, x, y) ? PANEL_PAUSE : inside(&p->end, x, y) ? PANEL_END : PANEL_NONE;
}
