#ifndef RD_WIRE_MSG_MONITORS_H
#define RD_WIRE_MSG_MONITORS_H

#include "base/bytes.h"
#include "media/monitor.h"

/*
 * MONITORS {u8 count, count times {i32 x, i32 y, u16 width, u16 height, u16 mm width,
 * u16 mm height, u8 flags, u8 length, name}}: where each monitor lies in the picture.
 * Bit 0 of the flags: the primary one. WATCH_ONLY {u8 count, count times {u8 length,
 * name}}: the only ones that are looked at; none named: all of the picture.
 */
#define RD_MONITORS_PLACE_MAX 65536	/* x and y, either side of 0 */

void rd_monitors_pack(struct rd_buf *b, const struct rd_monitors *m);
/* All of *m is set, what is unused to 0. */
int rd_monitors_parse(struct rd_monitors *m, const uint8_t *data, size_t len);

void rd_watch_only_pack(struct rd_buf *b, const struct rd_monitor_names *m);
int rd_watch_only_parse(struct rd_monitor_names *m, const uint8_t *data, size_t len);

/* {u8 length, name}, as these and LAYOUT have it. */
void rd_monitor_name_pack(struct rd_buf *b, const char *name);
/* False: it cannot be a monitor's name. */
bool rd_monitor_name_parse(char name[static RD_MONITOR_NAME_MAX + 1], struct rd_reader *r);

#endif
