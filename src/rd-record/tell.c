#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-record/tell.h"

#define PROGRESS_NS (200 * RD_NS_PER_MS)

static double
seconds(uint64_t ns)
{
	return (double)ns / (double)RD_NS_PER_S;
}

void
tell_init(struct tell *t, const struct options *o, bool converting)
{
	*t = (struct tell){.o = o};
	t->names = !o->quiet && strcmp(o->path, "-") != 0;
	t->progress = converting && !o->quiet && !o->json && isatty(STDERR_FILENO);
	t->began_ns = rd_clock_ns();
}

void
tell_began(struct tell *t, const char *name)
{
	struct rd_event e;
	(void)t;
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "recording");
	rd_event_text(&e, "file", name);
	rd_event_end(&e);
}

void
tell_first(struct tell *t, int width, int height)
{
	struct rd_event e;
	(void)t;
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "picture");
	rd_event_number(&e, "width", width);
	rd_event_number(&e, "height", height);
	rd_event_end(&e);
}

static void
saved_event(const struct writer_told *told)
{
	struct rd_event e;
	rd_event_begin(&e, "saved");
	rd_event_text(&e, "file", told->name);
	rd_event_real(&e, "seconds", seconds(told->duration_ns));
	rd_event_number(&e, "bytes", (int64_t)told->bytes);
	rd_event_number(&e, "pictures", (int64_t)told->pictures);
	if (told->error)
		rd_event_text(&e, "error", strerror(-told->error));
	rd_event_end(&e);
}

int
tell_saved(struct tell *t, const struct writer_told *told)
{
	tell_clear(t);
	if (rd_event_wanted())
		saved_event(told);
	if (!t->names)
		return 0;
	printf("%s\n", told->name);
	return fflush(stdout) == 0 ? 0 : -errno;
}

void
tell_words(struct tell *t, const char *event, uint64_t time_ns, const char *text)
{
	struct rd_event e;
	(void)t;
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, event);
	rd_event_real(&e, "at", seconds(time_ns));
	rd_event_text(&e, "text", text);
	rd_event_end(&e);
}

void
tell_progress(struct tell *t, uint64_t time_ns, double part)
{
	uint64_t now = rd_clock_ns();
	if (!t->progress || now < t->next_ns)
		return;
	t->next_ns = now + PROGRESS_NS;
	t->line = true;
	double pace = seconds(time_ns) / (seconds(now - t->began_ns) + 1e-9);
	fprintf(stderr, "\r%.1f s", seconds(time_ns));
	if (part >= 0)
		fprintf(stderr, ", %.0f %%", part * 100);
	fprintf(stderr, ", %.1f times as fast as it was\033[K", pace);
	fflush(stderr);
}

void
tell_clear(struct tell *t)
{
	if (t->line)
		fputs("\r\033[K", stderr);
	t->line = false;
}

void
tell_end(struct tell *t, int code, const char *text)
{
	struct rd_event e;
	const char *name = rd_exit_name(code);
	tell_clear(t);
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "end");
	rd_event_number(&e, "code", code);
	if (name)
		rd_event_text(&e, "name", name);
	if (text)
		rd_event_text(&e, "text", text);
	rd_event_end(&e);
}
