#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "look/ending.h"
#include "rd-record/session_priv.h"

/* How long a command that has closed its end may take to leave a status. */
#define STATUS_WAIT_NS RD_NS_PER_S
/* How long a last picture may take to come: on a loaded machine, its time. */
#define LOOK_NS (2 * RD_NS_PER_S)
/* How long our END may take to go out. */
#define GOODBYE_NS (300 * RD_NS_PER_MS)

/* The first thing that went wrong counts. */
static void
note(struct session *s, int code, const char *text)
{
	if (s->code || !code)
		return;
	s->code = code;
	s->text = text ? xstrdup(text) : NULL;
}

static void
complete(struct session *s)
{
	note(s, recorder_end(&s->recorder, s->code != 0), NULL);
	tell_end(&s->recorder.tell, s->code, s->text);
}

void
session_leave(struct session *s, int code, const char *text)
{
	if (s->leaving)
		return;
	s->leaving = true;
	note(s, code, text);
	complete(s);
	if (!s->up || s->ended) {
		rd_loop_stop(s->loop, s->code);
		return;
	}
	rd_link_finish(s->link, RD_END_USER, RD_EXIT_OK, text);
	rd_timer_set(&s->patience, GOODBYE_NS);
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
	int code = rd_ending_code(&e);
	tell_clear(&s->recorder.tell);
	if (code)
		rd_log_put(rd_ending_told(&e) ? RD_LOG_INFO : RD_LOG_ERROR, "%s: %s", s->source->name,
			text);
	note(s, code, text);
	free(text);
	/* What the others hold is worth having, too. */
	if (++s->source < s->past) {
		rd_timer_set(&s->next, 0);
		return;
	}
	s->source--;
	s->leaving = true;
	complete(s);
	rd_loop_stop(s->loop, s->code);
}

/* A stream that is not whole may be explained by how the command ended. */
void
session_over(struct session *s)
{
	if (s->looking) {
		session_looked(s);
		return;
	}
	bool whole = s->end.reason == RD_END_DONE || s->end.reason == RD_END_USER;
	if (!whole && s->guard_fd >= 0 && s->status < 0)
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
	else if (s->looking)
		session_looked(s);
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
		session_leave(s, RD_EXIT_FAILURE, "the process above rd-record is gone");
		return;
	}
	s->status = status;
	if (s->ended && !s->leaving && s->patience.set) {
		rd_timer_clear(&s->patience);
		conclude(s);
	}
}

/*
 * Whether what is shown now may be more than we have heard of, and can be had.
 * Straight from a desktop, pictures cost next to nothing; over a network a whole
 * one may be more than anybody wants to wait for.
 */
static bool
may_look(const struct session *s)
{
	const struct rd_hello *peer = rd_link_peer(s->link);
	return s->up && s->recorder.live && s->recorder.begun && peer &&
		strcmp(peer->program, "rd-capture") == 0;
}

void
session_looked(struct session *s)
{
	session_leave(s, RD_EXIT_OK, "the recording was ended");
}

/*
 * To be told to end is how a recording ends. What was on the screen at that
 * moment is in it: the program it shows may have ended just now.
 */
static void
on_signal(void *ctx, int signal)
{
	struct session *s = ctx;
	if (signal == SIGUSR1)
		recorder_save(&s->recorder);
	else if (s->looking || s->leaving || !may_look(s))
		session_looked(s);
	else {
		s->looking = true;
		session_refresh(s);
		rd_timer_set(&s->patience, LOOK_NS);
	}
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
	static const int numbers[SESSION_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
	s->status = -1;
	rd_timer_open(&s->patience, s->loop, on_patience, s);
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
	for (int i = 0; i < SESSION_SIGNALS; i++)
		rd_signal_close(&s->signals[i]);
}
