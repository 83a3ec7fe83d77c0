#ifndef RD_DESKTOP_TARGETS_H
#define RD_DESKTOP_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg_clipboard.h"

/*
 * What X calls the kinds of content: several targets may mean one kind, and the
 * first that a program has is the one to ask for. Pure: atoms are numbers here.
 *
 * Other targets are not shared: each name would be an atom in the other side's
 * server for ever, and what they mean ends with the program (or the machine)
 * that made them.
 */
enum rd_target_how {
	RD_TARGET_BYTES,	/* the kind's bytes as they are */
	RD_TARGET_LATIN1,	/* text in ISO 8859-1 (STRING of ICCCM) */
	RD_TARGET_SECRET,	/* no content: a password is among the kinds (KDE's hint) */
};

struct rd_target {
	const char *name;	/* of the atom */
	const char *kind;	/* NULL: of RD_TARGET_SECRET */
	enum rd_target_how how;
};

#define RD_TARGETS 9
extern const struct rd_target rd_targets[RD_TARGETS];
/* A list of targets longer than that is cut off. */
#define RD_TARGETS_MAX 256

/*
 * Adds to o->kind what a property TARGETS (format 32: `count` atoms) names, each
 * kind once, and RD_CLIP_SECRET; atoms[i] is that of rd_targets[i].
 */
void rd_targets_parse(struct rd_clip_offer *o, const uint32_t *list, size_t count,
	const uint32_t atoms[static RD_TARGETS]);
/* The place in rd_targets of the target to ask for, of those in the list; -1: none. */
int rd_targets_best(const char *kind, const uint32_t *list, size_t count,
	const uint32_t atoms[static RD_TARGETS]);
/* The same of an atom; -1: none of ours. */
int rd_targets_find(uint32_t atom, const uint32_t atoms[static RD_TARGETS]);

/*
 * The mark on the window of a program of ours that owns a selection for somebody
 * far away: format 32, {origin's low half, high half, hops, flags}. False: it is none.
 */
#define RD_MARK_WORDS 4
void rd_mark_pack(uint32_t words[static RD_MARK_WORDS], const struct rd_clip_offer *o);
bool rd_mark_parse(struct rd_clip_offer *o, const uint32_t *words, size_t count);
/*
 * What a program here has copied is the same to whoever looks at this display:
 * display is its number of 64 random bits.
 */
uint64_t rd_origin(uint64_t display, uint32_t window, uint32_t since, uint32_t when);

/* Appends text in ISO 8859-1 as UTF-8, and the other way round: what is not in it becomes '?'. */
void rd_latin1_to_utf8(struct rd_buf *b, const uint8_t *text, size_t len);
size_t rd_utf8_to_latin1(uint8_t *out, const uint8_t *text, size_t len);

#endif
