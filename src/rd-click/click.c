#include "look/act.h"
#include "rd-click/click.h"

/* A drag is seen by programs that wait for some way before they believe it. */
#define DRAG_STEPS 12

struct clicking {
	const struct options *o;
	int step;
};

static void
put(struct rd_input *in, int *n, struct rd_input one)
{
	in[(*n)++] = one;
}

static void
put_keys(const struct options *o, struct rd_input *in, int *n, bool down)
{
	for (int i = 0; i < o->with.mods; i++) {
		int k = down ? i : o->with.mods - 1 - i;
		put(in, n, (struct rd_input){.kind = RD_INPUT_KEY, .code = o->with.mod[k].code,
			.keysym = o->with.mod[k].keysym, .down = down});
	}
}

static void
put_button(const struct options *o, struct rd_input *in, int *n, bool down)
{
	put(in, n, (struct rd_input){.kind = RD_INPUT_BUTTON, .code = (uint16_t)o->button, .down = down});
}

static void
put_place(struct rd_input *in, int *n, struct place p)
{
	put(in, n, (struct rd_input){.kind = RD_INPUT_POINTER, .x = p.x, .y = p.y});
}

/* Where the pointer goes, and what is held: first of all. */
static void
begin(const struct options *o, struct rd_input *in, int *n)
{
	if (o->placed)
		put_place(in, n, o->at);
	put_keys(o, in, n, true);
}

/* Step 0 of a drag presses, the last lets go; a place that is not known is where it began. */
static void
drag(const struct options *o, int step, struct rd_input *in, int *n)
{
	struct place p = o->drag;
	if (step == 0) {
		put_button(o, in, n, true);
		return;
	}
	if (o->placed && step < DRAG_STEPS) {
		p.x = o->at.x + (o->drag.x - o->at.x) * step / DRAG_STEPS;
		p.y = o->at.y + (o->drag.y - o->at.y) * step / DRAG_STEPS;
	}
	if (step <= DRAG_STEPS)
		put_place(in, n, p);
	else
		put_button(o, in, n, false);
}

static int
steps_of(const struct options *o)
{
	return o->drags ? DRAG_STEPS + 2 : o->count ? (int)o->count : 1;
}

static void
middle(const struct options *o, int step, struct rd_input *in, int *n)
{
	if (o->drags) {
		drag(o, step, in, n);
	} else if (o->count) {
		put_button(o, in, n, true);
		put_button(o, in, n, false);
	} else if (o->wheel != 0 || o->wheel_x != 0) {
		put(in, n, (struct rd_input){.kind = RD_INPUT_WHEEL,
			.x = (int32_t)(o->wheel_x * RD_NOTCH), .y = (int32_t)(o->wheel * RD_NOTCH)});
	}
}

/* What is empty is no step, nor a pause. */
static int
next(void *ctx, struct rd_act *act, struct rd_input *in, int *n)
{
	struct clicking *c = ctx;
	int last = steps_of(c->o) + 1;
	(void)act;
	*n = 0;
	while (*n == 0 && c->step <= last) {
		if (c->step == 0)
			begin(c->o, in, n);
		else if (c->step < last)
			middle(c->o, c->step - 1, in, n);
		else
			put_keys(c->o, in, n, false);
		c->step++;
	}
	return *n ? 1 : RD_ACT_OVER;
}

int
click_run(const struct options *o, const struct rd_source *source, int guard_fd)
{
	struct rd_loop *loop = rd_loop_new();
	struct clicking c = {.o = o};
	const struct rd_act_config cfg = {
		.program = "rd-click",
		.source = source,
		.guard_fd = guard_fd,
		.timeout_ns = o->timeout_ns,
		.pause_ns = o->delay_ns,
		.confine = o->confine,
		.next = next,
		.ctx = &c,
	};
	int code = rd_act_run(loop, &cfg);
	rd_loop_free(loop);
	return code;
}
