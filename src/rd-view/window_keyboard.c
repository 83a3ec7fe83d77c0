#include <string.h>

#include "media/input.h"
#include "rd-view/keys.h"
#include "rd-view/window.h"

/*
 * What a key that is pressed becomes, in the two ways of meaning it. Text: its
 * character, wherever that is on the other keyboard; dead keys, Compose and
 * input methods do here what they do, and what comes of it is sent. Physical:
 * the key, which says nothing of itself: all else is the other side's.
 */

enum told *
window_keyboard_told(struct window *w, uint16_t code)
{
	/* Beyond a byte X has no keys: that one is nobody's. */
	return &w->told[code < SDL_arraysize(w->told) ? code : 0];
}

void
window_keyboard_composed(struct window *w)
{
	memset(w->told, 0, sizeof(w->told));
}

void
window_keyboard(struct window *w, int keyboard)
{
	static const char *const words[] = {
		[KEYBOARD_TEXT] = "Keyboard: text\nWhat is typed here arrives there, whatever the layouts.",
		[KEYBOARD_PHYSICAL] = "Keyboard: physical\n"
			"The key itself is pressed there; the layout there says what it is.",
	};
	bool other = keyboard != w->keyboard;
	/* Whatever is down was meant the other way. */
	forward_release_all(&w->forward);
	w->keyboard = keyboard;
	window_keyboard_composed(w);
	if (keyboard == KEYBOARD_TEXT)
		SDL_StartTextInput();
	else
		SDL_StopTextInput();
	if (other)
		window_overlay_notice(window_front(w), words[keyboard]);
}

/*
 * Over there they would be tapped alone, which opens menus. Shift and Control do
 * nothing alone, and may be meant for a click.
 */
bool
window_keyboard_elsewhere(const struct window *w, SDL_Scancode s)
{
	return w->elsewhere && !w->native.code && (s == SDL_SCANCODE_LALT || s == SDL_SCANCODE_LGUI ||
		s == SDL_SCANCODE_RGUI);
}

/* Pressed as text. `name` is the window system's, 0: not known. */
static void
press_text(struct window *w, const SDL_Keysym *key, uint16_t code, uint32_t name, const char *text)
{
	uint32_t keysym;
	if (code && keys_meaning(key, name, text, &keysym))
		forward_key(&w->forward, code, keysym, true);
	else if (text)
		forward_text(&w->forward, text);
}

/*
 * An input method has the key: a dead key, one of a Compose sequence, or each
 * and every key. It may give it back, or text in its place. Modifiers and
 * shortcuts it has no use for.
 */
static void
press_taken(struct window *w, const SDL_Keysym *key, uint16_t code, const char *text)
{
	uint32_t name = window_x11_name_now(window_front(w)->sdl, code);
	if (rd_keysym_is_modifier(name) || keys_is_command(key))
		press_text(w, key, code, name, text);
	else
		*window_keyboard_told(w, code) = TOLD_TAKEN;
}

void
window_keyboard_press(struct window *w, const SDL_Keysym *key, uint16_t code, const char *text)
{
	if (w->keyboard == KEYBOARD_PHYSICAL) {
		if (code)
			forward_key(&w->forward, code, 0, true);
	} else if (w->native.code) {
		press_text(w, key, code, w->native.name, text);
	} else if (window_x11_is(window_front(w)->sdl)) {
		press_taken(w, key, code, text);
	} else {
		press_text(w, key, code, 0, text);
	}
}

void
window_keyboard_returned(struct window *w, const char *text)
{
	const SDL_Keysym key = {.mod = (Uint16)SDL_GetModState()};
	uint16_t code = w->native.code;
	press_text(w, &key, code, w->native.name, text);
	/* Its release was told when the input method took that. */
	forward_key(&w->forward, code, 0, false);
}
