#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-top/clock_text.h"
#include "rd-top/dash.h"
#include "rd-top/layout.h"
#include "rd-top/once_local.h"
#include "rd-top/output.h"
#include "rd-top/peer.h"
#include "rd-top/ui.h"
#include "rd-top/view_local.h"

/* For text, those who answer at all have done so by then. */
#define PATIENCE_NS (2500 * RD_NS_PER_MS)

struct view {
	const struct options *o;
	struct rd_loop *loop;
	struct model model;
	struct peers *peers;
	struct ui ui;
	struct dash dash;
	struct rd_timer again, patience;	/* without a dashboard */
	bool asking;				/* and not all have answered */
	bool failed;				/* the folder cannot be read: said once */
};

/* --- the dashboard --- */

/* All have answered, or the next look is due: one more value of each graph. */
static void
complete(struct view *v)
{
	if (v->asking)
		model_look(&v->model);
	v->asking = false;
}

static void
on_look(void *ctx)
{
	struct view *v = ctx;
	char *why = NULL;
	if (v->ui.held)
		return;
	complete(v);
	v->asking = true;
	int err = peers_look(v->peers, &why);
	if (err && !v->failed)
		ui_say(&v->ui, true, "%s", why);
	v->failed = err != 0;
	free(why);
}

static void
on_draw(void *ctx, struct grid *g)
{
	static const char *const help[] = {
		"up down  j k", "another session; also page up and down, g, G",
		"enter  l", "one session on the whole page; esc: back",
		"p", "pause it, or let it go on",
		"e", "end it, after a question",
		"x", "send one of its viewers off, after a question",
		"b", "bound its rate (max-bitrate): 800k, 2M, 0 for no bound",
		"f", "force its path: auto, direct, relay",
		"R", "have its picture sent anew",
		"w", "have a recorder save what it keeps",
		"s >  <", "sort by the next column, by the one before",
		"r", "the other way round",
		"space", "hold what is shown; once more: go on",
		"Ctrl-L", "draw it anew",
		"q", "leave",
		"", "",
		"", "latency: drawn to seen; below it what each stage takes that is known here.",
		"", "kinds: what pictures are made of. See rd-top(1).",
		NULL,
	};
	struct view *v = ctx;
	char clock[CLOCK_TEXT_MAX];
	clock_text(clock, v->o->interval_ns, v->ui.held);
	if (v->ui.page == PAGE_HELP)
		layout_help(g, "rd-top", help);
	else if (v->ui.page == PAGE_SESSION)
		layout_one(g, &v->model, &v->ui, clock);
	else
		layout_list(g, &v->model, &v->ui, clock);
}

static bool
on_key(void *ctx, struct key k)
{
	struct view *v = ctx;
	struct order o = ui_key(&v->ui, &v->model, k);
	if (o.kind == ORDER_TELL)
		peers_tell(v->peers, &o);
	return o.kind != ORDER_LEAVE;
}

static const struct dash_view dash_view = {.look = on_look, .draw = on_draw, .key = on_key};

static void
on_told(void *ctx, const struct order *o, const char *why)
{
	struct view *v = ctx;
	if (*why)
		/* What does not fit is what he knows: he has just asked for it. */
		ui_say(&v->ui, true, "%s; %s", why, o->undone);
	else
		ui_say(&v->ui, false, "%s", o->done);
	dash_changed(&v->dash);
}

/* --- without --- */

static int
say(struct view *v)
{
	struct rd_buf out = {0};
	model_look(&v->model);
	if (v->o->json)
		once_local_json(&out, &v->model, (double)rd_clock_wall_ns() / (double)RD_NS_PER_S);
	else
		once_local_table(&out, &v->model, strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
			output_width());
	int code = output_write(&out);
	rd_buf_finish(&out);
	return code;
}

static void
finish_look(struct view *v)
{
	v->asking = false;
	rd_timer_clear(&v->patience);
	int code = say(v);
	if (code || !v->o->repeat)
		rd_loop_stop(v->loop, code);
	else
		rd_timer_set(&v->again, v->o->interval_ns);
}

static void
on_patience(void *ctx)
{
	struct view *v = ctx;
	char *why = NULL;
	/* Now whoever has not answered counts as one that hangs. */
	peers_look(v->peers, &why);
	free(why);
	finish_look(v);
}

static void
on_again(void *ctx)
{
	struct view *v = ctx;
	char *why = NULL;
	v->asking = true;
	int err = peers_look(v->peers, &why);
	if (err) {
		rd_error("%s", why);
		free(why);
		rd_loop_stop(v->loop, RD_EXIT_INPUT);
		return;
	}
	if (peers_pending(v->peers))
		rd_timer_set(&v->patience, PATIENCE_NS);
	else
		finish_look(v);
}

static void
on_changed(void *ctx)
{
	struct view *v = ctx;
	bool all = v->asking && !peers_pending(v->peers);
	if (options_dash(v->o)) {
		if (all)
			complete(v);
		dash_changed(&v->dash);
	} else if (all) {
		finish_look(v);
	}
}

int
view_local_run(const struct options *o)
{
	static const struct peers_ops ops = {.changed = on_changed, .told = on_told};
	struct view *v = xcalloc(1, sizeof(*v));
	int code;
	v->o = o;
	v->loop = rd_loop_new();
	v->model.sort = (enum sort)o->sort;
	v->peers = peers_new(v->loop, &v->model, &ops, v);
	rd_timer_open(&v->again, v->loop, on_again, v);
	rd_timer_open(&v->patience, v->loop, on_patience, v);
	if (options_dash(v->o)) {
		code = dash_run(&v->dash, v->loop, &dash_view, v, o->interval_ns, o->mouse);
	} else {
		on_again(v);
		code = rd_loop_run(v->loop);
	}
	peers_free(v->peers);
	rd_timer_close(&v->again);
	rd_timer_close(&v->patience);
	model_finish(&v->model);
	ui_finish(&v->ui);
	rd_loop_free(v->loop);
	free(v);
	return code;
}
