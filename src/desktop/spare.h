#ifndef RD_DESKTOP_SPARE_H
#define RD_DESKTOP_SPARE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Keys without a meaning, to be given one for characters the keymap lacks. A
 * program looks a key up when it reads the event, not when the key was
 * pressed, so a key keeps its meaning for RD_SPARE_KEEP_NS after its last use
 * and as long beyond as possible: the one used longest ago changes first.
 * And it may read the keymap only some time after it was told that it changed,
 * and take a key for what it was before until then: so a key is not pressed
 * within RD_SPARE_READ_NS of the change. (Chromium on a loaded machine lost one
 * of six after 10 ms, none after 20.)
 * Pure: time is handed in, and the binding itself is the caller's.
 */
#define RD_SPARE_KEEP_NS (UINT64_C(500) * 1000 * 1000)
#define RD_SPARE_READ_NS (UINT64_C(50) * 1000 * 1000)

struct rd_spare {
	uint8_t keycode;
	uint32_t keysym;	/* what it gives now; 0: nothing */
	uint64_t used_ns;
	uint64_t given_ns;	/* programs know of it since; 0: always, UINT64_MAX: not yet */
	bool bound;		/* by us, to be undone */
};

struct rd_spares {
	struct rd_spare key[256];
	int count;
};

/*
 * A new keymap: `keysym[k]` is what spare key k gives now, for every k where
 * `is_spare[k]`. Times are kept; a keysym that one did not have is new to programs.
 */
void rd_spares_set(struct rd_spares *s, const bool is_spare[static 256],
	const uint32_t keysym[static 256], uint64_t now_ns);
/*
 * The key for a keysym: the one that has it, or one to be bound to it (then
 * its keysym is another). Keys that are down (down[k] > 0) keep theirs.
 * NULL: there is none; *ready_ns says when there will be (UINT64_MAX: never
 * while so many are down, or without any).
 */
struct rd_spare *rd_spares_find(struct rd_spares *s, uint32_t keysym,
	const uint16_t down[static 256], uint64_t now_ns, uint64_t *ready_ns);
/* The caller binds the key to the keysym, and will say when programs know of it … */
void rd_spares_give(struct rd_spare *key, uint32_t keysym, uint64_t now_ns);
/* … namely now, of all that were given. */
void rd_spares_told(struct rd_spares *s, uint64_t now_ns);
/* When they will have read what it gives. */
uint64_t rd_spares_read_ns(const struct rd_spare *key);
/* The key is used now; unknown keycodes are none of ours. */
void rd_spares_use(struct rd_spares *s, uint8_t keycode, uint64_t now_ns);
/* Whether it is one of them, and gives a keysym now. */
bool rd_spares_has(const struct rd_spares *s, uint8_t keycode);
/* When all that were bound may be undone. */
uint64_t rd_spares_done_ns(const struct rd_spares *s);

#endif
