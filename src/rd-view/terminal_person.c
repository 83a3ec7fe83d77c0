#include <linux/input-event-codes.h>
#include <string.h>

#include "media/input.h"
#include "rd-view/terminal.h"
#include "rd-view/terminal_keys.h"

#define CTRL_BRACKET ']'

static bool
is_ctrl(const struct terminal_event *e, uint32_t key)
{
	unsigned held = e->mods & (TERMINAL_SHIFT | TERMINAL_ALT | TERMINAL_CTRL | TERMINAL_SUPER);
	return (e->key == key || e->base == key) && held == TERMINAL_CTRL;
}

static bool
is_modifier(const struct terminal_event *e)
{
	return (e->key >= TERMINAL_LEFT_SHIFT && e->key <= TERMINAL_ISO_LEVEL5) ||
		(e->key >= TERMINAL_CAPS_LOCK_KEY && e->key <= TERMINAL_NUM_LOCK_KEY);
}

/*
 * Keys that a terminal only says were struck: what was held with them goes
 * down before and up after.
 */
static void
strike(struct terminal *t, const struct terminal_event *e)
{
	static const struct { unsigned mod; uint16_t code; uint32_t keysym; } held[] = {
		{TERMINAL_CTRL, KEY_LEFTCTRL, 0xffe3}, {TERMINAL_ALT, KEY_LEFTALT, 0xffe9},
		{TERMINAL_SUPER, KEY_LEFTMETA, 0xffeb}, {TERMINAL_SHIFT, KEY_LEFTSHIFT, 0xffe1},
	};
	uint32_t keysym = terminal_keys_meaning(e);
	/* A character says by itself what Shift would; its key is the host's to find. */
	uint16_t code = e->typed ? 0 : terminal_keys_code(e);
	unsigned mods = e->mods & (e->key < 0xe000 && e->key > 0x20 && e->key != TERMINAL_BACKSPACE
		? ~(unsigned)TERMINAL_SHIFT : ~0u);
	if (!keysym)
		return;
	for (int i = 0; i < 4; i++)
		if (mods & held[i].mod)
			forward_key(&t->forward, held[i].code, held[i].keysym, true);
	forward_key(&t->forward, code, keysym, true);
	forward_key(&t->forward, code, 0, false);
	for (int i = 3; i >= 0; i--)
		if (mods & held[i].mod)
			forward_key(&t->forward, held[i].code, 0, false);
}

static void
forward_event(struct terminal *t, const struct terminal_event *e)
{
	uint16_t code = terminal_keys_code(e);
	/* In kitty's protocol the arrows keep their old form, and a press is not named. */
	bool pressed = e->action == TERMINAL_PRESSED ||
		(e->action == TERMINAL_STRUCK && t->can.keyboard && e->key >= TERMINAL_INSERT);
	if (e->action == TERMINAL_STRUCK && !pressed)
		strike(t, e);
	else if (e->action == TERMINAL_RELEASED && code)
		forward_key(&t->forward, code, 0, false);
	else if (!code && e->action != TERMINAL_RELEASED)
		strike(t, e);
	else if (pressed)
		forward_key(&t->forward, code, terminal_keys_meaning(e), true);
	/* The host repeats keys that stay down by itself. */
}

/* Ctrl-] and a key: ours. */
static void
take_command(struct terminal *t, const struct terminal_event *e)
{
	t->command = false;
	if (is_ctrl(e, CTRL_BRACKET)) {
		struct terminal_event self = *e;
		self.action = TERMINAL_STRUCK;
		if (t->controls)
			strike(t, &self);
		return;
	}
	switch (e->key) {
	case 'q':
		terminal_quit(t);
		break;
	case 'r':
		t->cfg.host->refresh(t->cfg.ctx);
		/* Here, too: something else may have written on the screen. */
		t->clear = true;
		t->painter.ops->fit(&t->painter);
		t->dirty = (struct rd_rect){0, 0, t->scaled.width, t->scaled.height};
		break;
	case 's':
		t->figures = !t->figures;
		break;
	case 'z':
		terminal_suspend(t);
		break;
	default:
		break;
	}
}

/* Keys where nothing is controlled. */
static void
take_idle(struct terminal *t, const struct terminal_event *e)
{
	bool leaves = e->key == 'q' || is_ctrl(e, 'c') ||
		(t->holding && (e->key == TERMINAL_ESCAPE || e->key == TERMINAL_ENTER));
	if (leaves)
		terminal_quit(t);
	else if (e->key == ' ' && !t->holding)
		t->stopped = t->cfg.host->pause(t->cfg.ctx);
}

static void
on_key(struct terminal *t, const struct terminal_event *e)
{
	bool released = e->action == TERMINAL_RELEASED, again = e->action == TERMINAL_REPEATED;
	if (released || is_modifier(e)) {
		if (t->controls && !t->command)
			forward_event(t, e);
	} else if (t->command) {
		if (!again)
			take_command(t, e);
	} else if (is_ctrl(e, CTRL_BRACKET)) {
		t->command = true;
		/* The Ctrl is down over there, and its up will not go there. */
		forward_release_all(&t->forward);
	} else if (t->controls) {
		forward_event(t, e);
	} else if (!again) {
		take_idle(t, e);
	}
}

static void
on_mouse(struct terminal *t, const struct terminal_event *e)
{
	int x = e->x, y = e->y;
	const struct terminal_place *p = &t->painter.place;
	bool pixels = t->can.pixel_mouse && t->can.cell_w && t->can.cell_h;
	if (!t->controls || !p->im_width)
		return;
	bool on = terminal_place_to_picture(p, pixels ? p->cell_w : 1, pixels ? p->cell_h : 1, &x, &y);
	if (!on && !t->forward.buttons)
		return;
	forward_pointer(&t->forward, x, y);
	if (e->wheel_x || e->wheel_y)
		forward_wheel(&t->forward, e->wheel_x * RD_NOTCH, e->wheel_y * RD_NOTCH);
	else if (e->button >= 0)
		forward_button(&t->forward, e->button, e->down);
}

static void
on_paste(struct terminal *t, const struct terminal_event *e)
{
	char text[RD_INPUT_TEXT_MAX];
	if (!t->controls || e->text_len >= sizeof(text))
		return;
	memcpy(text, e->text, e->text_len);
	text[e->text_len] = '\0';
	forward_text(&t->forward, text);
}

void
terminal_person(struct terminal *t, const struct terminal_event *e)
{
	switch (e->kind) {
	case TERMINAL_KEY:
		on_key(t, e);
		break;
	case TERMINAL_MOUSE:
		on_mouse(t, e);
		break;
	case TERMINAL_PASTE:
		on_paste(t, e);
		break;
	case TERMINAL_FOCUS:
		if (!e->focused)
			forward_release_all(&t->forward);
		break;
	case TERMINAL_ANSWER:
		break;
	}
}
