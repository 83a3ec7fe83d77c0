#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-run/tell.h"

void
tell_error(const struct tell *t, const char *fmt, ...)
{
	char text[2048];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!t->json) {
		rd_error("%s", text);
		return;
	}
	struct rd_event e;
	rd_event_begin(&e, "error");
	rd_event_text(&e, "text", text);
	rd_event_end(&e);
}

static void
write_line(const char *line)
{
	char *whole = xasprintf("%s\n", line);
	/* Nobody may be left to read it. */
	ssize_t n = write(STDERR_FILENO, whole, strlen(whole));
	(void)n;
	free(whole);
}

void
tell_words(const struct tell *t, const char *line)
{
	if (!t->json) {
		write_line(line);
		return;
	}
	struct rd_event e;
	rd_event_begin(&e, "words");
	rd_event_text(&e, "text", line);
	rd_event_end(&e);
}

void
tell_event_line(const struct tell *t, const char *line)
{
	if (t->json)
		write_line(line);
}

/* Begins an event where they are wanted. */
static bool
begin(const struct tell *t, struct rd_event *e, const char *name)
{
	if (t->json)
		rd_event_begin(e, name);
	return t->json;
}

void
tell_display(const struct tell *t, int number, int width, int height)
{
	struct rd_event e;
	char name[16];
	if (!begin(t, &e, "display"))
		return;
	snprintf(name, sizeof(name), ":%d", number);
	rd_event_text(&e, "display", name);
	rd_event_number(&e, "width", width);
	rd_event_number(&e, "height", height);
	rd_event_end(&e);
}

void
tell_started(const struct tell *t, int pid)
{
	struct rd_event e;
	if (!begin(t, &e, "started"))
		return;
	rd_event_number(&e, "pid", pid);
	rd_event_end(&e);
}

static void
put_signal(struct rd_event *e, int sig)
{
	const char *name = sigabbrev_np(sig);
	if (name)
		rd_event_text(e, "signal", name);
}

void
tell_signal(const struct tell *t, int sig)
{
	struct rd_event e;
	if (!begin(t, &e, "signal"))
		return;
	put_signal(&e, sig);
	rd_event_end(&e);
}

void
tell_timeout(const struct tell *t, double seconds)
{
	struct rd_event e;
	if (!begin(t, &e, "timeout")) {
		rd_error("the command has not ended after %g s: it is ended now", seconds);
		return;
	}
	rd_event_real(&e, "seconds", seconds);
	rd_event_end(&e);
}

void
tell_ended(const struct tell *t, int status, int sig, double seconds)
{
	struct rd_event e;
	if (!begin(t, &e, "ended"))
		return;
	rd_event_number(&e, "status", status);
	if (sig)
		put_signal(&e, sig);
	rd_event_real(&e, "seconds", seconds);
	rd_event_end(&e);
}

void
tell_left(const struct tell *t, int processes)
{
	struct rd_event e;
	if (!begin(t, &e, "left")) {
		rd_info("the command left %d processes behind, which are ended", processes);
		return;
	}
	rd_event_number(&e, "processes", processes);
	rd_event_end(&e);
}

void
tell_kept(const struct tell *t, const char *path, double seconds, double bytes)
{
	struct rd_event e;
	if (begin(t, &e, "kept")) {
		rd_event_text(&e, "path", path);
		rd_event_real(&e, "seconds", seconds);
		rd_event_number(&e, "bytes", (int64_t)bytes);
		rd_event_end(&e);
	} else if (!t->quiet) {
		/* Not an error, and yet shown: it is what was asked for. */
		char *line = xasprintf("rd-run: recording: %s (%.1f s, %.0f kB)", path, seconds,
			bytes / 1000);
		write_line(line);
		free(line);
	}
}

void
tell_dropped(const struct tell *t, const char *path)
{
	struct rd_event e;
	if (!begin(t, &e, "dropped"))
		return;
	rd_event_text(&e, "path", path);
	rd_event_end(&e);
}

void
tell_end(const struct tell *t, int code, bool ours)
{
	struct rd_event e;
	const char *name = ours ? rd_exit_name(code) : NULL;
	if (!begin(t, &e, "end"))
		return;
	rd_event_number(&e, "code", code);
	rd_event_text(&e, "of", ours ? "rd-run" : "command");
	if (name)
		rd_event_text(&e, "name", name);
	rd_event_end(&e);
}
