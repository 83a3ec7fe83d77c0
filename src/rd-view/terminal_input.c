#include <string.h>

#include "base/utf8.h"
#include "rd-view/terminal_input.h"

#define ESC 0x1b
#define BEL 0x07
#define CAN 0x18
#define SUB 0x1a
#define DEL 0x7f
/* Bytes of one piece of a paste, at most. */
#define PIECE_MAX 1000

/* What stands at the front of the buffer. */
enum front {
	FRONT_SHORT,	/* the beginning of something */
	FRONT_NOTHING,	/* `used` bytes that mean nothing */
	FRONT_EVENT,
};

/* A character as a terminal without kitty's protocol sends it. */
static void
plain_key(struct terminal_event *e, uint32_t cp)
{
	e->kind = TERMINAL_KEY;
	e->action = TERMINAL_STRUCK;
	e->key = cp;
	if (cp == TERMINAL_TAB || cp == TERMINAL_ENTER || cp == TERMINAL_ESCAPE || cp == DEL)
		return;
	if (cp == 0) {
		e->key = ' ';
		e->mods |= TERMINAL_CTRL;
	} else if (cp < 0x20) {
		/* ^A is Ctrl and a; ^\ to ^_ are Ctrl and the sign itself. */
		e->key = cp <= 26 ? cp + 0x60 : cp + 0x40;
		e->mods |= TERMINAL_CTRL;
	} else {
		e->typed = cp;
	}
}

static enum front
character(const uint8_t *p, size_t len, struct terminal_event *e, size_t *used)
{
	uint32_t cp = 0;
	int n = rd_utf8_decode(p, len, &cp);
	if (n == RD_UTF8_SHORT)
		return FRONT_SHORT;
	*used = n ? (size_t)n : 1;
	/* C1 is no key. */
	if (n == 0 || (cp >= 0x80 && cp < 0xa0))
		return FRONT_NOTHING;
	plain_key(e, cp);
	return FRONT_EVENT;
}

/* CSI parameters and intermediates up to a final byte. */
static enum front
csi(const uint8_t *p, size_t len, bool asking, struct terminal_event *e, size_t *used)
{
	size_t n = 2;
	while (n < len && p[n] >= 0x20 && p[n] < 0x40)
		n++;
	if (n == len)
		return FRONT_SHORT;
	*used = n + 1;
	if (p[n] < 0x40 || p[n] > 0x7e) {
		*used = n; /* a sequence that was cut off: what cut it stands for itself */
		return FRONT_NOTHING;
	}
	return terminal_sequence_csi(p + 2, n - 1, asking, e) ? FRONT_EVENT : FRONT_NOTHING;
}

/* DCS, APC, PM, SOS and OSC, until ST; OSC also until BEL. */
static enum front
string(const uint8_t *p, size_t len, struct terminal_event *e, size_t *used)
{
	for (size_t n = 2; n < len; n++) {
		bool st = p[n] == ESC && n + 1 < len && p[n + 1] == '\\';
		bool bell = p[n] == BEL && p[1] == ']';
		bool cut = p[n] == CAN || p[n] == SUB || (p[n] == ESC && n + 1 < len && !st);
		if (p[n] == ESC && n + 1 == len)
			break;
		if (!st && !bell && !cut)
			continue;
		*used = n + (st ? 2 : cut && p[n] == ESC ? 0 : 1);
		return !cut && terminal_sequence_string(p + 1, n - 1, e) ? FRONT_EVENT : FRONT_NOTHING;
	}
	return FRONT_SHORT;
}

static enum front
escape(const uint8_t *p, size_t len, bool asking, struct terminal_event *e, size_t *used)
{
	if (len == 1)
		return FRONT_SHORT;
	switch (p[1]) {
	case '[':
		return csi(p, len, asking, e, used);
	case 'O':
		if (len == 2)
			return FRONT_SHORT;
		*used = 3;
		return terminal_sequence_ss3(p[2], e) ? FRONT_EVENT : FRONT_NOTHING;
	case 'P': case 'X': case '^': case '_': case ']':
		return string(p, len, e, used);
	case ESC:
		/* Escape, and then something else. */
		*used = 1;
		plain_key(e, ESC);
		return FRONT_EVENT;
	default:
		break;
	}
	/* Alt and a character. */
	enum front f = character(p + 1, len - 1, e, used);
	e->mods |= TERMINAL_ALT;
	e->typed = 0;
	*used += f != FRONT_SHORT;
	return f;
}

static void
drop(struct terminal_input *in, size_t n)
{
	in->len -= n;
	memmove(in->buf, in->buf + n, in->len);
}

