#include <string.h>

#include "media/input.h"
#include "rd-view/terminal_input.h"

#define SUBS 3		/* values of one parameter: a:b:c */
#define NUMBER_MAX 0x1fffff

/* CSI: ECMA-48, 5.4, with the subparameters of ITU T.416. */
struct csi {
	uint8_t private;	/* '<', '=', '>', '?' or 0 */
	uint8_t intermediate;	/* 0x20 to 0x2f, the last one, or 0 */
	uint8_t final;
	uint32_t v[TERMINAL_NUMBERS][SUBS];
	int count;
};

static bool
parse(struct csi *c, const uint8_t *s, size_t len)
{
	int sub = 0;
	*c = (struct csi){.final = s[len - 1], .count = 1};
	if (len > 1 && s[0] >= '<' && s[0] <= '?')
		c->private = *s++, len--;
	for (size_t i = 0; i + 1 < len; i++) {
		uint32_t *v = &c->v[c->count - 1][sub];
		if (s[i] >= '0' && s[i] <= '9')
			*v = *v > NUMBER_MAX / 10 ? NUMBER_MAX : *v * 10 + (s[i] - '0');
		else if (s[i] == ':' && sub + 1 < SUBS)
			sub++;
		else if (s[i] == ';' && c->count < TERMINAL_NUMBERS)
			sub = 0, c->count++;
		else if (s[i] >= 0x20 && s[i] < 0x30)
			c->intermediate = s[i];
		else
			return false;
	}
	return true;
}

/* Parameter 2 of a key: modifiers plus 1, and what happened to it. */
static void
key_event(const struct csi *c, uint32_t key, struct terminal_event *e)
{
	uint32_t what = c->v[1][1];
	e->kind = TERMINAL_KEY;
	e->key = key;
	e->mods = c->v[1][0] > 0 ? (c->v[1][0] - 1) & 0xff : 0;
	e->action = what == 3 ? TERMINAL_RELEASED : what == 2 ? TERMINAL_REPEATED
		: what == 1 ? TERMINAL_PRESSED : TERMINAL_STRUCK;
}

static uint32_t
letter_key(uint8_t final)
{
	static const struct { uint8_t final; uint32_t key; } keys[] = {
		{'A', TERMINAL_UP}, {'B', TERMINAL_DOWN}, {'C', TERMINAL_RIGHT}, {'D', TERMINAL_LEFT},
		{'E', TERMINAL_KP_BEGIN}, {'F', TERMINAL_END}, {'H', TERMINAL_HOME},
		{'P', TERMINAL_F1}, {'Q', TERMINAL_F1 + 1}, {'R', TERMINAL_F1 + 2},
		{'S', TERMINAL_F1 + 3}, {'M', TERMINAL_KP_ENTER},
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].final == final)
			return keys[i].key;
	return 0;
}

/* VT220's keys and what grew around them. */
static uint32_t
tilde_key(uint32_t n)
{
	static const uint32_t keys[] = {
		[1] = TERMINAL_HOME, TERMINAL_INSERT, TERMINAL_DELETE, TERMINAL_END, TERMINAL_PAGE_UP,
		TERMINAL_PAGE_DOWN, TERMINAL_HOME, TERMINAL_END,
		[11] = TERMINAL_F1, TERMINAL_F1 + 1, TERMINAL_F1 + 2, TERMINAL_F1 + 3, TERMINAL_F1 + 4,
		[17] = TERMINAL_F1 + 5, TERMINAL_F1 + 6, TERMINAL_F1 + 7, TERMINAL_F1 + 8,
		TERMINAL_F1 + 9,
		[23] = TERMINAL_F1 + 10, TERMINAL_F1 + 11, TERMINAL_F1 + 12, TERMINAL_F1 + 13,
		[28] = TERMINAL_F1 + 14, TERMINAL_MENU,
		[31] = TERMINAL_F1 + 16, TERMINAL_F1 + 17, TERMINAL_F1 + 18, TERMINAL_F1 + 19,
	};
	return n < sizeof(keys) / sizeof(keys[0]) ? keys[n] : 0;
}

/* CSI key:shifted:base ; modifiers:event ; text u */
static bool
kitty_key(const struct csi *c, struct terminal_event *e)
{
	uint32_t typed = c->v[2][0];
	key_event(c, c->v[0][0], e);
	e->shifted = c->v[0][1];
	e->base = c->v[0][2];
	e->typed = typed >= 0x20 && typed != 0x7f && c->v[2][1] == 0 ? typed : 0;
	if (e->action == TERMINAL_STRUCK)
		e->action = TERMINAL_PRESSED; /* what it leaves out is 1 */
	return e->key != 0;
}

/* xterm's modifyOtherKeys: CSI 27 ; modifiers ; character ~ */
static bool
other_key(const struct csi *c, struct terminal_event *e)
{
	key_event(c, c->v[2][0], e);
	if (e->key > 0x20 && e->key != 0x7f && !(e->mods & ~(unsigned)TERMINAL_SHIFT))
		e->typed = e->key;
	return e->key != 0;
}

