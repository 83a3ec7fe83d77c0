#ifndef RD_CHAN_TRAVEL_H
#define RD_CHAN_TRAVEL_H

#include <stdint.h>

#include "net/frame.h"
#include "wire/msg.h"

/*
 * How a message travels over a session: by its class.
 *
 *	picture		units of a whole frame (BEGIN … SHOW), dropped when late;
 *			one that begins at a sync point is never late
 *	sound		a unit each, dropped when late; before a short one the one before it once
 *			more, so that one lost datagram is not heard
 *	input		events; a TEXT longer than an event is cut at characters
 *	clipboard	a stream of its own
 *	the rest	the control stream
 *
 * A picture message outside BEGIN … SHOW is a unit by itself, never late. What
 * comes another way than its class travels is a broken rule.
 */
enum rd_travel { RD_TRAVEL_STREAM, RD_TRAVEL_UNIT, RD_TRAVEL_EVENT };
/* late_ns: after so long a unit is dropped; 0: never. */
struct rd_travels { enum rd_travel how; enum rd_traffic traffic; uint64_t late_ns; };
struct rd_travels rd_travels(uint16_t type);
#define RD_PICTURE_LATE_NS (UINT64_C(1000) * 1000000)
#define RD_SOUND_LATE_NS (UINT64_C(200) * 1000000)
#define RD_PICTURE_UNIT_MAX ((uint64_t)64 << 20) /* bytes of one frame */
#define RD_SOUND_COPY_MAX 500	/* bytes of one that is said twice: Opus, not samples */
#define RD_SOUND_UNIT_MAX ((uint64_t)64 << 10)

#endif
