#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "rd-top/clock_text.h"

void
clock_text(char out[static CLOCK_TEXT_MAX], uint64_t interval_ns, bool held)
{
	char now[16], often[24] = "";
	struct tm tm;
	time_t t = (time_t)(rd_clock_wall_ns() / RD_NS_PER_S);
	localtime_r(&t, &tm);
	strftime(now, sizeof(now), "%H:%M:%S", &tm);
	if (held)
		snprintf(often, sizeof(often), "held  ");
	else if (interval_ns != RD_NS_PER_S)
		snprintf(often, sizeof(often), "every %g s  ", (double)interval_ns / (double)RD_NS_PER_S);
	snprintf(out, CLOCK_TEXT_MAX, "%s%s", often, now);
}
