#include <errno.h>
#include <string.h>

#include "desktop/held.h"
#include "desktop/inject.h"

/* Changes taken from the books at a time; there may be more. */
#define BATCH 32

extern const struct rd_inject_ops rd_inject_x11, rd_inject_log;

const struct rd_inject_ops *const rd_inject_table[] = {
	&rd_inject_x11,
	&rd_inject_log,
	NULL,
};

const struct rd_inject_ops *
rd_inject_find(const char *name)
{
	for (int i = 0; rd_inject_table[i]; i++) {
		if (strcmp(rd_inject_table[i]->name, name) == 0)
			return rd_inject_table[i];
	}
	return NULL;
}

static int
let_go(struct rd_inject *i, const struct rd_held_change *change, int n)
{
	int err = 0;

	for (int k = 0; k < n; k++) {
		struct rd_input up = {
			.kind = change[k].button ? RD_INPUT_BUTTON : RD_INPUT_KEY,
			.code = change[k].code,
		};
		int r = i->ops->input(i, &up);

		err = err ? err : r;
	}
	return err;
}

/*
 * One timer for all peers, and none while nothing is down. It is not moved
 * with every event: when it fires early it is set anew.
 */
static void
watch_silence(struct rd_inject *i)
{
	uint64_t due = rd_held_due(i->held);
	uint64_t now = rd_loop_now(i->loop);

	if (due == UINT64_MAX)
		rd_timer_clear(&i->silence);
	else if (!i->silence.set)
		rd_timer_set(&i->silence, due > now ? due - now : 0);
}

static void
on_silence(void *ctx)
{
	struct rd_inject *i = ctx;
	struct rd_held_change change[BATCH];
	int n;

	/* A desktop that is gone says so at the next input. */
	do {
		n = rd_held_expire(i->held, rd_loop_now(i->loop), change, BATCH);
		let_go(i, change, n);
	} while (n == BATCH);
	watch_silence(i);
}

int
rd_inject_open(struct rd_inject **out, const struct rd_inject_ops *ops,
	struct rd_loop *loop, const char *display, char **why)
{
	struct rd_inject *i;
	int err = ops->open(&i, loop, display, why);

	if (err)
		return err;
	i->ops = ops;
	i->loop = loop;
	i->held = rd_held_new();
	rd_timer_open(&i->silence, loop, on_silence, i);
	*out = i;
	return 0;
}

void
rd_inject_area(struct rd_inject *i, struct rd_rect area)
{
	i->area = area;
}

void
rd_inject_blind(struct rd_inject *i, bool blind)
{
	i->blind = blind;
}

bool
rd_inject_acts(const struct rd_inject *i, const struct rd_input *in)
{
	return !i->blind && rd_input_acts(in);
}

void
rd_inject_on_taken(struct rd_inject *i, void (*taken)(void *ctx, uint64_t token), void *ctx)
{
	i->taken = taken;
	i->taken_ctx = ctx;
}

void
rd_inject_taken(struct rd_inject *i, uint64_t token)
{
	if (i->taken)
		i->taken(i->taken_ctx, token);
}

void
rd_inject_on_locked(struct rd_inject *i, void (*locked)(void *ctx, const struct rd_locks *now),
	void *ctx)
{
	i->locked = locked;
	i->locked_ctx = ctx;
}

void
rd_inject_locked(struct rd_inject *i, struct rd_locks now)
{
	if (i->locked)
		i->locked(i->locked_ctx, &now);
}

static int32_t
within(int32_t v, int first, int size)
{
	int64_t at = (int64_t)first + v, last = (int64_t)first + size - 1;

	if (at < first)
		return first;
	return (int32_t)(at > last ? last : at);
}

static int
point(struct rd_inject *i, const struct rd_input *in)
{
	struct rd_input at = *in;

	if (!rd_rect_empty(i->area)) {
		at.x = within(in->x, i->area.x, i->area.w);
		at.y = within(in->y, i->area.y, i->area.h);
	}
	return i->ops->input(i, &at);
}

/* KEY, BUTTON and HELD: what they change is done. */
static int
press(struct rd_inject *i, uint8_t peer, const struct rd_input *in)
{
	struct rd_held_change change[BATCH];
	int n, err = 0;

	do {
		n = rd_held_input(i->held, peer, in, rd_loop_now(i->loop), change, BATCH);
		int r = n > 0 && change[0].down ? i->ops->input(i, in) : let_go(i, change, n);

		err = err ? err : r;
	} while (n == BATCH);
	watch_silence(i);
	return err;
}

static bool
names_nothing(const struct rd_input *in)
{
	return in->kind == RD_INPUT_HELD && !in->held_count && !in->buttons;
}

int
rd_inject_input(struct rd_inject *i, uint8_t peer, const struct rd_input *in)
{
	if (i->blind && rd_input_acts(in))
		return 0;
	i->peer = peer;
	if (names_nothing(in) && i->ops->forget)
		i->ops->forget(i);
	switch (in->kind) {
	case RD_INPUT_KEY:
		if (in->code != 0)
			return press(i, peer, in);
		break;
	case RD_INPUT_BUTTON:
	case RD_INPUT_HELD:
		return press(i, peer, in);
	default:
		break;
	}
	rd_held_input(i->held, peer, in, rd_loop_now(i->loop), NULL, 0);
	if (in->kind == RD_INPUT_KEY && !in->down)
		return 0;
	return in->kind == RD_INPUT_POINTER ? point(i, in) : i->ops->input(i, in);
}

void
rd_inject_close(struct rd_inject *i)
{
	struct rd_held_change change[BATCH];
	int n;

	if (!i)
		return;
	do {
		n = rd_held_release_all(i->held, change, BATCH);
		let_go(i, change, n);
	} while (n == BATCH);
	rd_timer_close(&i->silence);
	rd_held_free(i->held);
	i->ops->close(i);
}
