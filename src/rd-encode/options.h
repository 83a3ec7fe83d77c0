#ifndef RD_ENCODE_OPTIONS_H
#define RD_ENCODE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/metrics.h"
#include "media/codec.h"
#include "rd-encode/rescale.h"

/* What the command line asked for, checked and with the defaults filled in. */
struct options {
	enum rd_codec codec;	/* NONE: no video */
	unsigned kinds;		/* RD_KIND_* */
	bool yuv444;
	int quantizer;
	int threads;
	uint64_t max_bps;	/* 0: no ceiling */
	uint64_t sound_bps;
	double fps;		/* 0: as the source has it */
	struct scale_wish scale;
	bool ivf;
	const char *stats;	/* a file, "-" for stderr, or NULL */
	bool control;		/* a control socket … */
	struct rd_metrics_where metrics;
	const char *control_name; /* … of that name; NULL: "encode", or that of who started us */
	char **producer;	/* the command after "--", or NULL */
};

/* Returns false when the program should end now, with *code. */
bool options_read(struct options *o, int argc, char **argv, int *code);

#endif
