/*
 * rd-indicator: who is connected to this desktop, on the desktop itself.
 *
 * In: the control socket of an rd-send (control/server.h). Out: a small window that
 * is above all others while somebody is connected, and is not there else. Back: by
 * its buttons and keys, "pause", "resume" and "end".
 *
 * It ends with its rd-send; what becomes of it changes nothing there. Start reading
 * at people.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/std.h"
#include "rd-indicator/host.h"
#include "rd-indicator/options.h"
#include "rd-indicator/window.h"

#define SIGNALS 3

struct indicator {
	struct rd_loop *loop;
	struct rd_x11 x;
	struct host host;
	struct window window;
	struct rd_signal signals[SIGNALS];
};

static void
on_changed(void *ctx)
{
	struct indicator *in = ctx;
	window_update(&in->window);
}

static void
on_ended(void *ctx)
{
	struct indicator *in = ctx;
	rd_loop_stop(in->loop, RD_EXIT_OK);
}

static void
on_lost(void *ctx)
{
	struct indicator *in = ctx;
	rd_debug("display %s is gone", in->x.display);
	rd_loop_stop(in->loop, RD_EXIT_NO_DISPLAY);
}

static void
on_pressed(void *ctx, enum panel_button b)
{
	struct indicator *in = ctx;
	if (b == PANEL_PAUSE)
		host_pause(&in->host);
	else
		host_end(&in->host);
}

static void
on_signal(void *ctx, int number)
{
	struct indicator *in = ctx;
	(void)number;
	rd_loop_stop(in->loop, RD_EXIT_OK);
}

/* -1: go on; else the exit status. */
static int
open_display(struct indicator *in, const struct options *o)
{
	char *why = NULL;
	int err = rd_x11_open(&in->x, o->display, &why);
	if (!err)
		err = window_open(&in->window, &why);
	if (!err)
		return -1;
	rd_log_put(o->quiet ? RD_LOG_DEBUG : RD_LOG_ERROR, "%s", why);
	free(why);
	return o->quiet ? RD_EXIT_OK : err == -ENOTUNIQ ? RD_EXIT_CHOOSE
		: err == -ENOTSUP ? RD_EXIT_UNSUPPORTED : RD_EXIT_NO_DISPLAY;
}

static int
run(struct indicator *in, const struct options *o)
{
	static const int signals[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	struct rd_control_found host;
	int code = host_find(&host, o->whom);
	if (code)
		return code;
	struct chord *keys = in->window.keys.chords.chord;
	keys[0] = (struct chord){.text = o->pause_key, .wanted = o->pause, .does = PANEL_PAUSE};
	keys[1] = (struct chord){.text = o->end_key, .wanted = o->end, .does = PANEL_END};
	code = open_display(in, o);
	if (code >= 0)
		return code;
	code = host_open(&in->host, in->loop, &host);
	if (code)
		return code;
	for (int i = 0; i < SIGNALS; i++)
		rd_signal_open(&in->signals[i], in->loop, signals[i], on_signal, in);
	code = rd_loop_run(in->loop);
	for (int i = 0; i < SIGNALS; i++)
		rd_signal_close(&in->signals[i]);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct indicator in = {.host.talk.fd = -1};
	int code;
	rd_std_open();
	rd_log_open("rd-indicator");
	if (!options_parse(&o, argc, argv, &code))
		return code;
	in.loop = rd_loop_new();
	in.host.changed = on_changed;
	in.host.ended = on_ended;
	in.window.loop = in.loop;
	in.window.x = &in.x;
	in.window.people = &in.host.people;
	in.window.pressed = on_pressed;
	in.window.lost = on_lost;
	in.host.ctx = in.window.ctx = &in;
	code = run(&in, &o);
	window_close(&in.window);
	host_close(&in.host);
	rd_x11_close(&in.x);
	rd_loop_free(in.loop);
	return code;
}
