#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/utf8.h"

static const char *const level_names[] = {"error", "warn", "info", "debug", "trace"};
#define LEVELS (sizeof(level_names) / sizeof(level_names[0]))

static struct {
	const char *name;
	enum rd_log_level level;
	bool held;
	char kept[8192];	/* no allocation: it may be that which fails */
	size_t kept_len;
	unsigned lost;
} log_state = {.name = "rd", .level = RD_LOG_WARN};

int
rd_log_level_parse(const char *name, enum rd_log_level *out)
{
	for (size_t i = 0; i < LEVELS; i++) {
		if (strcasecmp(name, level_names[i]) == 0) {
			*out = (enum rd_log_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

void
rd_log_open(const char *name)
{
	log_state.name = name;
	const char *wanted = getenv("RD_LOG");
	if (wanted && *wanted && rd_log_level_parse(wanted, &log_state.level) != 0)
		rd_warn("RD_LOG is none of error, warn, info, debug, trace");
}

void
rd_log_level(enum rd_log_level level)
{
	log_state.level = level;
}

/* Whatever got in: what we say is one line, and moves no terminal's cursor. */
static void
tame(char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		/* A byte that is no UTF-8 is what it is in Latin-1. */
		uint32_t point = (unsigned char)text[i];
		int got = rd_utf8_decode((const uint8_t *)text + i, len - i, &point);
		size_t n = got > 0 ? (size_t)got : 1;
		if (rd_utf8_is_control(point))
			memset(text + i, '?', n);
		i += n;
	}
}

/* One write, so that lines of tools that share a terminal stay whole. */
static void
write_line(const char *line, size_t len)
{
	ssize_t n = write(STDERR_FILENO, line, len);
	(void)n;
}

static void
keep_line(const char *line, size_t len)
{
	if (len > sizeof(log_state.kept) - log_state.kept_len) {
		log_state.lost++;
		return;
	}
	memcpy(log_state.kept + log_state.kept_len, line, len);
	log_state.kept_len += len;
}

void
rd_log_hold(void)
{
	log_state.held = true;
}

void
rd_log_go_on(void)
{
	unsigned lost = log_state.lost;
	log_state.held = false;
	log_state.lost = 0;
	if (log_state.kept_len > 0)
		write_line(log_state.kept, log_state.kept_len);
	log_state.kept_len = 0;
	if (lost)
		rd_warn("%u more lines were not kept", lost);
}

void
rd_log_put(enum rd_log_level level, const char *fmt, ...)
{
	if (level > log_state.level)
		return;
	int error = errno;
	char line[2048];
	const size_t max = sizeof(line) - 1; /* the newline always fits */
	int head = level < RD_LOG_DEBUG
		? snprintf(line, max, "%s: ", log_state.name)
		: snprintf(line, max, "%s: %s: ", log_state.name, level_names[level]);
	size_t len = head < 0 ? 0 : (size_t)head < max ? (size_t)head : max - 1;

	va_list ap;
	va_start(ap, fmt);
	int body = vsnprintf(line + len, max - len, fmt, ap);
	va_end(ap);
	if (body > 0)
		len = (size_t)body < max - len ? len + (size_t)body : max - 1;
	tame(line, len);
	line[len++] = '\n';
	if (log_state.held)
		keep_line(line, len);
	else
		write_line(line, len);
	errno = error;
}

/*
 * Appends what stands at p, as itself or escaped, and returns its length; 0 for
 * a sequence that `max` cuts in two: `left` bytes are to be shown, `whole` there.
 */
static size_t
escape_one(struct rd_buf *out, const uint8_t *p, size_t left, size_t whole)
{
	uint32_t point = 0;
	int got = rd_utf8_decode(p, left, &point);
	size_t n = got > 0 ? (size_t)got : 0;
	if (n > 0 && !rd_utf8_is_control(point)) {
		rd_buf_bytes(out, p, n);
		return n;
	}
	if (n == 0 && rd_utf8_decode(p, whole, &point) > 0)
		return 0;
	n = n ? n : 1;
	for (size_t i = 0; i < n; i++) {
		char hex[5];
		snprintf(hex, sizeof(hex), "\\x%02x", p[i]);
		rd_buf_bytes(out, hex, 4);
	}
	return n;
}

char *
rd_log_escape(const void *text, size_t len, size_t max)
{
	const uint8_t *p = text;
	size_t shown = len < max ? len : max, at = 0;
	struct rd_buf out = {0};
	while (at < shown) {
		size_t n = escape_one(&out, p + at, shown - at, len - at);
		if (n == 0)
			break;
		at += n;
	}
	if (shown < len)
		rd_buf_bytes(&out, "…", strlen("…"));
	rd_buf_u8(&out, 0);
	return (char *)out.data;
}
