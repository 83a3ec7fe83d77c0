#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "media/input.h"
#include "media/keyname.h"

#define KEYSYM_F1 0xffbe
#define F_KEYS 35
#define NAME_MAX_LEN 32

/* X11's keysymdef.h; names without '_' and in small letters. */
static const struct {
	const char *name;
	uint32_t keysym;
} names[] = {
	{"return", 0xff0d}, {"enter", 0xff0d}, {"tab", 0xff09}, {"escape", 0xff1b}, {"esc", 0xff1b},
	{"backspace", 0xff08}, {"delete", 0xffff}, {"del", 0xffff}, {"insert", 0xff63},
	{"ins", 0xff63}, {"home", 0xff50}, {"end", 0xff57}, {"pageup", 0xff55}, {"prior", 0xff55},
	{"pgup", 0xff55}, {"pagedown", 0xff56}, {"next", 0xff56}, {"pgdn", 0xff56},
	{"left", 0xff51}, {"up", 0xff52}, {"right", 0xff53}, {"down", 0xff54}, {"space", 0x20},
	{"print", 0xff61}, {"sysrq", 0xff15}, {"pause", 0xff13}, {"break", 0xff6b},
	{"menu", 0xff67}, {"help", 0xff6a}, {"undo", 0xff65}, {"redo", 0xff66}, {"find", 0xff68},
	{"capslock", 0xffe5}, {"numlock", 0xff7f}, {"scrolllock", 0xff14},
	{"shift", 0xffe1}, {"shiftl", 0xffe1}, {"shiftr", 0xffe2}, {"ctrl", 0xffe3},
	{"control", 0xffe3}, {"controll", 0xffe3}, {"controlr", 0xffe4}, {"alt", 0xffe9},
	{"altl", 0xffe9}, {"altr", 0xffea}, {"altgr", 0xfe03}, {"isolevel3shift", 0xfe03},
	{"super", 0xffeb}, {"superl", 0xffeb}, {"superr", 0xffec}, {"win", 0xffeb},
	{"windows", 0xffeb}, {"cmd", 0xffeb}, {"meta", 0xffe7}, {"hyper", 0xffed},
	{"multikey", 0xff20}, {"compose", 0xff20},
	{"plus", '+'}, {"minus", '-'}, {"comma", ','}, {"period", '.'}, {"slash", '/'},
	{"backslash", '\\'}, {"semicolon", ';'}, {"colon", ':'}, {"equal", '='}, {"apostrophe", '\''},
	{"grave", '`'}, {"underscore", '_'}, {"asterisk", '*'}, {"at", '@'}, {"less", '<'},
	{"greater", '>'}, {"question", '?'}, {"exclam", '!'}, {"percent", '%'}, {"ampersand", '&'},
	{"kpenter", 0xff8d}, {"kpadd", 0xffab}, {"kpsubtract", 0xffad}, {"kpmultiply", 0xffaa},
	{"kpdivide", 0xffaf}, {"kpdecimal", 0xffae}, {"kp0", 0xffb0}, {"kp1", 0xffb1},
	{"kp2", 0xffb2}, {"kp3", 0xffb3}, {"kp4", 0xffb4}, {"kp5", 0xffb5}, {"kp6", 0xffb6},
	{"kp7", 0xffb7}, {"kp8", 0xffb8}, {"kp9", 0xffb9},
	{"xf86audioraisevolume", 0x1008ff13}, {"volumeup", 0x1008ff13},
	{"xf86audiolowervolume", 0x1008ff11}, {"volumedown", 0x1008ff11},
	{"xf86audiomute", 0x1008ff12}, {"mute", 0x1008ff12}, {"xf86audioplay", 0x1008ff14},
	{"xf86audionext", 0x1008ff17}, {"xf86audioprev", 0x1008ff16}, {"xf86back", 0x1008ff26},
	{"xf86forward", 0x1008ff27},
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

/* The code point if `text` is one character of UTF-8, else 0. */
static uint32_t
single(const char *text)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *p = (const uint8_t *)text;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3
		: p[0] < 0xf5 ? 4 : 0;
	if (n == 0 || strlen(text) != n)
		return 0;
	uint32_t cp = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (p[i] & 0x3fu);
	}
	return cp >= least[n] ? cp : 0;
}

static bool
fold(char out[NAME_MAX_LEN], const char *name)
{
	size_t n = 0;
	for (; *name; name++) {
		if (*name == '_')
			continue;
		if (n == NAME_MAX_LEN - 1)
			return false;
		out[n++] = (char)tolower((unsigned char)*name);
	}
	out[n] = 0;
	return true;
}

/* "0xff0d", "U+20AC", "f5": 0 for neither. */
static uint32_t
numbered(const char *name)
{
	char *end;
	bool hex = name[0] == '0' && name[1] == 'x', unicode = name[0] == 'u' && name[1] == '+';
	if ((hex || unicode) && isxdigit((unsigned char)name[2])) {
		unsigned long v = strtoul(name + 2, &end, 16);
		if (*end || v > 0x1fffffff)
			return 0;
		return hex ? (uint32_t)v : rd_keysym_of_unicode((uint32_t)v);
	}
	if (name[0] != 'f' || !isdigit((unsigned char)name[1]) || strlen(name) > 3)
		return 0;
	unsigned long f = strtoul(name + 1, &end, 10);
	return *end == 0 && f >= 1 && f <= F_KEYS ? (uint32_t)(KEYSYM_F1 + f - 1) : 0;
}

uint32_t
rd_keysym_named(const char *name)
{
	char folded[NAME_MAX_LEN];
	uint32_t cp = single(name);
	if (cp)
		return rd_keysym_of_unicode(cp);
	if (!fold(folded, name))
		return 0;
	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(names[i].name, folded) == 0)
			return names[i].keysym;
	return numbered(folded);
}

static const char *
likely(const char *name)
{
	const char *all[NAMES];
	char folded[NAME_MAX_LEN];
	for (size_t i = 0; i < NAMES; i++)
		all[i] = names[i].name;
	return fold(folded, name) ? rd_nearest(folded, all, NAMES) : NULL;
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
