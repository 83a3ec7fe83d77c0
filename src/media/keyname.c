#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <xkbcommon/xkbcommon.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "media/input.h"
#include "media/keyname.h"

#define KEYSYM_MAX 0x1fffffff	/* X's protocol has no larger ones */

/*
 * What is printed on keyboards and X11 calls otherwise, and X11's names that are
 * most often meant. All others are libxkbcommon's to know.
 */
static const struct {
	const char *name;
	uint32_t keysym;
} names[] = {
	{"return", 0xff0d}, {"enter", 0xff0d}, {"tab", 0xff09}, {"escape", 0xff1b}, {"esc", 0xff1b},
	{"backspace", 0xff08}, {"delete", 0xffff}, {"del", 0xffff}, {"insert", 0xff63},
	{"ins", 0xff63}, {"home", 0xff50}, {"end", 0xff57}, {"page_up", 0xff55}, {"pageup", 0xff55},
	{"pgup", 0xff55}, {"page_down", 0xff56}, {"pagedown", 0xff56}, {"pgdn", 0xff56},
	{"left", 0xff51}, {"up", 0xff52}, {"right", 0xff53}, {"down", 0xff54}, {"space", 0x20},
	{"print", 0xff61}, {"sysrq", 0xff15}, {"pause", 0xff13}, {"menu", 0xff67},
	{"capslock", 0xffe5}, {"numlock", 0xff7f}, {"scrolllock", 0xff14}, {"shift", 0xffe1},
	{"ctrl", 0xffe3}, {"control", 0xffe3}, {"alt", 0xffe9}, {"altgr", 0xfe03}, {"super", 0xffeb},
	{"win", 0xffeb}, {"windows", 0xffeb}, {"cmd", 0xffeb}, {"meta", 0xffe7}, {"hyper", 0xffed},
	{"compose", 0xff20}, {"volumeup", 0x1008ff13}, {"volumedown", 0x1008ff11}, {"mute", 0x1008ff12},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* Those that are held: with their keys, as Linux numbers them. */
static const struct {
	uint32_t keysym;
	uint16_t code;
} modifiers[] = {
	{0xffe1, 42}, {0xffe2, 54}, {0xffe3, 29}, {0xffe4, 97}, {0xffe9, 56}, {0xffea, 100},
	{0xfe03, 100}, {0xffeb, 125}, {0xffec, 126}, {0xffe7, 56},
};

/* "U+20AC", or 0. */
static uint32_t
by_code_point(const char *name)
{
	char *end;
	if (strncasecmp(name, "U+", 2) != 0 || !isxdigit((unsigned char)name[2]))
		return 0;
	unsigned long v = strtoul(name + 2, &end, 16);
	return *end == 0 && v <= 0x10ffff ? rd_keysym_of_unicode((uint32_t)v) : 0;
}

uint32_t
rd_keysym_named(const char *name)
{
	uint32_t point = rd_utf8_single(name), keysym = by_code_point(name);
	if (point)
		return rd_keysym_of_unicode(point);
	if (keysym)
		return keysym;
	for (size_t i = 0; i < NAMES; i++)
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].keysym;
	keysym = xkb_keysym_from_name(name, XKB_KEYSYM_CASE_INSENSITIVE);
	return keysym <= KEYSYM_MAX ? keysym : 0;
}

static const char *
likely(const char *name)
{
	const char *all[NAMES];
	for (size_t i = 0; i < NAMES; i++)
		all[i] = names[i].name;
	return rd_nearest(name, all, NAMES);
}

static bool
add_modifier(struct rd_chord *c, uint32_t keysym)
{
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
		if (modifiers[i].keysym != keysym || c->mods == RD_CHORD_MODS)
			continue;
		c->mod[c->mods].code = modifiers[i].code;
		c->mod[c->mods++].keysym = keysym;
		return true;
	}
	return false;
}

/* Up to the next '+', or all that is left; a '+' at the end is a key. */
static char *
next_part(const char **text)
{
	size_t n = strcspn(*text, "+");
	if (n == 0 && **text)
		n = 1;
	/* "U+20AC" is one. */
	if (n == 1 && tolower((unsigned char)**text) == 'u' && (*text)[1] == '+' &&
			strspn(*text + 2, "0123456789abcdefABCDEF") >= 4)
		n += 1 + strspn(*text + 2, "0123456789abcdefABCDEF");
	char *part = xasprintf("%.*s", (int)n, *text);
	*text += n;
	if (**text == '+' && (*text)[1])
		(*text)++;
	return part;
}

static int
parse(struct rd_chord *c, const char *text, bool only_mods, char **bad, const char **nearest)
{
	*c = (struct rd_chord){0};
	for (;;) {
		char *part = next_part(&text);
		uint32_t keysym = rd_keysym_named(part);
		bool last = !*text;
		bool ok = keysym && (last && !only_mods ? true : add_modifier(c, keysym));
		if (!ok) {
			*nearest = keysym ? NULL : likely(part);
			*bad = part;
			return -EINVAL;
		}
		free(part);
		if (!last)
			continue;
		c->keysym = only_mods ? 0 : keysym;
		return 0;
	}
}

int
rd_chord_parse(struct rd_chord *c, const char *text, char **bad, const char **nearest)
{
	return parse(c, text, false, bad, nearest);
}

int
rd_chord_parse_mods(struct rd_chord *c, const char *text, char **bad, const char **nearest)
{
	return parse(c, text, true, bad, nearest);
}
