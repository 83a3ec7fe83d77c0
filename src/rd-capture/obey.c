#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "desktop/x11.h"
#include "desktop/x11_place.h"
#include "desktop/x11_windows.h"
#include "rd-capture/feedback.h"
#include "rd-capture/obey.h"
#include "rd-capture/source.h"

struct obey {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_inject *inject;
	struct rd_signal signals[3];
};

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct obey *o = ctx;
	int err = feedback_input(o->inject, m);
	if (err == 0 || err == -EPROTO)
		return err;
	rd_error("the desktop takes no input any more: %s", strerror(-err));
	rd_loop_stop(o->loop, source_exit(err));
	return 0;
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct obey *o = ctx;
	bool fine = end->reason == RD_END_DONE || end->reason == RD_END_USER;
	int code = fine ? RD_EXIT_OK : end->code ? end->code : RD_EXIT_CUT_SHORT;
	if (!fine)
		rd_error("%s", end->text[0] ? end->text : "the stream was cut short");
	rd_loop_stop(o->loop, code);
}

static const struct rd_link_ops link_ops = {
	.message = on_message,
	.end = on_end,
};

static void
on_signal(void *ctx, int number)
{
	struct obey *o = ctx;
	(void)number;
	rd_loop_stop(o->loop, RD_EXIT_OK);
}

/*
 * Where the picture lies to which the positions belong, when that is not the
 * whole screen: as it is now, since nothing is captured that could follow it.
 */
static int
find_area(struct rd_rect *area, const struct rd_capture_config *cfg, char **why)
{
	struct rd_x11 x;
	if (!cfg->monitor && !cfg->window && !cfg->window_title && rd_rect_empty(cfg->region))
		return 0;
	int err = rd_x11_open(&x, cfg->display, why);
	if (err)
		return err;
	struct rd_x11_place place = {
		.drawable = cfg->window ? cfg->window : x.root,
		.monitor = cfg->monitor,
		.region = cfg->region,
	};
	if (cfg->window_title)
		err = rd_x11_window_named(&place.drawable, &x, cfg->window_title, why);
	if (!err)
		err = rd_x11_place_open(&place, &x, why);
	*area = place.desktop;
	rd_x11_close(&x);
	return err;
}

static int
obey_open(struct obey *o, const struct options *opt, char **why)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct rd_rect area = {0};
	int err = find_area(&area, &opt->capture, why);
	if (!err)
		err = rd_inject_open(&o->inject, opt->injector, o->loop, opt->capture.display, why);
	if (err)
		return err;
	rd_inject_area(o->inject, area);
	for (int i = 0; i < 3; i++)
		rd_signal_open(&o->signals[i], o->loop, numbers[i], on_signal, o);
	return rd_link_open(&o->link, o->loop, STDIN_FILENO, -1, &link_ops, o);
}

int
obey_run(const struct options *opt)
{
	struct obey o = {.loop = rd_loop_new()};
	char *why = NULL;
	int err = obey_open(&o, opt, &why), code;
	if (err) {
		rd_error("cannot inject input: %s", why ? why : strerror(-err));
		code = source_exit(err);
	} else {
		code = rd_loop_run(o.loop);
	}
	free(why);
	rd_inject_close(o.inject);
	rd_link_close(o.link);
	for (int i = 0; i < 3; i++)
		rd_signal_close(&o.signals[i]);
	rd_loop_free(o.loop);
	return code;
}
