#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/relay_choose.h"
#include "rd-recv/control.h"
#include "rd-recv/session_priv.h"

/* --- our reader --- */

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	talk_hello(ctx, peer);
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	return talk_up(ctx, m);
}

static void
on_room(void *ctx)
{
	struct session *s = ctx;
	if (!rd_link_busy(s->link))
		talk_hold(s, false);
}

/*
 * END of a reader ends the session. That nothing more comes back ends nothing:
 * somebody may still read.
 */
static void
on_end(void *ctx, const struct rd_end_msg *e)
{
	struct session *s = ctx;
	if (e->reason == RD_END_CUT_SHORT)
		return;
	if (e->reason == RD_END_FAILED && (e->code == RD_EXIT_FOREIGN || e->code == RD_EXIT_VERSION))
		leave(s, e->code, "what comes back from the reader: %s", e->text);
	else
		leave(s, RD_EXIT_OK, "%s", e->text[0] ? e->text : "the reader has ended");
}

static void
on_closed(void *ctx, int error)
{
	leave_link_over(ctx, error);
}

static const struct rd_link_ops link_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

/* --- the loop's --- */

static bool
before_sleep(void *ctx)
{
	struct session *s = ctx;
	if (s->corked)
		rd_link_cork(s->link, false);
	s->corked = false;
	if (s->chan)
		rd_chan_check(s->chan);
	path_check(s);
	return false;
}

static void
free_stale(struct session *s)
{
	while (s->stale) {
		struct stale *old = s->stale;
		s->stale = old->next;
		rd_chan_free(old->chan);
		free(old);
	}
}

static void
on_sweep(void *ctx)
{
	free_stale(ctx);
}

/* --- the object --- */

static int
open_link(struct session *s, bool in)
{
	int in_fd, out_fd;
	rd_link_stdout(&in_fd, &out_fd);
	if (in_fd < 0 && in)
		rd_link_stdio(&in_fd, &out_fd);
	int err = rd_link_open(&s->link, s->loop, in_fd, out_fd, &link_ops, s);
	if (err) {
		rd_error("standard output: %s", strerror(-err));
		return RD_EXIT_OUTPUT;
	}
	s->answers = rd_link_duplex(s->link);
	return 0;
}

static void
on_mapped(void *ctx, const struct rd_addr *outside, const char *by)
{
	struct session *s = ctx;
	struct rd_agent *agent = s->dial ? rd_dial_agent(s->dial) : NULL;
	char address[RD_ADDR_TEXT];
	rd_debug("port mapping: %s%s%s", outside->family ? rd_addr_text(outside, address) : "none",
		outside->family ? " by " : "", outside->family ? by : "");
	if (agent)
		rd_agent_mapped(agent, outside);
}

static void
open_portmap(struct session *s)
{
	static const struct rd_portmap_ops ops = {.mapped = on_mapped};
	if (s->known->portmap >= 0 &&
			rd_portmap_open(&s->portmap, s->loop, s->known->portmap, &ops, s) != 0)
		s->portmap = NULL;
}

int
session_open(struct session **out, struct rd_loop *loop, const struct options *o,
	const struct known *known, int monitor_fd, const struct rd_control_place *place, bool in)
{
	struct session *s = xcalloc(1, sizeof(*s));
	*out = s;
	s->o = o;
	s->known = known;
	s->loop = loop;
	s->say = (struct say){.json = o->json, .host = o->name};
	s->monitor = monitor_fd;
	s->policy = o->path;
	s->expects = known->has_host;
	s->host = known->host;
	s->relay = known->relay;
	s->way = known->slot ? MEET_CODE : known->has_host ? MEET_KEY : MEET_ASK;
	s->pin = o->has_key ? PIN_GIVEN : PIN_NOT;
	rd_timer_open(&s->sweep, loop, on_sweep, s);
	s->control = rd_control_open(loop, place, &control_table, s);
	s->metrics = rd_metrics_open(loop, place, &control_table, s, s->control);
	open_portmap(s);
	lose_open(s);
	ending_open(s);
	rd_loop_prepare(loop, before_sleep, s);
	int err = asking_open(s);
	if (err) {
		rd_error("no event loop: %s", strerror(-err));
		return RD_EXIT_FAILURE;
	}
	return open_link(s, in);
}

void
session_start(struct session *s)
{
	wake_say(s);
	meet(s);
}

void
session_close(struct session *s)
{
	if (!s)
		return;
	rd_metrics_close(s->metrics);
	rd_control_close(s->control);
	meet_drop(s);
	free_stale(s);
	rd_link_close(s->link);
	splice_finish(&s->splice);
	clips_finish(&s->clips);
	rd_buf_finish(&s->listen);
	rd_buf_finish(&s->watch_only);
	asking_close(s);
	ending_close(s);
	lose_close(s);
	rd_timer_close(&s->sweep);
	rd_portmap_close(s->portmap);
	rd_agent_relay_wipe(&s->relay);
	free(s);
}
