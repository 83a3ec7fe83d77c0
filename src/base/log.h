#ifndef RD_BASE_LOG_H
#define RD_BASE_LOG_H

#include <stddef.h>

/*
 * Words for people, on stderr: "rd-view: the stream was cut short". The log is
 * the one global of the house.
 *
 *	error	the user loses something
 *	warn	it goes on, degraded
 *	info	what you would tell a colleague
 *	debug	per event
 *	trace	per frame
 *
 * Shown by default: warn and above. $RD_LOG names another level.
 */
enum rd_log_level {
	RD_LOG_ERROR,
	RD_LOG_WARN,
	RD_LOG_INFO,
	RD_LOG_DEBUG,
	RD_LOG_TRACE,
};

/* Names the program and reads $RD_LOG. `name` is borrowed for ever. */
void rd_log_open(const char *name);
void rd_log_level(enum rd_log_level level);
int rd_log_level_parse(const char *name, enum rd_log_level *out);
void rd_log_put(enum rd_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Between these two nothing is written, at most 8 KiB of it kept for the end: who reads
 * stderr may wait for us. They do not nest.
 */
void rd_log_hold(void);
void rd_log_go_on(void);

#define rd_error(...) rd_log_put(RD_LOG_ERROR, __VA_ARGS__)
#define rd_warn(...) rd_log_put(RD_LOG_WARN, __VA_ARGS__)
#define rd_info(...) rd_log_put(RD_LOG_INFO, __VA_ARGS__)
#define rd_debug(...) rd_log_put(RD_LOG_DEBUG, __VA_ARGS__)
#define rd_trace(...) rd_log_put(RD_LOG_TRACE, __VA_ARGS__)

/*
 * A copy of at most `max` bytes of what a peer sent, fit for a terminal:
 * control characters, escapes and broken UTF-8 become \xNN. The caller frees.
 */
char *rd_log_escape(const void *text, size_t len, size_t max);

#endif