/* SGR's: CSI < button ; x ; y M, and m when it was let go. */
static bool
mouse(const struct csi *c, struct terminal_event *e)
{
	static const int buttons[] = {RD_BUTTON_LEFT, RD_BUTTON_MIDDLE, RD_BUTTON_RIGHT, -1};
	uint32_t b = c->v[0][0];
	uint32_t which = b & 3;
	e->kind = TERMINAL_MOUSE;
	e->x = (int)c->v[1][0] - 1;
	e->y = (int)c->v[2][0] - 1;
	e->button = -1;
	if (c->count < 3 || e->x < 0 || e->y < 0 || b > 0xff)
		return false;
	e->mods = (b & 4 ? TERMINAL_SHIFT : 0) | (b & 8 ? TERMINAL_ALT : 0) |
		(b & 16 ? TERMINAL_CTRL : 0);
	if (b & 32)
		return true; /* moved */
	if (b & 64) {
		e->wheel_y = which == 0 ? 1 : which == 1 ? -1 : 0;
		e->wheel_x = which == 3 ? 1 : which == 2 ? -1 : 0;
		return c->final == 'M';
	}
	e->button = b & 128 ? (which < 2 ? RD_BUTTON_SIDE + (int)which : -1) : buttons[which];
	e->down = c->final == 'M';
	return true;
}

static bool
answer(const struct csi *c, enum terminal_answer what, int from, struct terminal_event *e)
{
	e->kind = TERMINAL_ANSWER;
	e->answer = what;
	for (int i = from; i < c->count; i++)
		e->n[e->count++] = c->v[i][0];
	return true;
}

static bool
private_answer(const struct csi *c, struct terminal_event *e)
{
	if (c->final == 'y' && c->intermediate == '$')
		return answer(c, TERMINAL_MODE, 0, e);
	if (c->intermediate)
		return false;
	switch (c->final) {
	case 'c':
		return answer(c, TERMINAL_IS_A, 0, e);
	case 'u':
		return answer(c, TERMINAL_KEYBOARD, 0, e);
	case 'S':
		return answer(c, TERMINAL_SIXEL, 0, e);
	default:
		return false;
	}
}

bool
terminal_sequence_csi(const uint8_t *s, size_t len, bool asking, struct terminal_event *e)
{
	struct csi c;
	if (!parse(&c, s, len))
		return false;
	if (c.private == '<')
		return (c.final == 'M' || c.final == 'm') && mouse(&c, e);
	if (c.private)
		return c.private == '?' && private_answer(&c, e);
	if (c.intermediate)
		return false;
	switch (c.final) {
	case 'u':
		return kitty_key(&c, e);
	case '~':
		if (c.v[0][0] == 27)
			return other_key(&c, e);
		key_event(&c, tilde_key(c.v[0][0]), e);
		return e->key != 0;
	case 'I': case 'O':
		e->kind = TERMINAL_FOCUS;
		e->focused = c.final == 'I';
		return true;
	case 'Z':
		key_event(&c, TERMINAL_TAB, e);
		e->mods |= TERMINAL_SHIFT;
		return true;
	case 'n':
		return c.v[0][0] == 0 && answer(&c, TERMINAL_OK, 0, e);
	case 't':
		return c.v[0][0] == 6 && c.count >= 3 && answer(&c, TERMINAL_CELL, 1, e);
	case 'R':
		if (asking)
			return c.count >= 2 && answer(&c, TERMINAL_CURSOR, 0, e);
		break;
	default:
		break;
	}
	key_event(&c, letter_key(c.final), e);
	return e->key != 0 && c.final != 'M';
}

int
terminal_sequence_paste(const uint8_t *s, size_t len)
{
	struct csi c;
	if (s[len - 1] != '~' || !parse(&c, s, len) || c.private || c.intermediate)
		return 0;
	return c.v[0][0] == 200 ? 1 : c.v[0][0] == 201 ? -1 : 0;
}

bool
terminal_sequence_ss3(uint8_t final, struct terminal_event *e)
{
	static const char pad[] = "*+,-./0123456789";	/* j to y, the keypad's own mode */
	e->kind = TERMINAL_KEY;
	e->key = final >= 'j' && final <= 'y' ? (uint8_t)pad[final - 'j'] : letter_key(final);
	if (final >= 'j' && final <= 'y')
		e->typed = e->key;
	return e->key != 0;
}

static bool
begins(const uint8_t *s, size_t len, const char *with)
{
	size_t n = strlen(with);
	return len >= n && memcmp(s, with, n) == 0;
}

/* DCS > | text: only what can be printed of it. */
static bool
version(const uint8_t *s, size_t len, struct terminal_event *e)
{
	e->answer = TERMINAL_NAME;
	e->text = (const char *)s;
	while (e->text_len < len && s[e->text_len] >= 0x20 && s[e->text_len] < 0x7f)
		e->text_len++;
	return true;
}

/* DCS 1 $ r … m: the attributes that are set, as asked for with a colour 1, 2, 3. */
static bool
kept_color(const uint8_t *s, size_t len)
{
	static const char *const forms[] = {"48:2:1:2:3", "48:2::1:2:3", "48;2;1;2;3"};
	for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++)
		for (size_t i = 0; i < len; i++)
			if (begins(s + i, len - i, forms[f]))
				return true;
	return false;
}

bool
terminal_sequence_string(const uint8_t *s, size_t len, struct terminal_event *e)
{
	e->kind = TERMINAL_ANSWER;
	if (begins(s, len, "P>|"))
		return version(s + 3, len - 3, e);
	if (begins(s, len, "P1$r")) {
		e->answer = TERMINAL_COLORS;
		return kept_color(s + 4, len - 4);
	}
	/* APC G i=… ; OK, or an error, which is an answer all the same. */
	e->answer = TERMINAL_GRAPHICS;
	return begins(s, len, "_Gi=") && memchr(s, ';', len);
}
