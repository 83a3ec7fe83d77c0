#include "rd-view/window.h"

/* Ctrl-Alt-Shift and a letter or digit: what a person says to the window itself. */

static bool
is_chord(const SDL_Keysym *key)
{
	return key->mod & KMOD_CTRL && key->mod & KMOD_ALT && key->mod & KMOD_SHIFT;
}

/* The letter or digit of a key, by layout where that has Latin ones, else by place. */
static int
letter(const SDL_Keysym *key)
{
	if ((key->sym >= SDLK_a && key->sym <= SDLK_z) || (key->sym >= SDLK_0 && key->sym <= SDLK_9))
		return key->sym;
	if (key->scancode >= SDL_SCANCODE_A && key->scancode <= SDL_SCANCODE_Z)
		return 'a' + (key->scancode - SDL_SCANCODE_A);
	if (key->scancode >= SDL_SCANCODE_1 && key->scancode <= SDL_SCANCODE_0)
		return '0' + (key->scancode - SDL_SCANCODE_1 + 1) % 10;
	return 0;
}

/* False: it is none of ours. */
static bool
take(struct window *w, int key)
{
	switch (key) {
	case 'g':
		window_grab(w, !w->grabbed);
		break;
	case 'f':
		window_fullscreen(w, !w->fullscreen);
		break;
	case 's':
		window_overlay_stats(window_front(w), !window_front(w)->stats_on);
		break;
	case 'k':
		if (w->controls)
			window_keyboard(w, !w->keyboard);
		break;
	case 'm':
		window_relative(w, !w->relative);
		break;
	case 'r':
		w->cfg.host->refresh(w->cfg.ctx);
		break;
	case 'q':
		w->cfg.host->quit(w->cfg.ctx);
		break;
	case 'w':
		w->cfg.host->choose(w->cfg.ctx, "each");
		break;
	case '0':
		w->cfg.host->choose(w->cfg.ctx, "all");
		break;
	default:
		if (key < '1' || key > '9')
			return false;
		w->cfg.host->choose(w->cfg.ctx, (char[]){(char)key, '\0'});
	}
	/* The three modifiers are down over there, and their ups may not come here. */
	forward_release_all(&w->forward);
	return true;
}

bool
window_chord(struct window *w, const SDL_Keysym *key, bool repeated)
{
	int which = is_chord(key) ? letter(key) : 0;
	return which && (repeated || take(w, which));
}
