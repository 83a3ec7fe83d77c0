#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-top/clock_text.h"
#include "rd-top/dash.h"
#include "rd-top/fetch.h"
#include "rd-top/layout.h"
#include "rd-top/once_relay.h"
#include "rd-top/output.h"
#include "rd-top/view_relay.h"

struct view {
	const struct options *o;
	struct rd_loop *loop;
	struct fetch *fetch;
	struct relay relay;
	struct dash dash;
	struct rd_timer again;		/* without a dashboard */
	bool help, held;
};

/* --- the dashboard --- */

static void
on_look(void *ctx)
{
	struct view *v = ctx;
	if (!v->held)
		fetch_start(v->fetch);
}

static void
on_draw(void *ctx, struct grid *g)
{
	static const char *const help[] = {
		"space", "hold what is shown; once more: go on",
		"Ctrl-L", "draw it anew",
		"q, Esc", "leave",
		"", "",
		"", "Figures are what happened between the last two looks. A graph is as",
		"", "high as the highest value on it. What is refused: rd-relay(1), METRICS.",
		NULL,
	};
	struct view *v = ctx;
	char clock[CLOCK_TEXT_MAX];
	if (v->help) {
		layout_help(g, "rd-top --relay", help);
		return;
	}
	clock_text(clock, v->o->interval_ns, v->held);
	layout_relay(g, &v->relay, fetch_url(v->fetch), clock);
}

static bool
on_key(void *ctx, struct key k)
{
	struct view *v = ctx;
	if (v->help) {
		v->help = false;
		return true;
	}
	if (k.name == KEY_ESCAPE)
		return false;
	if (k.name != KEY_CHAR)
		return true;
	if (k.point == '?' || k.point == 'h')
		v->help = true;
	else if (k.point == ' ')
		v->held = !v->held;
	return k.point != 'q' && k.point != 'Q';
}

static const struct dash_view dash_view = {.look = on_look, .draw = on_draw, .key = on_key};

/* --- without --- */

static void
on_again(void *ctx)
{
	struct view *v = ctx;
	fetch_start(v->fetch);
}

static int
say(struct view *v)
{
	struct rd_buf out = {0};
	if (v->o->json)
		once_relay_json(&out, &v->relay, fetch_url(v->fetch),
			(double)rd_clock_wall_ns() / (double)RD_NS_PER_S);
	else
		once_relay_table(&out, &v->relay, fetch_url(v->fetch));
	int code = output_write(&out);
	rd_buf_finish(&out);
	return code;
}

/* The first page tells no rates: it takes two. */
static void
on_page_for_text(struct view *v)
{
	int code = 0;
	if (v->relay.trouble[0]) {
		rd_error("%s: %s", fetch_url(v->fetch), v->relay.trouble);
		rd_loop_stop(v->loop, v->relay.now_ns ? RD_EXIT_LOST : RD_EXIT_UNREACHABLE);
		return;
	}
	if (v->relay.before_ns)
		code = say(v);
	if (v->relay.before_ns && (code || !v->o->repeat))
		rd_loop_stop(v->loop, code);
	else
		rd_timer_set(&v->again, v->o->interval_ns);
}

static void
on_page(void *ctx, const char *text, size_t len, const char *why)
{
	struct view *v = ctx;
	if (!text)
		relay_miss(&v->relay, why);
	else if (relay_take(&v->relay, text, len, rd_clock_ns()) != 0)
		rd_debug("%s: %s", fetch_url(v->fetch), v->relay.trouble);
	if (options_dash(v->o))
		dash_changed(&v->dash);
	else
		on_page_for_text(v);
}

static int
open_fetch(struct view *v)
{
	char *why = NULL;
	int err = fetch_open(&v->fetch, v->loop, v->o->url, METRICS_PORT, on_page, v, &why);
	if (!err)
		return 0;
	rd_error("%s", why);
	free(why);
	return err == -EINVAL ? RD_EXIT_USAGE : err == -ENOMEM ? RD_EXIT_MEMORY : RD_EXIT_UNREACHABLE;
}

int
view_relay_run(const struct options *o)
{
	struct view *v = xcalloc(1, sizeof(*v));
	v->o = o;
	v->loop = rd_loop_new();
	rd_timer_open(&v->again, v->loop, on_again, v);
	int code = open_fetch(v);
	if (!code && options_dash(v->o)) {
		code = dash_run(&v->dash, v->loop, &dash_view, v, o->interval_ns, o->mouse);
	} else if (!code) {
		fetch_start(v->fetch);
		code = rd_loop_run(v->loop);
	}
	fetch_close(v->fetch);
	rd_timer_close(&v->again);
	relay_finish(&v->relay);
	rd_loop_free(v->loop);
	free(v);
	return code;
}
