#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "look/stdout.h"
#include "rd-wait/report.h"

static int
flush(void)
{
	if (!ferror(stdout) && fflush(stdout) == 0)
		return 0;
	return rd_stdout_failed(errno);
}

static void
put_target(const struct options *o, int n)
{
	printf("\"target\":%d,\"kind\":\"%s\",\"name\":", n + 1,
		target_kind_name(o->target[n].kind));
	rd_json_print_text(o->target[n].name, stdout);
}

static void
put_place(struct rd_rect at)
{
	printf(",\"x\":%d,\"y\":%d,\"width\":%d,\"height\":%d", at.x, at.y, at.w, at.h);
}

static void
put_after(uint64_t after_ns)
{
	printf(",\"after\":%.3f}\n", (double)after_ns / (double)RD_NS_PER_S);
}

int
report_found(const struct options *o, int n, struct rd_rect at, uint64_t after_ns)
{
	if (o->json) {
		printf("{\"event\":\"found\",");
		put_target(o, n);
		put_place(at);
		put_after(after_ns);
		return flush();
	}
	char *name = rd_log_escape(o->target[n].name, strlen(o->target[n].name), 4096);
	printf("%dx%d+%d+%d %d %s %s\n", at.w, at.h, at.x, at.y, n + 1,
		target_kind_name(o->target[n].kind), name);
	free(name);
	return flush();
}

int
report_timeout(const struct options *o, int nearest, struct rd_rect at, double differ,
	uint64_t after_ns)
{
	if (!o->json)
		return 0;
	printf("{\"event\":\"timeout\"");
	if (nearest >= 0) {
		putchar(',');
		put_target(o, nearest);
		put_place(at);
		printf(",\"differ\":%.4f", differ);
	}
	put_after(after_ns);
	return flush();
}
