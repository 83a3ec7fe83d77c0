#include <stdlib.h>
#include <sys/time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "sound/pulse_loop.h"

struct rd_pulse_loop {
	struct rd_loop *loop;
	pa_mainloop_api api;
};

/*
 * The three kinds of event. libpulse frees them also from within their own
 * callback; rd_fd and rd_timer may be closed there, but we look at the event
 * afterwards (a deferred one comes again), so memory goes when that is over.
 */
struct pa_io_event {
	struct rd_pulse_loop *owner;
	struct rd_fd watch;
	pa_io_event_cb_t call;
	pa_io_event_destroy_cb_t destroy;
	void *userdata;
};

struct pa_time_event {
	struct rd_pulse_loop *owner;
	struct rd_timer timer;
	struct timeval at;
	pa_time_event_cb_t call;
	pa_time_event_destroy_cb_t destroy;
	void *userdata;
};

struct pa_defer_event {
	struct rd_pulse_loop *owner;
	struct rd_timer timer;
	bool enabled, calling, freed;
	pa_defer_event_cb_t call;
	pa_defer_event_destroy_cb_t destroy;
	void *userdata;
};

static struct rd_pulse_loop *
owner_of(pa_mainloop_api *api)
{
	return api->userdata;
}

/* --- descriptors --- */

static void
on_ready(void *ctx, unsigned events)
{
	pa_io_event *e = ctx;
	int flags = (events & RD_READ ? PA_IO_EVENT_INPUT : 0) |
		(events & RD_WRITE ? PA_IO_EVENT_OUTPUT : 0) |
		(events & RD_HANGUP ? PA_IO_EVENT_HANGUP : 0);
	e->call(&e->owner->api, e, e->watch.fd, (pa_io_event_flags_t)flags, e->userdata);
}

/* A hang-up is not asked for: it comes as something to read, and reading says so. */
static void
io_enable(pa_io_event *e, pa_io_event_flags_t flags)
{
	rd_fd_want(&e->watch, (flags & PA_IO_EVENT_INPUT ? RD_READ : 0) |
		(flags & PA_IO_EVENT_OUTPUT ? RD_WRITE : 0));
}

static pa_io_event *
io_new(pa_mainloop_api *api, int fd, pa_io_event_flags_t flags, pa_io_event_cb_t call,
	void *userdata)
{
	pa_io_event *e = xcalloc(1, sizeof(*e));
	e->owner = owner_of(api);
	e->call = call;
	e->userdata = userdata;
	int err = rd_fd_open(&e->watch, e->owner->loop, fd, on_ready, e);
	if (err) {
		free(e);
		return NULL;
	}
	io_enable(e, flags);
	return e;
}

static void
io_free(pa_io_event *e)
{
	rd_fd_close(&e->watch);
	if (e->destroy)
		e->destroy(&e->owner->api, e, e->userdata);
	free(e);
}

static void
io_set_destroy(pa_io_event *e, pa_io_event_destroy_cb_t call)
{
	e->destroy = call;
}

/* --- times, of the clock on the wall: libpulse gives others only to its own loops --- */

static void
on_time(void *ctx)
{
	pa_time_event *e = ctx;
	e->call(&e->owner->api, e, &e->at, e->userdata);
}

static void
time_restart(pa_time_event *e, const struct timeval *at)
{
	struct timeval now;
	rd_timer_clear(&e->timer);
	if (!at)
		return;
	e->at = *at;
	gettimeofday(&now, NULL);
	int64_t in_us = (int64_t)(at->tv_sec - now.tv_sec) * 1000000 + (at->tv_usec - now.tv_usec);
	rd_timer_set(&e->timer, in_us > 0 ? (uint64_t)in_us * 1000 : 0);
}

static pa_time_event *
time_new(pa_mainloop_api *api, const struct timeval *at, pa_time_event_cb_t call, void *userdata)
{
	pa_time_event *e = xcalloc(1, sizeof(*e));
	e->owner = owner_of(api);
	e->call = call;
	e->userdata = userdata;
	rd_timer_open(&e->timer, e->owner->loop, on_time, e);
	time_restart(e, at);
	return e;
}

static void
time_free(pa_time_event *e)
{
	rd_timer_close(&e->timer);
	if (e->destroy)
		e->destroy(&e->owner->api, e, e->userdata);
	free(e);
}

static void
time_set_destroy(pa_time_event *e, pa_time_event_destroy_cb_t call)
{
	e->destroy = call;
}

/* --- what is to be done at once, as often as it stays enabled --- */

static void
on_defer(void *ctx)
{
	pa_defer_event *e = ctx;
	e->calling = true;
	e->call(&e->owner->api, e, e->userdata);
	e->calling = false;
	if (e->freed)
		free(e);
	else if (e->enabled)
		rd_timer_set(&e->timer, 0);
}

static void
defer_enable(pa_defer_event *e, int enable)
{
	e->enabled = enable;
	if (!enable)
		rd_timer_clear(&e->timer);
	else if (!e->calling)
		rd_timer_set(&e->timer, 0);
}

static pa_defer_event *
defer_new(pa_mainloop_api *api, pa_defer_event_cb_t call, void *userdata)
{
	pa_defer_event *e = xcalloc(1, sizeof(*e));
	e->owner = owner_of(api);
	e->call = call;
	e->userdata = userdata;
	rd_timer_open(&e->timer, e->owner->loop, on_defer, e);
	defer_enable(e, 1);
	return e;
}

static void
defer_free(pa_defer_event *e)
{
	rd_timer_close(&e->timer);
	if (e->destroy)
		e->destroy(&e->owner->api, e, e->userdata);
	e->freed = true;
	if (!e->calling)
		free(e);
}

static void
defer_set_destroy(pa_defer_event *e, pa_defer_event_destroy_cb_t call)
{
	e->destroy = call;
}

/* Only pa_signal and the like ask for that. */
static void
quit(pa_mainloop_api *api, int code)
{
	(void)api;
	rd_debug("libpulse wants to end us: %d", code);
}

struct rd_pulse_loop *
rd_pulse_loop_new(struct rd_loop *loop)
{
	struct rd_pulse_loop *p = xcalloc(1, sizeof(*p));
	p->loop = loop;
	p->api = (pa_mainloop_api){
		.userdata = p,
		.io_new = io_new,
		.io_enable = io_enable,
		.io_free = io_free,
		.io_set_destroy = io_set_destroy,
		.time_new = time_new,
		.time_restart = time_restart,
		.time_free = time_free,
		.time_set_destroy = time_set_destroy,
		.defer_new = defer_new,
		.defer_enable = defer_enable,
		.defer_free = defer_free,
		.defer_set_destroy = defer_set_destroy,
		.quit = quit,
	};
	return p;
}

void
rd_pulse_loop_free(struct rd_pulse_loop *p)
{
	free(p);
}

pa_mainloop_api *
rd_pulse_loop_api(struct rd_pulse_loop *p)
{
	return &p->api;
}
