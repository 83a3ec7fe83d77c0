#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/loop_hangup.h"
#include "base/loop_signal.h"
#include "base/mem.h"

struct prepare {
	bool (*call)(void *ctx);
	void *ctx;
};

struct rd_loop {
	struct event_base *base;
	struct hangups hangups;
	struct event *hangup_ev;
	struct signals signals;
	struct event *signal_ev; /* NULL: none was asked for */
	struct prepare *prepares;
	unsigned prepare_count;
	bool stopped;
	int code;
};

static void
log_libevent(int severity, const char *text)
{
	if (severity == EVENT_LOG_ERR)
		rd_error("event loop: %s", text);
	else
		rd_debug("event loop: %s", text);
}

static void
on_hangup(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	struct rd_loop *loop = arg;
	if (signals_tell(&loop->signals))
		return;
	struct rd_fd *w = hangups_take(&loop->hangups);
	if (w)
		w->ready(w->ctx, RD_HANGUP);
}

static struct event_base *
base_new(void)
{
	struct event_config *cfg = event_config_new();
	if (!cfg)
		return NULL;
	/* Else libevent reads a coarse clock, and timers are up to 4 ms late. */
	event_config_set_flag(cfg, EVENT_BASE_FLAG_PRECISE_TIMER);
	event_config_set_flag(cfg, EVENT_BASE_FLAG_NOLOCK);
	event_config_set_flag(cfg, EVENT_BASE_FLAG_IGNORE_ENV);
	struct event_base *base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	return base;
}

/*
 * What fails here is the lack of a few bytes or of a few descriptors; neither
 * leaves a program anything to do but end.
 */
static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	rd_error("no event loop: %s: %s", what, strerror(errno));
	exit(errno == ENOMEM ? RD_EXIT_MEMORY : RD_EXIT_FAILURE);
}

static struct event *
watch_new(struct rd_loop *loop, int fd, short what, event_callback_fn call, void *arg)
{
	struct event *ev = event_new(loop->base, fd, what, call, arg);
	must(ev != NULL, "event");
	return ev;
}

struct rd_loop *
rd_loop_new(void)
{
	signal(SIGPIPE, SIG_IGN);
	event_set_log_callback(log_libevent);
	struct rd_loop *loop = xcalloc(1, sizeof(*loop));
	loop->base = base_new();
	must(loop->base != NULL, "libevent");
	must(hangups_open(&loop->hangups) == 0, "epoll");
	signals_open(&loop->signals);
	loop->hangup_ev = watch_new(loop, loop->hangups.epoll, EV_READ | EV_PERSIST, on_hangup, loop);
	must(event_add(loop->hangup_ev, NULL) == 0, "epoll");
	return loop;
}

void
rd_loop_free(struct rd_loop *loop)
{
	if (!loop)
		return;
	event_free(loop->hangup_ev);
	if (loop->signal_ev)
		event_free(loop->signal_ev);
	event_base_free(loop->base);
	hangups_close(&loop->hangups);
	signals_close(&loop->signals);
	free(loop->prepares);
	free(loop);
}

void
rd_loop_prepare(struct rd_loop *loop, bool (*prepare)(void *ctx), void *ctx)
{
	unsigned n = loop->prepare_count++;
	loop->prepares = xreallocarray(loop->prepares, n + 1, sizeof(*loop->prepares));
	loop->prepares[n] = (struct prepare){prepare, ctx};
}

/* Whether any of them did something. */
static bool
call_prepares(struct rd_loop *loop)
{
	bool any = false;
	for (unsigned i = 0; i < loop->prepare_count && !loop->stopped; i++)
		any |= loop->prepares[i].call(loop->prepares[i].ctx);
	return any;
}

int
rd_loop_run(struct rd_loop *loop)
{
	while (!loop->stopped) {
		/*
		 * As long as a library has something to do nothing sleeps, but
		 * descriptors and timers have their turn: a flood of X events
		 * starves nobody.
		 */
		int how = call_prepares(loop) ? EVLOOP_ONCE | EVLOOP_NONBLOCK : EVLOOP_ONCE;
		if (loop->stopped)
			break;
		int err = event_base_loop(loop->base, how | EVLOOP_NO_EXIT_ON_EMPTY);
		must(err >= 0, "epoll_wait");
	}
	return loop->code;
}

void
rd_loop_stop(struct rd_loop *loop, int code)
{
	if (loop->stopped)
		return;
	loop->stopped = true;
	loop->code = code;
	event_base_loopbreak(loop->base);
}

