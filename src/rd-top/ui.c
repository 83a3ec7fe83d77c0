#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-top/ui.h"

void
ui_say(struct ui *u, bool bad, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(u->said, sizeof(u->said), fmt, ap);
	va_end(ap);
	u->said_bad = bad;
}

void
ui_finish(struct ui *u)
{
	free(u->asked);
	*u = (struct ui){0};
}

static struct session *
selected(const struct model *m)
{
	return m->sessions ? m->session[model_selected(m)] : NULL;
}

/* --- orders --- */

static struct order
nothing(void)
{
	return (struct order){.kind = ORDER_NONE};
}

/* Nobody of it takes that: said, and nothing is done. */
static struct order
nobody(struct ui *u, const struct session *s, const char *what)
{
	ui_say(u, true, "%s: no program of it can %s", s->name, what);
	return nothing();
}

static struct order
tell_verb(struct ui *u, const struct session *s, enum verb v, const char *done)
{
	struct order o = {.kind = ORDER_TELL, .who = model_who_does(s, v)};
	if (!o.who)
		return nobody(u, s, v == VERB_REFRESH ? "be refreshed" : v == VERB_SAVE ? "save"
			: v == VERB_END ? "be ended from here" : "pause");
	snprintf(o.request, sizeof(o.request), "%s", verb_names[v]);
	snprintf(o.done, sizeof(o.done), "%s: %s", s->name, done);
	snprintf(o.undone, sizeof(o.undone), "%s: no %s", s->name, verb_names[v]);
	return o;
}

/* By its number, as the list of peers has it. */
static struct order
tell_viewer(const struct session *s, const char *number)
{
	struct order o = {.kind = ORDER_TELL, .who = model_who_hosts(s)};
	if (!o.who)
		return nothing();
	snprintf(o.request, sizeof(o.request), "%s %s", verb_names[VERB_END], number);
	snprintf(o.done, sizeof(o.done), "%s: sent off", s->name);
	snprintf(o.undone, sizeof(o.undone), "%s: nobody was sent off", s->name);
	return o;
}

static struct order
tell_set(struct ui *u, const struct session *s, enum settable k, const char *value)
{
	struct order o = {.kind = ORDER_TELL, .who = model_who_sets(s, k)};
	if (!o.who)
		return nobody(u, s, k == SET_PATH ? "choose its path" : "bound its rate");
	snprintf(o.request, sizeof(o.request), "set %s=%s", settable_names[k], value);
	snprintf(o.done, sizeof(o.done), "%s: %s is %s", s->name, settable_names[k], value);
	snprintf(o.undone, sizeof(o.undone), "%s: %s is as it was", s->name, settable_names[k]);
	return o;
}

/* --- questions --- */

static struct order
ask(struct ui *u, const struct session *s, enum ask what)
{
	bool able = what == ASK_END ? model_who_does(s, VERB_END) != NULL
		: what == ASK_VIEWER ? model_who_hosts(s) != NULL
		: model_who_sets(s, what == ASK_PATH ? SET_PATH : SET_BITRATE) != NULL;
	if (!able)
		return nobody(u, s, what == ASK_END ? "be ended from here"
			: what == ASK_VIEWER ? "send a viewer off"
			: what == ASK_PATH ? "choose its path" : "bound its rate");
	free(u->asked);
	u->asked = xstrdup(s->key);
	u->ask = what;
	u->input[0] = '\0';
	return nothing();
}

static struct session *
asked(const struct ui *u, const struct model *m)
{
	for (unsigned i = 0; u->asked && i < m->sessions; i++)
		if (strcmp(m->session[i]->key, u->asked) == 0)
			return m->session[i];
	return NULL;
}

static bool
is_only_one(const struct session *s)
{
	return s->sum.peers == 1 && !s->sum.peers_more;
}

static void
ask_viewer(const struct ui *u, const struct session *s, char *out, size_t cap)
{
	if (is_only_one(s))
		snprintf(out, cap, "Send off %s? y: yes, other keys: no", s->sum.peer[0].name);
	else
		snprintf(out, cap, "Send off whom, by the number in peers? %s_", u->input);
}

const char *
ui_question(const struct ui *u, const struct model *m, char *out, size_t cap)
{
	const struct session *s = asked(u, m);
	if (u->ask == ASK_NONE)
		return NULL;
	if (!s)
		snprintf(out, cap, "it has ended already; any key");
	else if (u->ask == ASK_END)
		snprintf(out, cap, "End %s? y: yes, other keys: no", s->name);
	else if (u->ask == ASK_VIEWER)
		ask_viewer(u, s, out, cap);
	else if (u->ask == ASK_PATH)
		snprintf(out, cap, "Path of %s: a auto, d direct, r relay; other keys: as it is", s->name);
	else
		snprintf(out, cap, "No more than (800k, 2M, 0: no bound) for %s: %s_", s->name, u->input);
	return out;
}

static struct order
answer_path(struct ui *u, const struct session *s, uint32_t point)
{
	static const struct { char key; const char *path; } paths[] = {
		{'a', "auto"}, {'d', "direct"}, {'r', "relay"},
	};
	for (unsigned i = 0; i < 3; i++)
		if (point == (uint32_t)paths[i].key)
			return tell_set(u, s, SET_PATH, paths[i].path);
	return nothing();
}

/* True: the question still stands. */
static bool
type(struct ui *u, struct key k)
{
	size_t n = strlen(u->input);
	if (k.name == KEY_RUBOUT && n)
		u->input[n - 1] = '\0';
	bool fits = k.name == KEY_CHAR && k.point < 0x80 && n + 1 < sizeof(u->input) &&
		(isalnum((int)k.point) || k.point == '.');
	if (fits) {
		u->input[n] = (char)k.point;
		u->input[n + 1] = '\0';
	}
	return k.name == KEY_CHAR || k.name == KEY_RUBOUT;
}

