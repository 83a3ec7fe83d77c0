#include <stddef.h>

#include "chan/travel.h"

static const struct {
	enum rd_msg_class of;
	struct rd_travels way;
} ways[] = {
	{RD_CLASS_PICTURE, {RD_TRAVEL_UNIT, RD_TRAFFIC_PICTURE, RD_PICTURE_LATE_NS}},
	{RD_CLASS_SOUND, {RD_TRAVEL_UNIT, RD_TRAFFIC_SOUND, RD_SOUND_LATE_NS}},
	{RD_CLASS_INPUT, {RD_TRAVEL_EVENT, RD_TRAFFIC_INPUT, 0}},
	{RD_CLASS_CLIPBOARD, {RD_TRAVEL_STREAM, RD_TRAFFIC_CLIPBOARD, 0}},
};

struct rd_travels
rd_travels(uint16_t type)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (ways[i].of == rd_msg_class(type))
			return ways[i].way;
	return (struct rd_travels){RD_TRAVEL_STREAM, RD_TRAFFIC_CONTROL, 0};
}
