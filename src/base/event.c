#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"

static void
put(struct rd_event *e, const char *text)
{
	rd_buf_bytes(&e->line, text, strlen(text));
}

static void
put_string(struct rd_event *e, const char *text)
{
	char code[8];
	put(e, "\"");
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == '"' || *p == '\\') {
			snprintf(code, sizeof(code), "\\u%04x", *p);
			put(e, code);
		} else {
			rd_buf_u8(&e->line, *p);
		}
	}
	put(e, "\"");
}

static void
put_key(struct rd_event *e, const char *key)
{
	put(e, ",");
	put_string(e, key);
	put(e, ":");
}

void
rd_event_begin(struct rd_event *e, const char *name)
{
	char time[64];
	uint64_t ms = rd_clock_wall_ns() / RD_NS_PER_MS;
	e->line = (struct rd_buf){0};
	snprintf(time, sizeof(time), ",\"time\":%" PRIu64 ".%03" PRIu64, ms / 1000, ms % 1000);
	put(e, "{\"event\":");
	put_string(e, name);
	put(e, time);
}

void
rd_event_text(struct rd_event *e, const char *key, const char *text)
{
	put_key(e, key);
	put_string(e, text);
}

void
rd_event_number(struct rd_event *e, const char *key, int64_t value)
{
	char text[24];
	put_key(e, key);
	snprintf(text, sizeof(text), "%" PRId64, value);
	put(e, text);
}

void
rd_event_real(struct rd_event *e, const char *key, double value)
{
	char text[48];
	put_key(e, key);
	snprintf(text, sizeof(text), "%.3f", value);
	put(e, text);
}

void
rd_event_end(struct rd_event *e)
{
	put(e, "}\n");
	/* A reader that has gone is no reason to end: the sessions go on. */
	ssize_t n = write(STDERR_FILENO, e->line.data, e->line.len);
	(void)n;
	rd_buf_finish(&e->line);
}
