#ifndef RD_MEDIA_MONITOR_H
#define RD_MEDIA_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "media/rect.h"

/* What a desktop's picture is spread over. */
#define RD_MONITORS_MAX 32
#define RD_MONITOR_NAME_MAX 64	/* bytes */

/* One of them. */
struct rd_monitor {
	struct rd_rect rect;	/* in the pixels of the picture; a part of it may lie outside */
	uint16_t mm_width, mm_height; /* 0: not known */
	bool primary;
	char name[RD_MONITOR_NAME_MAX + 1]; /* UTF-8, no control character; no two have the same */
};

struct rd_monitors {
	int count;
	struct rd_monitor v[RD_MONITORS_MAX];
};

/* In the same order, too. */
bool rd_monitors_same(const struct rd_monitors *a, const struct rd_monitors *b);

/* Some of them, by name. */
struct rd_monitor_names {
	int count;
	char v[RD_MONITORS_MAX][RD_MONITOR_NAME_MAX + 1];
};

/* Its place among them, or -1. */
int rd_monitor_names_find(const struct rd_monitor_names *names, const char *name);
/* In the same order, too. */
bool rd_monitor_names_same(const struct rd_monitor_names *a, const struct rd_monitor_names *b);

#endif
