#ifndef RD_CONTROL_METRIC_NAME_H
#define RD_CONTROL_METRIC_NAME_H

#include <stdbool.h>

/*
 * What Prometheus calls a value of ours: its key, and the unit last, as a base unit.
 *
 *	"rtt-ms"     in "ms"	rd_rtt_seconds			× 0.001
 *	"bytes-in"   in "B"	rd_in_bytes_total		a counter
 *	"rate-out"   in "bit/s"	rd_rate_out_bytes_per_second	÷ 8
 *	"fps"        in "1/s"	rd_frames_per_second
 *
 * Pure. Returns what a value is to be multiplied by.
 */
#define RD_METRIC_NAME 128
double rd_metric_name(char out[static RD_METRIC_NAME], const char *of, const char *key,
	const char *unit, bool counter);

#endif
