#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-top/dash.h"
#include "rd-top/screen.h"

/* Answers that come together are shown together. */
#define GATHER_NS (20 * RD_NS_PER_MS)

static void
draw(struct dash *d)
{
	struct grid g;
	unsigned rows, cols;
	screen_size(&rows, &cols);
	grid_init(&g, rows, cols, screen_utf8());
	d->view->draw(d->ctx, &g);
	screen_show(&g);
	grid_finish(&g);
}

static void
on_draw(void *ctx)
{
	draw(ctx);
}

void
dash_changed(struct dash *d)
{
	if (d->open && !d->draw.set)
		rd_timer_set(&d->draw, GATHER_NS);
}

static void
on_look(void *ctx)
{
	struct dash *d = ctx;
	rd_timer_set(&d->look, d->interval_ns);
	d->view->look(d->ctx);
	dash_changed(d);
}

static void
on_input(void *ctx, unsigned events)
{
	struct dash *d = ctx;
	(void)events;
	if (screen_gone()) {
		rd_loop_stop(d->loop, RD_EXIT_OUTPUT);
		return;
	}
	for (struct key k = screen_key(); k.name != KEY_NONE; k = screen_key()) {
		if (k.name == KEY_CHAR && k.point == ('L' & 0x1f))
			screen_redraw();
		else if (!d->view->key(d->ctx, k)) {
			rd_loop_stop(d->loop, 0);
			return;
		}
	}
	draw(d);
}

static void
on_resized(void *ctx, int signal)
{
	(void)signal;
	screen_resize();
	draw(ctx);
}

static void
on_ended(void *ctx, int signal)
{
	struct dash *d = ctx;
	(void)signal;
	rd_loop_stop(d->loop, 0);
}

static int
watch(struct dash *d)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	rd_timer_open(&d->look, d->loop, on_look, d);
	rd_timer_open(&d->draw, d->loop, on_draw, d);
	rd_signal_open(&d->resized, d->loop, SIGWINCH, on_resized, d);
	for (unsigned i = 0; i < 3; i++)
		rd_signal_open(&d->ended[i], d->loop, ends[i], on_ended, d);
	int err = rd_fd_open(&d->input, d->loop, STDIN_FILENO, on_input, d);
	if (!err)
		rd_fd_want(&d->input, RD_READ);
	return err;
}

static void
unwatch(struct dash *d)
{
	rd_fd_close(&d->input);
	rd_timer_close(&d->look);
	rd_timer_close(&d->draw);
	rd_signal_close(&d->resized);
	for (unsigned i = 0; i < 3; i++)
		rd_signal_close(&d->ended[i]);
}

int
dash_run(struct dash *d, struct rd_loop *loop, const struct dash_view *view, void *ctx,
	uint64_t interval_ns, bool mouse)
{
	*d = (struct dash){.loop = loop, .view = view, .ctx = ctx, .interval_ns = interval_ns};
	int code = screen_open(mouse);
	if (code)
		return code;
	int err = watch(d);
	if (!err) {
		d->open = true;
		on_look(d);
		code = rd_loop_run(loop);
		d->open = false;
	}
	unwatch(d);
	screen_close();
	if (!err)
		return code;
	rd_error("the terminal cannot be waited for: %s", strerror(-err));
	return RD_EXIT_FAILURE;
}
