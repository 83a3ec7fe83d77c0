#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"

static struct {
	bool silent;
	void (*heard)(void *ctx, const char *line, size_t len);
	void *ctx;
} to;

void
rd_event_print(bool on)
{
	to.silent = !on;
}

void
rd_event_listen(void (*heard)(void *ctx, const char *line, size_t len), void *ctx)
{
	to.heard = heard;
	to.ctx = ctx;
}

bool
rd_event_wanted(void)
{
	return !to.silent || to.heard;
}

void
rd_event_begin(struct rd_event *e, const char *name)
{
	uint64_t ms = rd_clock_wall_ns() / RD_NS_PER_MS;
	*e = (struct rd_event){0};
	rd_json_open(&e->json, '{');
	rd_json_put_text(&e->json, "event", name);
	rd_json_put_real(&e->json, "time", (double)ms / 1000, 3);
}

void
rd_event_text(struct rd_event *e, const char *key, const char *text)
{
	rd_json_put_text(&e->json, key, text);
}

void
rd_event_number(struct rd_event *e, const char *key, int64_t value)
{
	rd_json_put_number(&e->json, key, value);
}

void
rd_event_real(struct rd_event *e, const char *key, double value)
{
	rd_json_put_real(&e->json, key, value, 3);
}

void
rd_event_end(struct rd_event *e)
{
	rd_json_close(&e->json, '}');
	rd_json_line(&e->json);
	struct rd_buf *line = &e->json.text;
	if (!to.silent) {
		/* A reader that has gone is no reason to end: the sessions go on. */
		ssize_t n = write(STDERR_FILENO, line->data, line->len);
		(void)n;
	}
	if (to.heard)
		to.heard(to.ctx, (const char *)line->data, line->len);
	rd_json_finish(&e->json);
}
