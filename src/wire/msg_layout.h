#ifndef RD_WIRE_MSG_LAYOUT_H
#define RD_WIRE_MSG_LAYOUT_H

#include <stdint.h>

#include "base/bytes.h"
#include "media/monitor.h"

/*
 * {u16 width, u16 height}: the desktop is to have that size, in its own pixels. The
 * limits are those of a picture: what is larger could not be shown. Where {u8 length,
 * name} follows it is that monitor, one of several, that is meant.
 */
struct rd_layout {
	uint16_t width, height;
	char monitor[RD_MONITOR_NAME_MAX + 1]; /* "": none is named */
};
#define RD_LAYOUT_MAX 8192
#define RD_LAYOUT_PIXELS_MAX (7680 * 4320)

void rd_layout_pack(struct rd_buf *b, const struct rd_layout *m);
int rd_layout_parse(struct rd_layout *m, const uint8_t *data, size_t len);

#endif
