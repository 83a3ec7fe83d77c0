#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/ending.h"
#include "look/watch_priv.h"

/* How long a command that has closed its end may take to leave a status. */
#define STATUS_WAIT_NS RD_NS_PER_S
/* How long our END may take to go out. */
#define GOODBYE_NS (300 * RD_NS_PER_MS)

void
rd_watch_leave(struct rd_watch *w, int code, const char *text)
{
	if (w->leaving)
		return;
	w->leaving = true;
	w->code = code;
	if (!w->up || w->ended) {
		rd_loop_stop(w->loop, w->code);
		return;
	}
	rd_link_finish(w->link, RD_END_USER, RD_EXIT_OK, text);
	rd_timer_set(&w->patience, GOODBYE_NS);
}

/* The stream is over and all that can be known about it is. */
static void
conclude(struct rd_watch *w)
{
	struct rd_ending e = {
		.source = w->cfg.source,
		.end = &w->end,
		.broken = w->broken,
		.status = w->status,
		.greeted = rd_link_peer(w->link) != NULL,
	};
	int code = rd_ending_code(&e);
	if (code) {
		char *text = rd_ending_text(&e);
		rd_log_put(rd_ending_told(&e) ? RD_LOG_INFO : RD_LOG_ERROR, "%s: %s",
			w->cfg.source->name, text);
		free(text);
	} else {
		code = w->cfg.ops->over(w->cfg.ctx);
	}
	if (code >= 0)
		rd_loop_stop(w->loop, code);
}

/* A stream that is not whole may be explained by how the command ended. */
void
watch_over(struct rd_watch *w)
{
	bool whole = w->end.reason == RD_END_DONE || w->end.reason == RD_END_USER;
	if (!whole && w->guard.ev && w->status < 0)
		rd_timer_set(&w->patience, STATUS_WAIT_NS);
	else
		conclude(w);
}

static void
on_patience(void *ctx)
{
	struct rd_watch *w = ctx;
	if (w->leaving)
		rd_loop_stop(w->loop, w->code);
	else
		conclude(w);
}

static void
on_guard(void *ctx, unsigned events)
{
	struct rd_watch *w = ctx;
	(void)events;
	int status;
	ssize_t n = recv(w->cfg.guard_fd, &status, sizeof(status), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof(status)) {
		rd_fd_close(&w->guard);
		rd_watch_leave(w, RD_EXIT_FAILURE, "the process that began this is gone");
		return;
	}
	w->status = status;
	if (w->ended && !w->leaving && w->patience.set) {
		rd_timer_clear(&w->patience);
		conclude(w);
	}
}

static void
on_signal(void *ctx, int signal)
{
	rd_watch_leave(ctx, 128 + signal, "interrupted");
}

static void
on_timeout(void *ctx)
{
	struct rd_watch *w = ctx;
	int code = RD_EXIT_TIMEOUT;
	if (w->leaving)
		return;
	if (w->cfg.ops->late)
		code = w->cfg.ops->late(w->cfg.ctx);
	else
		rd_error("%s: the time set by --timeout is over", w->cfg.source->name);
	rd_watch_leave(w, code, "a limit of time has passed");
}

void
watch_unheard(struct rd_watch *w)
{
	/* That was our END, or nobody is left to hear it. */
	if (w->leaving)
		rd_loop_stop(w->loop, w->code);
}

void
watch_end_open(struct rd_watch *w)
{
	static const int numbers[WATCH_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	w->status = -1;
	rd_timer_open(&w->patience, w->loop, on_patience, w);
	rd_timer_open(&w->timeout, w->loop, on_timeout, w);
	if (w->cfg.timeout_ns)
		rd_timer_set(&w->timeout, w->cfg.timeout_ns);
	for (int i = 0; i < WATCH_SIGNALS; i++)
		rd_signal_open(&w->signals[i], w->loop, numbers[i], on_signal, w);
	if (w->cfg.guard_fd >= 0 &&
			rd_fd_open(&w->guard, w->loop, w->cfg.guard_fd, on_guard, w) == 0)
		rd_fd_want(&w->guard, RD_READ);
}

void
watch_end_close(struct rd_watch *w)
{
	rd_fd_close(&w->guard);
	rd_timer_close(&w->patience);
	rd_timer_close(&w->timeout);
	for (int i = 0; i < WATCH_SIGNALS; i++)
		rd_signal_close(&w->signals[i]);
}