static struct order
tell_only_one(const struct session *s)
{
	char number[16];
	snprintf(number, sizeof(number), "%u", s->sum.peer[0].number);
	return tell_viewer(s, number);
}

static struct order
answer(struct ui *u, const struct model *m, struct key k)
{
	enum ask what = u->ask;
	const struct session *s = asked(u, m);
	bool typed = what == ASK_BITRATE || (what == ASK_VIEWER && s && !is_only_one(s));
	if (typed && s && type(u, k))
		return nothing();
	u->ask = ASK_NONE;
	if (!s)
		return nothing();
	if (typed && what == ASK_VIEWER)
		return k.name == KEY_RETURN && u->input[0] ? tell_viewer(s, u->input) : nothing();
	if (what == ASK_BITRATE && k.name == KEY_RETURN && u->input[0])
		return tell_set(u, s, SET_BITRATE, u->input);
	if (k.name != KEY_CHAR)
		return nothing();
	if (what == ASK_END && (k.point == 'y' || k.point == 'Y'))
		return tell_verb(u, s, VERB_END, "ended");
	if (what == ASK_VIEWER && (k.point == 'y' || k.point == 'Y'))
		return tell_only_one(s);
	return what == ASK_PATH ? answer_path(u, s, k.point) : nothing();
}

/* --- getting about --- */

static void
move(struct ui *u, struct model *m, struct key k)
{
	long at = (long)model_selected(m), page = u->rows > 1 ? (long)u->rows - 1 : 1;
	switch (k.name) {
	case KEY_GO_UP:
	case KEY_WHEEL_UP:
		model_select(m, at - 1);
		break;
	case KEY_GO_DOWN:
	case KEY_WHEEL_DOWN:
		model_select(m, at + 1);
		break;
	case KEY_PAGE_UP:
		model_select(m, at - page);
		break;
	case KEY_PAGE_DOWN:
		model_select(m, at + page);
		break;
	case KEY_FIRST:
		model_select(m, 0);
		break;
	case KEY_LAST:
		model_select(m, (long)m->sessions - 1);
		break;
	case KEY_CLICKED:
		if (u->page == PAGE_LIST && k.row >= u->first_y && k.row < u->first_y + u->rows &&
				u->top + k.row - u->first_y < m->sessions)
			model_select(m, (long)(u->top + k.row - u->first_y));
		break;
	default:
		break;
	}
}

static void
sort_by(struct model *m, int step)
{
	m->sort = (enum sort)(((int)m->sort + SORTS + step) % SORTS);
	model_order(m);
}

/* Letters that are keys by other names. */
static struct key
translated(struct key k)
{
	static const struct { char letter; enum key_name name; } letters[] = {
		{'j', KEY_GO_DOWN}, {'k', KEY_GO_UP}, {'g', KEY_FIRST}, {'G', KEY_LAST},
		{'l', KEY_RETURN},
	};
	for (unsigned i = 0; k.name == KEY_CHAR && i < sizeof(letters) / sizeof(*letters); i++)
		if (k.point == (uint32_t)letters[i].letter)
			return (struct key){.name = letters[i].name};
	return k;
}

/* Letters that need no session. True: it was one. */
static bool
general(struct ui *u, struct model *m, uint32_t point)
{
	switch (point) {
	case '?':
	case 'h':
		u->before = u->page;
		u->page = PAGE_HELP;
		return true;
	case 's':
	case '>':
		sort_by(m, 1);
		return true;
	case '<':
		sort_by(m, -1);
		return true;
	case 'r':
		m->reverse = !m->reverse;
		model_order(m);
		return true;
	case ' ':
		u->held = !u->held;
		return true;
	default:
		return false;
	}
}

static struct order
of_session(struct ui *u, const struct session *s, uint32_t point)
{
	switch (point) {
	case 'p':
		return model_paused(s) ? tell_verb(u, s, VERB_RESUME, "goes on")
			: tell_verb(u, s, VERB_PAUSE, "paused");
	case 'e':
		return ask(u, s, ASK_END);
	case 'x':
		return ask(u, s, ASK_VIEWER);
	case 'b':
		return ask(u, s, ASK_BITRATE);
	case 'f':
		return ask(u, s, ASK_PATH);
	case 'R':
		return tell_verb(u, s, VERB_REFRESH, "its picture comes anew");
	case 'w':
		return tell_verb(u, s, VERB_SAVE, "saved");
	default:
		return nothing();
	}
}

/* Keys of a page, when nothing is asked. */
static struct order
of_page(struct ui *u, struct model *m, struct key k)
{
	struct session *s = selected(m);
	if (k.name == KEY_CHAR && (k.point == 'q' || k.point == 'Q'))
		return (struct order){.kind = ORDER_LEAVE};
	if (k.name == KEY_ESCAPE || k.name == KEY_GO_LEFT)
		u->page = PAGE_LIST;
	else if (k.name == KEY_RETURN || k.name == KEY_GO_RIGHT)
		u->page = s && u->page == PAGE_LIST ? PAGE_SESSION : PAGE_LIST;
	else if (k.name != KEY_CHAR)
		move(u, m, k);
	else if (!general(u, m, k.point) && s)
		return of_session(u, s, k.point);
	return nothing();
}

struct order
ui_key(struct ui *u, struct model *m, struct key k)
{
	u->said[0] = '\0';
	if (u->ask != ASK_NONE)
		return answer(u, m, k);
	if (u->page == PAGE_HELP) {
		u->page = u->before;
		return nothing();
	}
	return of_page(u, m, translated(k));
}
