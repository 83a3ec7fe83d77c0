#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "look/act.h"
#include "rd-type/type.h"

struct typing {
	const struct options *o;
	int piece;		/* that is being typed */
	size_t at;		/* … so far */
	struct rd_act *act;
	struct rd_fd input;	/* stdin, where it can be watched */
	bool watched;
	char waits[2 * RD_INPUT_TEXT_MAX]; /* of stdin */
	size_t len;
	size_t used;		/* of `waits`, by the step that is under way */
	bool ended;
};

static size_t
step_bytes(const struct typing *t)
{
	return t->o->delay_ns ? 1 : RD_INPUT_TEXT_MAX;
}

/* With a delay, a character at a time: however many bytes that is. */
static size_t
cut(const struct typing *t, const char *text, size_t len)
{
	size_t n = 0;
	for (size_t max = step_bytes(t); n == 0 && max <= 4; max++)
		n = text_piece(text, len, max);
	return n ? n : text_piece(text, len, step_bytes(t));
}

static void
put_text(struct rd_input *in, int *n, const char *text, size_t len)
{
	in[(*n)++] = (struct rd_input){.kind = RD_INPUT_TEXT, .text = text, .text_len = len};
}

static void
put_key(struct rd_input *in, int *n, uint16_t code, uint32_t keysym, bool down)
{
	in[(*n)++] = (struct rd_input){.kind = RD_INPUT_KEY, .code = code, .keysym = keysym, .down = down};
}

/* A key without a code is pressed and let go by whoever finds it. */
static void
put_chord(struct rd_input *in, int *n, const struct rd_chord *c)
{
	for (int i = 0; i < c->mods; i++)
		put_key(in, n, c->mod[i].code, c->mod[i].keysym, true);
	put_key(in, n, 0, c->keysym, true);
	for (int i = c->mods; i-- > 0;)
		put_key(in, n, c->mod[i].code, c->mod[i].keysym, false);
}

/* A file is always ready; what can be watched is looked at first. */
static bool
is_ready(const struct typing *t)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	return !t->watched || poll(&p, 1, 0) > 0;
}

/* What there is of stdin, without waiting. */
static int
fill(struct typing *t)
{
	memmove(t->waits, t->waits + t->used, t->len - t->used);
	t->len -= t->used;
	t->used = 0;
	if (t->ended || t->len >= RD_INPUT_TEXT_MAX || !is_ready(t))
		return 0;
	ssize_t n = read(STDIN_FILENO, t->waits + t->len, sizeof(t->waits) - t->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0) {
		rd_error("standard input: %s", strerror(errno));
		return -RD_EXIT_INPUT;
	}
	t->ended = n == 0;
	t->len += (size_t)n;
	return 0;
}

/* A character that is not whole yet stays. 1, 0, over, or an exit code, as of rd_act_config. */
static int
next_of_stdin(struct typing *t, struct rd_input *in, int *n)
{
	size_t whole = t->len;
	for (int back = 1; back <= 3 && !t->ended && (size_t)back <= t->len; back++) {
		uint8_t c = (uint8_t)t->waits[t->len - (size_t)back];
		if ((c & 0xc0) == 0x80)
			continue;
		if (c >= 0xc0 && back < (c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2))
			whole -= (size_t)back;
		break;
	}
	if (whole == 0)
		return t->ended ? RD_ACT_OVER : 0;
	t->used = cut(t, t->waits, whole);
	if (t->used == 0) {
		rd_error("standard input is no UTF-8");
		return -RD_EXIT_INPUT;
	}
	put_text(in, n, t->waits, t->used);
	return 1;
}

static int
read_stdin(struct typing *t, struct rd_input *in, int *n)
{
	int got;
	/* A file has more at once, until it ends; of a pipe more is announced. */
	do {
		int code = fill(t);
		got = code ? code : next_of_stdin(t, in, n);
	} while (got == 0 && !t->watched);
	if (got == 0)
		rd_fd_want(&t->input, RD_READ);
	return got;
}

static int
next(void *ctx, struct rd_act *act, struct rd_input *in, int *n)
{
	struct typing *t = ctx;
	t->act = act;
	*n = 0;
	while (t->piece < t->o->pieces) {
		const struct piece *p = &t->o->piece[t->piece];
		if (p->kind == PIECE_STDIN)
			return read_stdin(t, in, n);
		if (p->kind == PIECE_KEY) {
			put_chord(in, n, &p->chord);
			t->piece++;
			return 1;
		}
		size_t len = strlen(p->text), some = cut(t, p->text + t->at, len - t->at);
		if (len > t->at) {
			put_text(in, n, p->text + t->at, some);
			t->at += some;
			return 1;
		}
		t->at = 0;
		t->piece++;
	}
	return RD_ACT_OVER;
}

static void
on_input(void *ctx, unsigned events)
{
	struct typing *t = ctx;
	(void)events;
	rd_fd_want(&t->input, 0);
	if (t->act)
		rd_act_more(t->act);
}

int
type_run(const struct options *o, const struct rd_source *source, int guard_fd)
{
	struct rd_loop *loop = rd_loop_new();
	struct typing t = {.o = o};
	const struct rd_act_config cfg = {
		.program = "rd-type",
		.source = source,
		.guard_fd = guard_fd,
		.timeout_ns = o->timeout_ns,
		.pause_ns = o->delay_ns,
		.confine = o->confine,
		.next = next,
		.ctx = &t,
	};
	if (o->piece[o->pieces - 1].kind == PIECE_STDIN) {
		/* Files cannot be watched, and need not be. */
		t.watched = rd_fd_open(&t.input, loop, STDIN_FILENO, on_input, &t) == 0;
	}
	int code = rd_act_run(loop, &cfg);
	rd_fd_close(&t.input);
	rd_loop_free(loop);
	return code;
}