/* How much of a paste is at the front: to its end, to a sequence, or all that is whole. */
static size_t
paste_piece(struct terminal_input *in, char *out, size_t *out_len)
{
	size_t at = 0;
	*out_len = 0;
	while (at < in->len && *out_len + 4 <= PIECE_MAX && in->buf[at] != ESC) {
		const uint8_t *p = in->buf + at;
		uint32_t cp = 0;
		int n = rd_utf8_decode(p, in->len - at, &cp);
		size_t used = n > 0 ? (size_t)n : 1;
		bool line = cp == '\r' || (cp == '\n' && !in->gave_cr);
		if (n == RD_UTF8_SHORT)
			break;
		if (line) {
			out[(*out_len)++] = '\n';
		} else if (cp == '\t' || (cp >= 0x20 && cp != DEL && !(cp >= 0x80 && cp < 0xa0))) {
			memcpy(out + *out_len, p, used);
			*out_len += used;
		}
		in->gave_cr = cp == '\r';
		at += used;
	}
	return at;
}

/* False: more must come first. */
static bool
step_paste(struct terminal_input *in, terminal_take take, void *ctx)
{
	char text[PIECE_MAX];
	struct terminal_event e = {.kind = TERMINAL_PASTE, .text = text};
	size_t n = paste_piece(in, text, &e.text_len);
	if (e.text_len)
		take(ctx, &e);
	drop(in, n);
	if (n || in->len == 0 || in->buf[0] != ESC)
		return n > 0;
	/* Of what is escaped only the end counts. */
	static const char end[] = "\033[201~";
	size_t same = 0;
	while (same < in->len && same < 6 && in->buf[same] == (uint8_t)end[same])
		same++;
	if (same == in->len && same < 6)
		return false;
	in->pasting = same < 6;
	in->gave_cr = false;
	drop(in, same < 6 ? 1 : same);
	return true;
}

/* A paste is told of by its first sequence, which is no event. */
static bool
begins_paste(const struct terminal_input *in, size_t used)
{
	return used > 3 && in->buf[0] == ESC && in->buf[1] == '[' &&
		terminal_sequence_paste(in->buf + 2, used - 2) > 0;
}

static bool
step(struct terminal_input *in, terminal_take take, void *ctx)
{
	struct terminal_event e = {.button = -1};
	size_t used = 0;
	if (in->len == 0)
		return false;
	if (in->pasting)
		return step_paste(in, take, ctx);
	enum front f = in->buf[0] == ESC ? escape(in->buf, in->len, in->asking, &e, &used)
		: character(in->buf, in->len, &e, &used);
	if (f == FRONT_SHORT)
		return false;
	if (f == FRONT_EVENT)
		take(ctx, &e);
	else if (begins_paste(in, used))
		in->pasting = true;
	drop(in, used);
	return true;
}

/* Of a string that is too long only its end is looked for. */
static bool
skip(struct terminal_input *in)
{
	for (size_t i = 0; i + 1 < in->len; i++) {
		if (in->buf[i] != ESC)
			continue;
		in->skipping = false;
		drop(in, in->buf[i + 1] == '\\' ? i + 2 : i);
		return true;
	}
	/* An ESC at the end may begin ST. */
	drop(in, in->len - (in->len > 0 && in->buf[in->len - 1] == ESC));
	return false;
}

void
terminal_input_feed(struct terminal_input *in, const uint8_t *data, size_t len,
	terminal_take take, void *ctx)
{
	while (len > 0) {
		size_t n = sizeof(in->buf) - in->len;
		n = n < len ? n : len;
		memcpy(in->buf + in->len, data, n);
		in->len += n;
		data += n;
		len -= n;
		while (in->skipping ? skip(in) : step(in, take, ctx))
			;
		if (in->len == sizeof(in->buf)) {
			in->skipping = true;
			drop(in, 1); /* the ESC that began it */
			skip(in);
		}
	}
}

bool
terminal_input_unsure(const struct terminal_input *in)
{
	return !in->pasting && !in->skipping && (in->len == 1 || in->len == 2) && in->buf[0] == ESC;
}

void
terminal_input_settle(struct terminal_input *in, terminal_take take, void *ctx)
{
	struct terminal_event e = {.button = -1};
	if (!terminal_input_unsure(in))
		return;
	bool alt = in->len == 2 && in->buf[1] >= 0x20 && in->buf[1] < 0x7f;
	plain_key(&e, alt ? in->buf[1] : ESC);
	if (alt) {
		e.mods |= TERMINAL_ALT;
		e.typed = 0;
	}
	drop(in, in->len);
	take(ctx, &e);
}
