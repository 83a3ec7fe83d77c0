#ifndef RD_DESKTOP_X11_MONITORS_H
#define RD_DESKTOP_X11_MONITORS_H

#include "desktop/x11.h"
#include "media/monitor.h"

/* A screen's monitors, by RandR. The name is fit for a terminal, at most
 * RD_MONITOR_NAME_MAX bytes, and no other one's. */
struct rd_x11_monitor {
	char *name;
	struct rd_rect rect;	/* in the root's pixels */
	uint16_t mm_width, mm_height;
	bool primary;
	uint32_t output;	/* RandR's; 0: there is not just one behind it */
};
/* The server can name them; one round trip, or none. */
bool rd_x11_has_monitors(const struct rd_x11 *x);
/* How many; the caller frees the list. */
int rd_x11_monitors(struct rd_x11_monitor **list, const struct rd_x11 *x);
void rd_x11_monitors_free(struct rd_x11_monitor *list, int count);
/* The one of that name, or else of that place in the list; -1: none. */
int rd_x11_monitor_find(const struct rd_x11_monitor *list, int count, const char *which);
/* Its name, to find it again by: places change. NULL: there is none; the caller frees. */
char *rd_x11_monitor_name(const struct rd_x11 *x, const char *which);

#endif
