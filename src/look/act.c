#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/act.h"
#include "look/guard.h"
#include "look/watch.h"

/* An answer can be lost where many watch: then it is asked for again. */
#define ASK_AGAIN_NS RD_NS_PER_S

struct rd_act {
	const struct rd_act_config *cfg;
	struct rd_watch *watch;
	bool ready;		/* the peer takes input */
	bool answers;		/* … and says so */
	struct rd_input in[RD_ACT_STEP];
	int count, sent;	/* of this step */
	bool waiting;		/* for TAKEN of `token` */
	uint64_t token;
	struct rd_input held;	/* RD_INPUT_HELD: what is down */
	struct rd_timer still_held, ask, pause, patience;
	bool done;
};

static void
leave(struct rd_act *a, int code)
{
	a->done = true;
	rd_watch_leave(a->watch, code, "what was to be done is done");
}

static void
progress(struct rd_act *a)
{
	if (a->cfg->timeout_ns)
		rd_timer_set(&a->patience, a->cfg->timeout_ns);
}

static void
note_key(struct rd_act *a, const struct rd_input *in)
{
	struct rd_input *h = &a->held;
	if (in->code == 0)
		return;
	for (int i = 0; i < h->held_count; i++)
		if (h->held[i] == in->code) {
			h->held[i] = h->held[--h->held_count];
			break;
		}
	if (in->down && h->held_count < RD_INPUT_HELD_MAX)
		h->held[h->held_count++] = in->code;
}

/* What is down is said again while it is, or the host lets it go. */
static void
note_held(struct rd_act *a, const struct rd_input *in)
{
	if (in->kind == RD_INPUT_KEY)
		note_key(a, in);
	if (in->kind == RD_INPUT_BUTTON && in->down)
		a->held.buttons |= (uint8_t)(1u << in->code);
	else if (in->kind == RD_INPUT_BUTTON)
		a->held.buttons &= (uint8_t)~(1u << in->code);
	if (!a->held.held_count && !a->held.buttons)
		rd_timer_clear(&a->still_held);
	else if (!a->still_held.set)
		rd_timer_set(&a->still_held, RD_INPUT_HELD_EVERY_NS);
}

static void
on_still_held(void *ctx)
{
	struct rd_act *a = ctx;
	rd_watch_say(a->watch, &a->held);
	rd_timer_set(&a->still_held, RD_INPUT_HELD_EVERY_NS);
}

static void
ask(struct rd_act *a)
{
	const struct rd_input take = {.kind = RD_INPUT_TAKE, .token = a->token};
	rd_watch_say(a->watch, &take);
	rd_timer_set(&a->ask, ASK_AGAIN_NS);
}

static void
on_ask(void *ctx)
{
	ask(ctx);
}

/* The step is done; the next one may be due after a pause. */
static void
taken(struct rd_act *a)
{
	a->waiting = false;
	a->count = a->sent = 0;
	rd_timer_clear(&a->ask);
	progress(a);
	if (a->cfg->pause_ns)
		rd_timer_set(&a->pause, a->cfg->pause_ns);
}

/* Says what is left of the step, as far as there is room. False: not all of it. */
static bool
send_step(struct rd_act *a)
{
	while (a->sent < a->count) {
		if (!rd_watch_say(a->watch, &a->in[a->sent]))
			return false;
		note_held(a, &a->in[a->sent++]);
	}
	return true;
}

static void
step(struct rd_act *a)
{
	while (a->ready && !a->done && !a->waiting && !a->pause.set) {
		if (a->count == 0) {
			int got = a->cfg->next(a->cfg->ctx, a, a->in, &a->count);
			if (got == 0) {
				/* It is not the other side that keeps us waiting. */
				rd_timer_clear(&a->patience);
				return;
			}
			if (got != 1) {
				leave(a, got == RD_ACT_OVER ? RD_EXIT_OK : -got);
				return;
			}
			progress(a);
		}
		if (!send_step(a))
			return;
		if (!a->answers) {
			taken(a);
			continue;
		}
		a->token++;
		a->waiting = true;
		ask(a);
	}
}

