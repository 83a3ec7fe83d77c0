#include <string.h>

#include "rd-view/terminal_ask.h"

#define SIXEL 4			/* in DA1 */
/* What no terminal means seriously. */
#define CELL_MAX 256

const char terminal_question_cell[] = "\033[16t";

const char terminal_questions[] =
	/* Is this one sign, or three? Then the cursor is in column 2. */
	"\r\xe2\x96\x80\033[6n\r\033[K"
	/* Is a colour of 24 bit still there when it is asked for (DECRQSS)? */
	"\033[48:2:1:2:3m\033P$qm\033\\\033[m"
	"\033[>0q"			/* XTVERSION */
	"\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"	/* kitty's graphics */
	"\033[?u"			/* kitty's keyboard */
	"\033[16t"			/* pixels of a cell */
	"\033[?1;1;0S\033[?2;1;0S"	/* XTSMGRAPHICS: colours and size of sixel */
	"\033[?2026$p\033[?1016$p"	/* DECRQM */
	"\033[c";			/* DA1 */

static bool
begins(const struct terminal_event *e, const char *with)
{
	size_t n = strlen(with);
	return e->text_len >= n && memcmp(e->text, with, n) == 0;
}

static void
take_sixel(struct terminal_can *c, const struct terminal_event *e)
{
	if (e->n[1] != 0)
		return;
	if (e->n[0] == 1 && e->n[2] >= 2 && e->n[2] <= 65536)
		c->registers = (int)e->n[2];
	if (e->n[0] == 2 && e->n[2] > 0 && e->n[2] <= 65536)
		c->sixel_w = (int)e->n[2];
}

void
terminal_can_take(struct terminal_can *c, const struct terminal_event *e)
{
	bool on;
	switch (e->answer) {
	case TERMINAL_IS_A:
		c->answers = true;
		/* The first number is a level, not an attribute. */
		for (int i = 1; i < e->count; i++)
			c->sixel |= e->n[i] == SIXEL;
		break;
	case TERMINAL_CURSOR:
		c->utf8 = e->n[1] == 2;
		break;
	case TERMINAL_CELL:
		if (e->n[0] >= 1 && e->n[0] <= CELL_MAX && e->n[1] >= 1 && e->n[1] <= CELL_MAX) {
			c->cell_h = (int)e->n[0];
			c->cell_w = (int)e->n[1];
		}
		break;
	case TERMINAL_MODE:
		/* 1 set, 2 reset, 3 always set; 0 not known, 4 never. */
		on = e->n[1] >= 1 && e->n[1] <= 3;
		if (e->n[0] == 2026)
			c->synchronized = on;
		else if (e->n[0] == 1016)
			c->pixel_mouse = on;
		break;
	case TERMINAL_KEYBOARD:
		c->keyboard = true;
		break;
	case TERMINAL_GRAPHICS:
		c->graphics = true;
		break;
	case TERMINAL_SIXEL:
		take_sixel(c, e);
		break;
	case TERMINAL_COLORS:
		c->rgb = true;
		break;
	case TERMINAL_NAME:
		/* It takes any colour and gives the terminal below what that can. */
		c->multiplexer = begins(e, "tmux ");
		break;
	case TERMINAL_OK:
		break;
	}
}

enum terminal_graphics
terminal_choose_graphics(const struct terminal_can *c, enum terminal_graphics wanted)
{
	bool cell = c->cell_w > 0 && c->cell_h > 0;
	if (wanted != TERMINAL_GRAPHICS_AUTO)
		return wanted;
	/* Pixels need to know how many a cell has. */
	if (cell && c->graphics)
		return TERMINAL_GRAPHICS_KITTY;
	return cell && c->sixel ? TERMINAL_GRAPHICS_SIXEL : TERMINAL_GRAPHICS_BLOCKS;
}

static bool
has(const char *text, const char *part)
{
	return text && strstr(text, part);
}

enum terminal_colors
terminal_choose_colors(const struct terminal_can *c, enum terminal_colors wanted,
	const struct terminal_env *env)
{
	if (wanted != TERMINAL_COLORS_AUTO)
		return wanted;
	if (env->no_color && *env->no_color)
		return TERMINAL_COLORS_NONE;
	if (c->rgb || c->graphics || c->multiplexer || has(env->colorterm, "truecolor") ||
		has(env->colorterm, "24bit"))
		return TERMINAL_COLORS_24BIT;
	if (has(env->term, "256color") || has(env->term, "direct"))
		return TERMINAL_COLORS_256;
	if (!env->term || !*env->term || strcmp(env->term, "dumb") == 0 || has(env->term, "mono") ||
		strncmp(env->term, "vt", 2) == 0)
		return TERMINAL_COLORS_NONE;
	return TERMINAL_COLORS_16;
}
