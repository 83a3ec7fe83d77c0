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

/* Whole, or not at all: half a number would be another one. False: nothing more fits. */
static bool
add_part(char *line, size_t room, const char *text)
{
	size_t used = strlen(line);
	if (used + 3 + strlen(text) > room)
		return false;
	add(line, room + 1, " | ");
	add(line, room + 1, text);
	return true;
}

static void
add_figures(const struct terminal *t, char *line, size_t room)
{
	const struct stats *s = t->cfg.stats;
	double seconds = (double)s->span_ns / RD_NS_PER_S;
	char parts[3][64];
	snprintf(parts[0], sizeof(parts[0]), "%.3f Mbit/s",
		seconds > 0 ? (double)s->last.bytes * 8 / seconds / 1e6 : 0);
	snprintf(parts[1], sizeof(parts[1]), "decode %.1f ms",
		s->last.frames ? (double)s->last.decode_ns / s->last.frames / RD_NS_PER_MS : 0);
	snprintf(parts[2], sizeof(parts[2]), "%s %dx%d",
		t->painter.ops ? t->painter.ops->name : "-", t->painter.place.width,
		t->painter.place.height);
	for (int i = 0; i < 3 && add_part(line, room, parts[i]); i++)
		;
}

/* What is worth most comes first; from what does not fit on, all is left out. */
static void
add_session(const struct terminal *t, char *line, size_t room)
{
	const struct stats *s = t->cfg.stats;
	double seconds = (double)s->span_ns / RD_NS_PER_S;
	char size[32], fps[32];
	snprintf(size, sizeof(size), "%dx%d", s->width, s->height);
	snprintf(fps, sizeof(fps), "%.0f fps", seconds > 0 ? s->last.frames / seconds : 0);
	bool fits = !t->path[0] || add_part(line, room, t->path);
	if (fits && !t->controls && !t->holding)
		fits = add_part(line, room, "view only");
	if (fits && !s->width)
		fits = add_part(line, room, "no picture yet");
	else if (fits)
		fits = add_part(line, room, size) && add_part(line, room, fps);
	if (fits && t->figures)
		add_figures(t, line, room);
}

/* A name or a notice, which may be longer than there is room. */
static void
add_first(char *line, size_t room, const char *text)
{
	bool cut = strlen(line) + strlen(text) > room;
	add(line, room + 1, text);
	if (cut && room > 2)
		memcpy(line + room - 2, "..", 2);
}

/* What is left of the keys, and of a blank before them: they are worth more than a long name. */
static size_t
room_of(const struct terminal *t, size_t cap)
{
	size_t width = (size_t)t->cols < cap ? (size_t)t->cols : cap - 1, need = strlen(keys(t));
	return need + 1 < width ? width - need - 1 : 0;
}

/* As wide as the terminal, what the keys do at its right end. */
static void
lay_out(const struct terminal *t, char *line, size_t cap)
{
	const char *right = keys(t);
	size_t width = (size_t)t->cols < cap ? (size_t)t->cols : cap - 1;
	size_t left = strlen(line), need = strlen(right);
	if (need > width)
		need = width;
	memset(line + left, ' ', width - left);
	memcpy(line + width - need, right, need);
	line[width] = '\0';
}

bool
terminal_status(struct terminal *t)
{
	char line[sizeof(t->status)] = "";
	const struct options *o = t->cfg.options;
	size_t room = room_of(t, sizeof(line));
	if (room)
		add(line, sizeof(line), " ");
	if (t->notice[0]) {
		add_first(line, room, t->notice);
	} else {
		add_first(line, room, o->title ? o->title : t->cfg.name);
		add_session(t, line, room);
	}
	lay_out(t, line, sizeof(line));
	if (strcmp(line, t->status) == 0)
		return false;
	memcpy(t->status, line, sizeof(line));
	return true;
}
