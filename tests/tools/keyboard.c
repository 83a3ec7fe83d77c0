/*
 * A keyboard with a layout, and the person at it:
 *
 *	keyboard keys LAYOUT SET [OTHER…]	what is pressed to type all of SET
 *	keyboard text LAYOUT	what a program with Xlib's input method gets of that
 *	keyboard press		presses it on $DISPLAY, by XTEST
 *
 * SET is plain, shift, altgr or both: every printable key with these held, and a
 * space where that leaves a dead key waiting; or dead: each dead key before
 * letters, a space and itself. Nothing is in it that one of the OTHER layouts
 * would take for half of a composition and drop.
 *
 * Keys pass between the three as words, +50 down and -50 up, by X's keycodes, a
 * line for each that is typed; `text` answers a line for a line.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xcb/xcb.h>
#include <xcb/xtest.h>
#include <xkbcommon/xkbcommon-compose.h>
#include <xkbcommon/xkbcommon.h>

#define SHIFT 50
#define ALTGR 108
#define SPACE 65
#define LAYOUTS 8
#define LETTERS_MAX 4	/* tried behind each dead key */

/* The places of a PC's keyboard that have characters: 105 keys, and two more of Japan's. */
static const int places[] = {
	49, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 132, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
	34, 35, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 51, 94, 52, 53, 54, 55, 56, 57, 58, 59, 60,
	61, 97, SPACE, 63, 82, 86, 106,
};
#define PLACES ((int)(sizeof(places) / sizeof(places[0])))
#define MAIN_PLACES (PLACES - 4)	/* without the keypad */

struct layout {
	struct xkb_keymap *map;
	struct xkb_state *state;
	struct xkb_compose_table *table;
	struct xkb_compose_state *compose;
	bool dropped;		/* a composition came to nothing */
};

static void
die(const char *what)
{
	fprintf(stderr, "keyboard: %s\n", what);
	exit(1);
}

static struct layout
open_layout(struct xkb_context *ctx, const char *name)
{
	struct xkb_rule_names names = {.rules = "evdev", .model = "pc105", .layout = name};
	struct layout l = {.map = xkb_keymap_new_from_names(ctx, &names, 0)};

	l.table = xkb_compose_table_new_from_locale(ctx, "C.UTF-8", 0);
	if (!l.map || !l.table)
		die("no such layout, or no table of compositions");
	l.state = xkb_state_new(l.map);
	l.compose = xkb_compose_state_new(l.table, 0);
	return l;
}

static void
close_layout(struct layout *l)
{
	xkb_compose_state_unref(l->compose);
	xkb_compose_table_unref(l->table);
	xkb_state_unref(l->state);
	xkb_keymap_unref(l->map);
}

static xkb_keysym_t
sym_of(const struct layout *l, int key)
{
	return xkb_state_key_get_one_sym(l->state, (xkb_keycode_t)key);
}

/* What the key that goes down types, if anything: as xterm with metaSendsEscape has it. */
static void
type(struct layout *l, int key, char *text, size_t size)
{
	bool alt = xkb_state_mod_name_is_active(l->state, XKB_MOD_NAME_ALT, XKB_STATE_MODS_EFFECTIVE) > 0;

	text[0] = '\0';
	/* A modifier, which leaves a composition as it is. */
	if (xkb_compose_state_feed(l->compose, sym_of(l, key)) == XKB_COMPOSE_FEED_IGNORED)
		return;
	switch (xkb_compose_state_get_status(l->compose)) {
	case XKB_COMPOSE_COMPOSED:
		xkb_compose_state_get_utf8(l->compose, text, size);
		break;
	case XKB_COMPOSE_CANCELLED:
		l->dropped = true;
		break;
	case XKB_COMPOSE_NOTHING:
		text[0] = '\033';
		xkb_state_key_get_utf8(l->state, (xkb_keycode_t)key, text + alt, size - alt);
		if (!text[alt])
			text[0] = '\0';
		break;
	case XKB_COMPOSE_COMPOSING:
		break;
	}
}

/* Presses a line of keys; text may be NULL. */
static void
press_line(struct layout *l, const char *line, char *text, size_t size)
{
	char typed[64], *end;
	size_t used = 0;

	for (long key; (key = strtol(line, &end, 10)) != 0; line = end) {
		if (key > 0) {
			type(l, (int)key, typed, sizeof(typed));
			if (text)
				used += (size_t)snprintf(text + used, size - used, "%s", typed);
		}
		xkb_state_update_key(l->state, (xkb_keycode_t)labs(key), key > 0 ? XKB_KEY_DOWN : XKB_KEY_UP);
	}
}

static bool
is_composing(const struct layout *l)
{
	return xkb_compose_state_get_status(l->compose) == XKB_COMPOSE_COMPOSING;
}

struct set {
	const char *name;
	bool shift, altgr;
};
static const struct set sets[] = {
	{"plain", false, false}, {"shift", true, false}, {"altgr", false, true}, {"both", true, true},
};

static xkb_keysym_t
sym_in(const struct layout *l, int key, bool shift, bool altgr)
{
	xkb_keysym_t sym;

	if (shift)
		xkb_state_update_key(l->state, SHIFT, XKB_KEY_DOWN);
	if (altgr)
		xkb_state_update_key(l->state, ALTGR, XKB_KEY_DOWN);
	sym = sym_of(l, key);
	xkb_state_update_key(l->state, ALTGR, XKB_KEY_UP);
	xkb_state_update_key(l->state, SHIFT, XKB_KEY_UP);
	return sym;
}

