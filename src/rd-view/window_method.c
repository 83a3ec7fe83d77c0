#include "base/clock.h"
#include "media/input.h"
#include "rd-view/window.h"

/*
 * Input methods that SDL asks over D-Bus: ibus, fcitx. A key that one of them takes has
 * an X event and none of SDL's. What it composes SDL tells only when it has told all
 * other events there were, and so behind the key that ended the composition, which the
 * method had let through after it (2.26, X11_PumpEvents): a space before the word, or
 * text that looks like what Return typed. All of SDL's queue is of one such turn.
 */

/* A method may answer without a key: a candidate was clicked. */
#define LOOK_NS (50 * RD_NS_PER_MS)
#define LOOK_FOR_NS (30 * RD_NS_PER_S)
/* Where candidates are not to cover the line that is written. */
#define LINE_PX 24

/* What else of this turn SDL has told. */
struct turn {
	struct window *w;
	unsigned texts;		/* all, … */
	unsigned composed;	/* … and those behind the last key, beside its own */
	unsigned ends;		/* presses that may have ended a composition */
	bool composing;
	bool pressed;		/* X's event of a press came, and SDL's may come next */
	bool types;
	unsigned skip, send;	/* for the second look */
};

static void
note_key(struct turn *t, const SDL_Event *e)
{
	struct window_x11_key key;
	if (!window_x11_key(e->syswm.msg, &key))
		return;
	t->composed = 0;
	/* No event of SDL's came for the one before. */
	t->composing |= t->pressed;
	t->pressed = key.down && !rd_keysym_is_modifier(key.name);
	t->types = key.types;
}

static void
note_press(struct turn *t)
{
	t->composed = 0;
	t->ends += t->pressed && t->composing;
	t->composing &= !t->pressed;
	t->pressed = false;
}

static int SDLCALL
note(void *ctx, SDL_Event *e)
{
	struct turn *t = ctx;
	if (e->type == SDL_SYSWMEVENT) {
		note_key(t, e);
	} else if (e->type == SDL_KEYDOWN) {
		note_press(t);
	} else if (e->type == SDL_TEXTINPUT) {
		t->texts++;
		t->composed += !t->types;
		t->types = false;
	}
	return 1;
}

static int SDLCALL
send(void *ctx, SDL_Event *e)
{
	struct turn *t = ctx;
	if (e->type != SDL_TEXTINPUT || t->skip > 0 || t->send == 0) {
		t->skip -= e->type == SDL_TEXTINPUT && t->skip > 0;
		return 1;
	}
	t->send--;
	forward_text(&t->w->forward, e->text.text);
	return 0;
}

/*
 * The last texts are of the last keys that may have ended a composition: those that are
 * more than the keys after this one are this one's.
 */
void
window_method_before(struct window *w)
{
	struct turn t = {.w = w};
	if (!w->method_used)
		return;
	SDL_FilterEvents(note, &t);
	if (t.composed <= t.ends)
		return;
	t.skip = t.texts - t.composed;
	t.send = t.composed - t.ends;
	SDL_FilterEvents(send, &t);
}

void
window_method_took(struct window *w)
{
	const SDL_Rect line = {w->line_x, w->line_y - LINE_PX / 2, 1, LINE_PX};
	w->method_used = true;
	w->method_until_ns = rd_clock_ns() + LOOK_FOR_NS;
	rd_timer_set(&w->pump, LOOK_NS);
	if (w->line_known)
		SDL_SetTextInputRect(&line);
	w->line_known = false;
}

void
window_method_line(struct window *w, int x, int y)
{
	w->line_x = x;
	w->line_y = y;
	w->line_known = true;
}

bool
window_method_looks(struct window *w, uint64_t still_ns)
{
	uint64_t now = rd_clock_ns();
	if (now >= w->method_until_ns)
		return false;
	if (w->method_until_ns < now + still_ns)
		w->method_until_ns = now + still_ns;
	rd_timer_set(&w->pump, LOOK_NS);
	return true;
}
