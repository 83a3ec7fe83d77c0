#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "rd-view/terminal.h"

/*
 * The last line: whose desktop, by which way, how large, how fast; and on the
 * right what the keys do. Names and paths are foreign: only ASCII that prints
 * gets through.
 */

static void
add(char *line, size_t cap, const char *text)
{
	size_t used = strlen(line);
	for (; *text && used + 1 < cap; text++)
		line[used++] = *text >= 0x20 && *text < 0x7f ? *text : '?';
	line[used] = '\0';
}

static const char *
keys(const struct terminal *t)
{
	if (t->command)
		return "q ends  r refreshes  s figures  z suspends  Ctrl-] sends itself ";
	if (t->holding)
		return "q ends ";
	if (t->stopped)
		return "Space goes on  q ends ";
	return t->controls ? "Ctrl-] q ends " : "q ends ";
}

static void
add_figures(const struct terminal *t, char *line, size_t cap)
{
	const struct stats *s = t->cfg.stats;
	double seconds = (double)s->span_ns / RD_NS_PER_S;
	char text[160];
	if (s->width)
		snprintf(text, sizeof(text), " | %dx%d | %.0f fps", s->width, s->height,
			seconds > 0 ? s->last.frames / seconds : 0);
	else
		snprintf(text, sizeof(text), " | no picture yet");
	add(line, cap, text);
	if (!t->figures)
		return;
	snprintf(text, sizeof(text), " | %.3f Mbit/s | decode %.1f ms | %s %dx%d",
		seconds > 0 ? (double)s->last.bytes * 8 / seconds / 1e6 : 0,
		s->last.frames ? (double)s->last.decode_ns / s->last.frames / RD_NS_PER_MS : 0,
		t->painter.ops ? t->painter.ops->name : "-", t->painter.place.width,
		t->painter.place.height);
	add(line, cap, text);
}

/* As wide as the terminal, what the keys do at its right end. */
static void
lay_out(struct terminal *t, char *line, size_t cap)
{
	const char *right = keys(t);
	size_t width = (size_t)t->cols < cap ? (size_t)t->cols : cap - 1;
	size_t left = strlen(line), need = strlen(right);
	if (need > width)
		need = width;
	/* The keys are worth more than the end of a long name. */
	if (left + need + 1 > width)
		left = width > need + 1 ? width - need - 1 : 0;
	memset(line + left, ' ', width - left);
	memcpy(line + width - need, right, need);
	line[width] = '\0';
}

bool
terminal_status(struct terminal *t)
{
	char line[sizeof(t->status)] = " ";
	const struct options *o = t->cfg.options;
	if (t->notice[0]) {
		add(line, sizeof(line), t->notice);
	} else {
		add(line, sizeof(line), o->title ? o->title : t->cfg.name);
		if (t->path[0]) {
			add(line, sizeof(line), " | ");
			add(line, sizeof(line), t->path);
		}
		add_figures(t, line, sizeof(line));
		if (!t->controls && !t->holding)
			add(line, sizeof(line), " | view only");
	}
	lay_out(t, line, sizeof(line));
	if (strcmp(line, t->status) == 0)
		return false;
	memcpy(t->status, line, sizeof(line));
	return true;
}
