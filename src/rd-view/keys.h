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
 * is held, or the name of a key that has no character. `name` is what the
 * window system calls it, as if those three were not held; 0: not known.
 * False: it means nothing by itself, because an input method took it or
 * because it typed several characters; these come as text.
 */
bool keys_meaning(const SDL_Keysym *key, uint32_t name, const char *text, uint32_t *keysym);
/* Whether a key that goes down now is one of a shortcut, and no text. */
bool keys_is_command(const SDL_Keysym *key);

#endif
