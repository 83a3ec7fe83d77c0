#ifndef RD_MEDIA_KEYNAME_H
#define RD_MEDIA_KEYNAME_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Keys as people write them: "Return", "ctrl+shift+t", "F5", "super", "ctrl++",
 * "é", "U+20AC", "0xff0d" (an X11 keysym). Names are those of X11, all that
 * libxkbcommon knows, and what is printed on keyboards, whatever their case.
 */
#define RD_CHORD_MODS 6

struct rd_chord {
	int mods;
	/* Held around the key, the first pressed first. */
	struct { uint16_t code; uint32_t keysym; } mod[RD_CHORD_MODS];
	uint32_t keysym;	/* of the key; 0: modifiers alone */
};

/* X11's keysym of a name or a character, or 0. */
uint32_t rd_keysym_named(const char *name);
/*
 * 0, or -EINVAL with *bad the part that is no key, which the caller frees, and
 * *nearest the name that may have been meant, or NULL.
 */
int rd_chord_parse(struct rd_chord *c, const char *text, char **bad, const char **nearest);
/* Only modifiers, as held while clicking; the same. */
int rd_chord_parse_mods(struct rd_chord *c, const char *text, char **bad, const char **nearest);

#endif