void
rd_act_more(struct rd_act *act)
{
	step(act);
}

static void
on_pause(void *ctx)
{
	step(ctx);
}

static void
on_room(void *ctx)
{
	step(ctx);
}

static void
on_taken(void *ctx, uint64_t token)
{
	struct rd_act *a = ctx;
	if (!a->waiting || token != a->token)
		return;
	taken(a);
	step(a);
}

static void
on_started(void *ctx, const struct rd_hello *peer)
{
	struct rd_act *a = ctx;
	const struct rd_source *source = a->cfg->source;
	a->answers = peer->caps & RD_CAP_TAKEN;
	a->ready = (peer->caps & RD_CAP_INPUT) && rd_watch_duplex(a->watch);
	if (!a->ready) {
		bool host = source->kind == RD_SOURCE_HOST;
		rd_error("%s takes no input from us%s", source->name, !rd_watch_duplex(a->watch)
			? ": there is no way back" : host ? ": our key has no right to" : "");
		leave(a, host ? RD_EXIT_RIGHT : RD_EXIT_NO_INPUT);
		return;
	}
	if (!a->answers)
		rd_info("%s does not say what it has taken", source->name);
	progress(a);
	step(a);
}

static void
on_patience(void *ctx)
{
	struct rd_act *a = ctx;
	if (a->done)
		return;
	rd_error("%s: %s within the time of --timeout", a->cfg->source->name,
		a->ready ? "what was sent was not taken" : "nobody answered");
	leave(a, RD_EXIT_TIMEOUT);
}

/* A stream that ends before we are done has not taken all. */
static int
on_over(void *ctx)
{
	struct rd_act *a = ctx;
	bool began = a->ready;
	if (a->done)
		return RD_EXIT_OK;
	rd_error("%s %s", a->cfg->source->name, began ? "ended before all was taken"
		: "takes no input from us: it is over");
	return began ? RD_EXIT_CUT_SHORT : RD_EXIT_NO_INPUT;
}

static const struct rd_watch_ops ops = {
	.started = on_started,
	.taken = on_taken,
	.room = on_room,
	.over = on_over,
};

static void
open_timers(struct rd_act *a, struct rd_loop *loop)
{
	rd_timer_open(&a->still_held, loop, on_still_held, a);
	rd_timer_open(&a->ask, loop, on_ask, a);
	rd_timer_open(&a->pause, loop, on_pause, a);
	rd_timer_open(&a->patience, loop, on_patience, a);
	progress(a);
}

static void
close_timers(struct rd_act *a)
{
	rd_timer_close(&a->still_held);
	rd_timer_close(&a->ask);
	rd_timer_close(&a->pause);
	rd_timer_close(&a->patience);
}

int
rd_act_run(struct rd_loop *loop, const struct rd_act_config *cfg)
{
	const struct rd_confine_rules rules = {.kind = RD_CONFINE_OUTPUT};
	struct rd_act a = {.cfg = cfg, .held = {.kind = RD_INPUT_HELD}};
	const struct rd_watch_config watch = {
		.program = cfg->program,
		.source = cfg->source,
		.guard_fd = cfg->guard_fd,
		.ops = &ops,
		.ctx = &a,
	};
	/* Others who type there have other tokens. */
	if (getrandom(&a.token, sizeof(a.token), 0) != sizeof(a.token))
		a.token = rd_clock_ns();
	open_timers(&a, loop);
	int code = rd_watch_open(&a.watch, loop, &watch);
	if (!code) {
		if (cfg->confine)
			rd_confine(&rules);
		rd_guard_ready(cfg->guard_fd);
		code = rd_loop_run(loop);
	}
	rd_watch_close(a.watch);
	close_timers(&a);
	return code;
}
