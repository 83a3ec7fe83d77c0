#ifndef RD_VIEW_KEYS_H
#define RD_VIEW_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include <SDL.h>

/* Linux's number of a key (KEY_A is 30), 0 for one that Linux does not name. */
uint16_t keys_code(SDL_Scancode s);

/*
 * What a pressed key means, as an X11 keysym: the character it gave (`text`,
 * what SDL says it typed, or NULL), or its symbol where Control, Alt or Super
 * is held, or the name of a key that has no character. False: it means
 * nothing by itself, because an input method took it or because it typed
 * several characters; these come as text.
 */
bool keys_meaning(SDL_Window *w, const SDL_Keysym *key, const char *text, uint32_t *keysym);

#endif
