#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "control/exposition.h"

void
rd_exposition_put(struct rd_buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	va_start(ap, fmt);
	vsnprintf((char *)rd_buf_room(b, (size_t)n + 1), (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
rd_exposition_head(struct rd_buf *b, const char *name, const char *type, const char *help)
{
	rd_exposition_put(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
rd_exposition_label(struct rd_buf *b, const char *key, const char *value)
{
	rd_exposition_put(b, "%s=\"", key);
	for (; *value; value++)
		if (*value == '\n')
			rd_buf_bytes(b, "\\n", 2);
		else if (*value == '"' || *value == '\\')
			rd_exposition_put(b, "\\%c", *value);
		else
			rd_buf_u8(b, (uint8_t)*value);
	rd_buf_u8(b, '"');
}

void
rd_exposition_process(struct rd_buf *b)
{
	struct rusage u;
	if (getrusage(RUSAGE_SELF, &u) != 0)
		return;
	rd_exposition_head(b, "process_cpu_seconds_total", "counter",
		"processor time of this process");
	rd_exposition_put(b, "process_cpu_seconds_total %.3f\n",
		(double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
	rd_exposition_head(b, "process_max_resident_memory_bytes", "gauge", "most memory it had");
	rd_exposition_put(b, "process_max_resident_memory_bytes %ld\n", u.ru_maxrss * 1024L);
}