bool
rd_loop_stopped(const struct rd_loop *loop)
{
	return loop->stopped;
}

struct event_base *
rd_loop_base(struct rd_loop *loop)
{
	return loop->base;
}

uint64_t
rd_loop_now(struct rd_loop *loop)
{
	(void)loop;
	return rd_clock_ns();
}

static void
on_fd(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	struct rd_fd *w = arg;
	/* Who was told may have closed this one; if not, it is still ready the next time. */
	if (signals_tell(&w->loop->signals))
		return;
	unsigned events = (what & EV_READ ? RD_READ : 0) | (what & EV_WRITE ? RD_WRITE : 0);
	w->ready(w->ctx, events);
}

int
rd_fd_open(struct rd_fd *w, struct rd_loop *loop, int fd,
	void (*ready)(void *ctx, unsigned events), void *ctx)
{
	int err = hangups_accepts(&loop->hangups, fd);
	if (err)
		return err;
	*w = (struct rd_fd){.loop = loop, .fd = fd, .ready = ready, .ctx = ctx};
	w->ev = watch_new(loop, fd, EV_PERSIST, on_fd, w);
	return 0;
}

static void
want_io(struct rd_fd *w, unsigned want)
{
	if (w->want & (RD_READ | RD_WRITE))
		event_del(w->ev);
	if (!want)
		return;
	short what = EV_PERSIST | (want & RD_READ ? EV_READ : 0) | (want & RD_WRITE ? EV_WRITE : 0);
	event_assign(w->ev, w->loop->base, w->fd, what, on_fd, w);
	must(event_add(w->ev, NULL) == 0, "epoll_ctl");
}

void
rd_fd_want(struct rd_fd *w, unsigned want)
{
	unsigned io = RD_READ | RD_WRITE;
	if (!w->ev)
		return;
	if ((want ^ w->want) & io)
		want_io(w, want & io);
	if (want & ~w->want & RD_HANGUP)
		must(hangups_add(&w->loop->hangups, w) == 0, "epoll_ctl");
	if (w->want & ~want & RD_HANGUP)
		hangups_remove(&w->loop->hangups, w);
	w->want = want;
}

void
rd_fd_close(struct rd_fd *w)
{
	if (!w->ev)
		return;
	rd_fd_want(w, 0);
	event_free(w->ev);
	*w = (struct rd_fd){.fd = -1};
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	struct rd_timer *t = arg;
	t->set = false;
	t->fire(t->ctx);
}

void
rd_timer_open(struct rd_timer *t, struct rd_loop *loop, void (*fire)(void *ctx), void *ctx)
{
	*t = (struct rd_timer){.fire = fire, .ctx = ctx};
	t->ev = watch_new(loop, -1, 0, on_timer, t);
}

void
rd_timer_set(struct rd_timer *t, uint64_t in_ns)
{
	/* Rounded up: a timer that fires early makes its owner spin. */
	uint64_t us = in_ns / 1000 + (in_ns % 1000 != 0);
	struct timeval tv = {
		.tv_sec = (time_t)(us / 1000000),
		.tv_usec = (suseconds_t)(us % 1000000),
	};
	must(event_add(t->ev, &tv) == 0, "timer");
	t->set = true;
}

void
rd_timer_clear(struct rd_timer *t)
{
	if (t->set)
		event_del(t->ev);
	t->set = false;
}

void
rd_timer_close(struct rd_timer *t)
{
	if (t->ev)
		event_free(t->ev);
	*t = (struct rd_timer){0};
}

static void
on_signals(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	struct rd_loop *loop = arg;
	uint64_t count;
	ssize_t n = read(fd, &count, sizeof(count));
	(void)n;
	signals_tell(&loop->signals);
}

void
rd_signal_open(struct rd_signal *s, struct rd_loop *loop, int number,
	void (*fire)(void *ctx, int signal), void *ctx)
{
	*s = (struct rd_signal){.loop = loop, .number = number, .fire = fire, .ctx = ctx};
	must(signals_add(&loop->signals, s) == 0, "signal");
	if (loop->signal_ev)
		return;
	loop->signal_ev = watch_new(loop, loop->signals.wake, EV_READ | EV_PERSIST, on_signals, loop);
	must(event_add(loop->signal_ev, NULL) == 0, "signal");
}

void
rd_signal_close(struct rd_signal *s)
{
	if (s->loop)
		signals_remove(&s->loop->signals, s);
	*s = (struct rd_signal){0};
}
