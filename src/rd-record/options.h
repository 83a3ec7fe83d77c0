#ifndef RD_RECORD_OPTIONS_H
#define RD_RECORD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/metrics.h"
#include "look/ask.h"
#include "media/codec.h"

enum resize { RESIZE_FIT, RESIZE_SPLIT };

/* What the command line asked for, checked and with the defaults filled in. */
struct options {
	struct rd_ask ask;	/* the source; of several recordings each in its turn */
	char **sources;		/* the operands that name one, NULL-ended, borrowed */
	int source_count;
	const char *path;	/* of the recording, "-": standard output */

	enum rd_codec codec;	/* NONE: the stream's own, or VP9 */
	bool yuv444;
	int quantizer;
	int threads;
	uint64_t max_bps;	/* 0: no ceiling */
	double max_cpu;		/* per cent of a processor, for large changes; 0: no ceiling */
	bool copy;		/* packets may go in as they are */
	bool pointer;
	bool sound;
	int resize;		/* enum resize */
	double fps;		/* constant rate; 0: as the pictures come */

	uint64_t split_bytes, split_ns, duration_ns, last_ns; /* 0: no limit */
	bool save_at_end;
	bool overwrite;

	const char *chapters, *captions; /* a descriptor's number or a FIFO; NULL */
	bool json, quiet;
	bool control;		/* a control socket … */
	const char *control_name; /* … of that name; NULL: the recording's */
	struct rd_metrics_where metrics;
	bool confine;
	bool confine_test;
};

/* Returns false when the program should end now, with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);
void options_finish(struct options *o);

#endif
