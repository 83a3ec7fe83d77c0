#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/ending.h"
#include "rd-view/session_priv.h"

/* How long a command that has closed its end may take to leave a status. */
#define STATUS_WAIT_NS RD_NS_PER_S
/* How long our END may take to go out. */
#define GOODBYE_NS (300 * RD_NS_PER_MS)

/* The view completes its output, once; the first thing that went wrong counts. */
static void
finish_view(struct session *s)
{
	if (s->finished)
		return;
	s->finished = true;
	/* What failed before the first picture has been said already. */
	if (s->code && !s->shown)
		return;
	int code = s->ops->finish ? s->ops->finish(s->view) : 0;
	if (!s->code)
		s->code = code;
}

void
session_leave(struct session *s, int code, const char *text)
{
	if (s->leaving)
		return;
	s->leaving = true;
	/* What is not concluded yet has no code of its own. */
	if (!s->ended || s->patience.set)
		s->code = code;
	finish_view(s);
	if (!s->up || s->ended) {
		rd_loop_stop(s->loop, s->code);
		return;
	}
	rd_link_finish(s->link, RD_END_USER, RD_EXIT_OK, text);
	rd_timer_set(&s->patience, GOODBYE_NS);
}

static bool
wants_hold(const struct session *s, bool failed)
{
	if (!s->ops->hold || s->o->hold == HOLD_NO)
		return false;
	return s->o->hold == HOLD_YES || (failed && s->shown && isatty(STDERR_FILENO));
}

/* The stream is over and all that can be known about it is. */
static void
conclude(struct session *s)
{
	struct rd_ending e = {
		.source = s->source,
		.end = &s->end,
		.broken = s->broken,
		.status = s->status,
		.greeted = rd_link_peer(s->link) != NULL,
	};
	char *text = rd_ending_text(&e);
	s->code = rd_ending_code(&e);
	if (s->code)
		rd_log_put(rd_ending_told(&e) ? RD_LOG_INFO : RD_LOG_ERROR, "%s: %s", s->source->name, text);
	/* What is there now stays. */
	rd_timer_clear(&s->settle);
	struct view_end end = {.failed = s->code != 0, .reason = text};
	finish_view(s);
	if (wants_hold(s, end.failed))
		s->ops->hold(s->view, &end);
	else
		rd_loop_stop(s->loop, s->code);
	free(text);
}

/* A stream that is not whole may be explained by how the command ended. */
void
session_over(struct session *s)
{
	bool whole = s->end.reason == RD_END_DONE || s->end.reason == RD_END_USER;
	if (!whole && s->source->argv && s->guard_fd >= 0 && s->status < 0)
		rd_timer_set(&s->patience, STATUS_WAIT_NS);
	else
		conclude(s);
}

static void
on_patience(void *ctx)
{
	struct session *s = ctx;
	if (s->leaving)
		rd_loop_stop(s->loop, s->code);
	else
		conclude(s);
}

static void
on_guard(void *ctx, unsigned events)
{
	struct session *s = ctx;
	(void)events;
	int status;
	ssize_t n = recv(s->guard_fd, &status, sizeof(status), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof(status)) {
		rd_fd_close(&s->guard);
		session_leave(s, RD_EXIT_FAILURE, "the process above rd-view is gone");
		return;
	}
	s->status = status;
	if (s->ended && !s->leaving && s->patience.set) {
		rd_timer_clear(&s->patience);
		conclude(s);
	}
}

static void
on_signal(void *ctx, int signal)
{
	session_leave(ctx, 128 + signal, "interrupted");
}

static void
on_timeout(void *ctx)
{
	struct session *s = ctx;
	if (!s->ended)
		rd_error("%s: the time set by --timeout is over", s->source->name);
	session_leave(s, RD_EXIT_TIMEOUT, "a limit of time has passed");
}

void
session_unheard(struct session *s)
{
	/* That was our END, or nobody is left to hear it. */
	if (s->leaving)
		rd_loop_stop(s->loop, s->code);
}

void
session_end_open(struct session *s)
{
	static const int numbers[SESSION_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	s->status = -1;
	rd_timer_open(&s->patience, s->loop, on_patience, s);
	rd_timer_open(&s->timeout, s->loop, on_timeout, s);
	if (s->o->timeout_ns)
		rd_timer_set(&s->timeout, s->o->timeout_ns);
	for (int i = 0; i < SESSION_SIGNALS; i++)
		rd_signal_open(&s->signals[i], s->loop, numbers[i], on_signal, s);
	if (s->guard_fd >= 0 && rd_fd_open(&s->guard, s->loop, s->guard_fd, on_guard, s) == 0)
		rd_fd_want(&s->guard, RD_READ);
}

void
session_end_close(struct session *s)
{
	rd_fd_close(&s->guard);
	rd_timer_close(&s->patience);
	rd_timer_close(&s->timeout);
	for (int i = 0; i < SESSION_SIGNALS; i++)
		rd_signal_close(&s->signals[i]);
}
