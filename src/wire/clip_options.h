#ifndef RD_WIRE_CLIP_OPTIONS_H
#define RD_WIRE_CLIP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"

/* What a command line says of the clipboard, for the tools at both of its ends. */
enum rd_clip_ways { RD_CLIP_WAYS_OFF, RD_CLIP_TO_HOST, RD_CLIP_TO_VIEWER, RD_CLIP_BOTH };

struct rd_clip_options {
	int ways;		/* enum rd_clip_ways */
	bool said;		/* … on the command line */
	bool primary;
	uint64_t max;		/* bytes; 0: RD_CLIP_MAX_DEFAULT */
};

static inline bool
rd_clip_to_host(const struct rd_clip_options *o)
{
	return o->ways == RD_CLIP_TO_HOST || o->ways == RD_CLIP_BOTH;
}

static inline bool
rd_clip_to_viewer(const struct rd_clip_options *o)
{
	return o->ways == RD_CLIP_TO_VIEWER || o->ways == RD_CLIP_BOTH;
}

/* Rows of an option table. */
#define RD_CLIP_MAX_MOST ((uint64_t)1 << 30)
extern const char *const rd_clip_way_names[];
int rd_clip_set_max(void *max, const char *text, const char **error);
#define RD_CLIP_MAX_OPT(o) \
	{.name = "clipboard-max", .kind = RD_OPT_CALL, .target = &(o)->max, .set = rd_clip_set_max, \
		.metavar = "SIZE", .help = "the largest content that is pasted, such as 512K or 64M (64M)"}
#define RD_CLIP_OPTS(o, which) \
	{.name = "clipboard", .kind = RD_OPT_CHOICE, .target = &(o)->ways, \
		.choices = rd_clip_way_names, .said = &(o)->said, .help = (which)}, \
	RD_CLIP_MAX_OPT(o), \
	{.name = "primary", .kind = RD_OPT_FLAG, .target = &(o)->primary, \
		.help = "the clipboard, and what is selected, too, for the middle button"}

#endif
