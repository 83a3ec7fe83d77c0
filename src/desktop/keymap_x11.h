#ifndef RD_DESKTOP_KEYMAP_X11_H
#define RD_DESKTOP_KEYMAP_X11_H

#include <stdbool.h>
#include <stdint.h>

#include "desktop/keeper.h"
#include "desktop/keymap.h"
#include "desktop/x11.h"

/*
 * The keymap of an X server as it is, and the modifiers as they are. It is the
 * keymap of the device that XTEST types on: as soon as that types, the
 * keyboard programs see takes it over from there. Owns all events that come on
 * the connection.
 */
struct rd_keymap_x11;

/* Borrows x. -ENOTSUP and *why without XKB; -EPIPE when the server went away. */
int rd_keymap_x11_open(struct rd_keymap_x11 **out, struct rd_x11 *x, char **why);
void rd_keymap_x11_close(struct rd_keymap_x11 *k);

/* Takes what the server sent. */
void rd_keymap_x11_drain(struct rd_keymap_x11 *k);
/*
 * Asks for the state, in one round trip after which everything that was sent
 * before has been done, and loads the keymap if it changed. `st->ours` stays
 * the caller's to fill. 0 or -EPIPE.
 */
int rd_keymap_x11_sync(struct rd_keymap_x11 *k, struct rd_keystate *st);
/*
 * Caps Lock and such become as wanted, as far as this keyboard has them, and the
 * modifiers are asked for as by a sync. 0 or -EPIPE.
 */
int rd_keymap_x11_set_locks(struct rd_keymap_x11 *k, const struct rd_locks *want);
/* How they are, as far as what was drained tells; what is changed for one key does not count. */
struct rd_locks rd_keymap_x11_locks(const struct rd_keymap_x11 *k);
/* As of the last sync. The count changes whenever the keymap does. */
struct rd_keymap *rd_keymap_x11_map(const struct rd_keymap_x11 *k);
unsigned rd_keymap_x11_count(const struct rd_keymap_x11 *k);

/* Changes what is locked, and the layout, to those of a plan, which the keeper is told … */
void rd_keymap_x11_lock(struct rd_keymap_x11 *k, const struct rd_keyplan *plan,
	struct rd_keeper *keeper);
/* … and back to what they were at the last sync, if they were changed. */
void rd_keymap_x11_unlock(struct rd_keymap_x11 *k, struct rd_keeper *keeper);

/* Gives a key one keysym at all levels; 0: none. */
void rd_keymap_x11_bind(struct rd_keymap_x11 *k, uint8_t keycode, uint32_t keysym);

#endif