static bool
is_dead(xkb_keysym_t sym)
{
	return sym >= XKB_KEY_dead_grave && sym <= 0xfe93;
}

/* Whether there is something on the key there that it has not without AltGr. */
static bool
has(const struct layout *l, int key, const struct set *s)
{
	xkb_keysym_t sym = sym_in(l, key, s->shift, s->altgr);

	if (s->altgr && sym_of(l, ALTGR) != XKB_KEY_ISO_Level3_Shift)
		return false;
	if (s->altgr && sym == sym_in(l, key, s->shift, false))
		return false;
	return is_dead(sym) || xkb_keysym_to_utf32(sym) >= ' ';
}

static void
add(char *line, size_t size, int key, const struct set *s)
{
	size_t n = strlen(line);

	snprintf(line + n, size - n, "%s%s+%d -%d %s%s", s->shift ? "+50 " : "", s->altgr ? "+108 " : "",
		key, key, s->altgr ? "-108 " : "", s->shift ? "-50 " : "");
}

/* Prints the line if it is text, or nothing, on every layout; ends it with a space if it must. */
static bool
offer(struct layout *l, int n, char *line, size_t size)
{
	bool waits = false, dropped = false;

	for (int i = 0; i < n; i++) {
		press_line(&l[i], line, NULL, 0);
		waits |= is_composing(&l[i]);
	}
	if (waits)
		add(line, size, SPACE, &sets[0]);
	for (int i = 0; i < n; i++) {
		xkb_compose_state_reset(l[i].compose);
		l[i].dropped = false;
		press_line(&l[i], line, NULL, 0);
		dropped |= l[i].dropped || is_composing(&l[i]);
		xkb_compose_state_reset(l[i].compose);
	}
	if (!dropped)
		puts(line);
	return !dropped;
}

static void
print_set(struct layout *l, int n, const struct set *s)
{
	/* xterm has uses of its own for the keypad with Shift. */
	int count = s->shift || s->altgr ? MAIN_PLACES : PLACES;

	for (int i = 0; i < count; i++) {
		char line[128] = "";

		if (!has(&l[0], places[i], s))
			continue;
		add(line, sizeof(line), places[i], s);
		offer(l, n, line, sizeof(line));
	}
}

/* One dead key before letters that it changes, a space, and itself. */
static void
print_dead(struct layout *l, int n, int key, const struct set *s)
{
	const struct set *plain = &sets[0];
	char line[128] = "";
	int letters = 0;

	add(line, sizeof(line), key, s);
	offer(l, n, line, sizeof(line));
	line[0] = '\0';
	add(line, sizeof(line), key, s);
	add(line, sizeof(line), key, s);
	offer(l, n, line, sizeof(line));
	for (int i = 0; i < MAIN_PLACES && letters < LETTERS_MAX; i++) {
		if (xkb_keysym_to_upper(sym_of(&l[0], places[i])) == sym_of(&l[0], places[i]))
			continue;
		line[0] = '\0';
		add(line, sizeof(line), key, s);
		add(line, sizeof(line), places[i], plain);
		letters += offer(l, n, line, sizeof(line));
	}
}

static void
print_dead_keys(struct layout *l, int n)
{
	for (int k = 0; k < 4; k++)
		for (int i = 0; i < MAIN_PLACES; i++)
			if (has(&l[0], places[i], &sets[k]) &&
					is_dead(sym_in(&l[0], places[i], sets[k].shift, sets[k].altgr)))
				print_dead(l, n, places[i], &sets[k]);
}

static void
print_keys(struct layout *l, int n, const char *set)
{
	for (int i = 0; i < 4; i++)
		if (strcmp(set, sets[i].name) == 0)
			print_set(l, n, &sets[i]);
	if (strcmp(set, "dead") == 0)
		print_dead_keys(l, n);
}

static void
print_text(struct layout *l)
{
	char line[1024], text[1024];

	while (fgets(line, sizeof(line), stdin)) {
		text[0] = '\0';
		press_line(l, line, text, sizeof(text));
		puts(text);
	}
}

static void
press(void)
{
	xcb_connection_t *conn = xcb_connect(NULL, NULL);
	int key;

	if (xcb_connection_has_error(conn))
		die("no display");
	while (scanf("%d", &key) == 1)
		/* A press a millisecond: SDL takes two of a key in one for one. */
		xcb_test_fake_input(conn, key > 0 ? XCB_KEY_PRESS : XCB_KEY_RELEASE, (uint8_t)abs(key),
			key > 0, XCB_NONE, 0, 0, 0);
	free(xcb_get_input_focus_reply(conn, xcb_get_input_focus(conn), NULL));
	xcb_disconnect(conn);
}

int
main(int argc, char **argv)
{
	struct layout l[LAYOUTS];
	struct xkb_context *ctx;
	int n = 0;

	if (argc == 2 && strcmp(argv[1], "press") == 0) {
		press();
		return 0;
	}
	if (argc < 3 || argc > 3 + LAYOUTS)
		die("usage: keyboard keys LAYOUT SET [OTHER...] | text LAYOUT | press");
	ctx = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	l[n++] = open_layout(ctx, argv[2]);
	for (int i = 4; i < argc; i++)
		l[n++] = open_layout(ctx, argv[i]);
	if (strcmp(argv[1], "text") == 0)
		print_text(&l[0]);
	else if (argc > 3)
		print_keys(l, n, argv[3]);
	for (int i = 0; i < n; i++)
		close_layout(&l[i]);
	xkb_context_unref(ctx);
	return 0;
}
