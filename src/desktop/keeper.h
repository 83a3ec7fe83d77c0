#ifndef RD_DESKTOP_KEEPER_H
#define RD_DESKTOP_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "desktop/heir.h"

/*
 * A key that XTEST pressed stays down when the client that pressed it dies,
 * a keysym that it bound stays bound, and what is locked for a key stays so; the
 * server takes back none of them. The keeper does it for us if we could not (heir.h);
 * what is held stands in memory that both share.
 */
enum rd_keeper_kind { RD_KEEPER_KEY, RD_KEEPER_BUTTON, RD_KEEPER_BOUND, RD_KEEPER_KINDS };

struct rd_keeper_book {
	bool held[RD_KEEPER_KINDS][256];	/* by X's keycode or button */
	/* as it was before, while it is another */
	struct { bool changed; uint8_t mods, group; } locked;
};

/* Zeroed memory is a closed one, which may be told everything and does nothing. */
struct rd_keeper {
	struct rd_keeper_book *book;	/* shared; never less than the server has */
	struct rd_keeper_book now;	/* as of our last request */
	bool behind;			/* the book has more than now */
	const char *display;
	struct rd_heir heir;
};

/* 0 or a negative errno. `display` is borrowed and outlives the keeper. */
int rd_keeper_open(struct rd_keeper *k, const char *display);
/* Before the request that does it is sent. */
void rd_keeper_note(struct rd_keeper *k, enum rd_keeper_kind kind, uint8_t detail, bool held);
/* Likewise what is locked, and the layout, and how that was before; or that it is so again. */
void rd_keeper_lock(struct rd_keeper *k, uint8_t mods, uint8_t group);
void rd_keeper_unlock(struct rd_keeper *k);
/* The server has done all that was noted. */
void rd_keeper_settle(struct rd_keeper *k);
/* The server has been told all there is, or is gone. */
void rd_keeper_close(struct rd_keeper *k);

#endif
