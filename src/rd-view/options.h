#ifndef RD_VIEW_OPTIONS_H
#define RD_VIEW_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/metrics.h"
#include "look/ask.h"
#include "wire/clip_options.h"

enum hold { HOLD_AUTO, HOLD_YES, HOLD_NO };
enum keyboard { KEYBOARD_TEXT, KEYBOARD_PHYSICAL };
enum pointer { POINTER_ABSOLUTE, POINTER_RELATIVE };
enum render { RENDER_AUTO, RENDER_SURFACE, RENDER_TEXTURE };

/* What the command line asks for. Strings are borrowed from it. */
struct options {
	struct rd_ask ask;	/* what is to be shown */
	const char *to;		/* "window", "terminal", "png:FILE", "hash", "null" */
	const char *title;
	bool list;		/* nothing is shown but who announces itself here */
	bool json;		/* … as JSON */
	bool fullscreen;
	bool grab;
	int keyboard;		/* enum keyboard */
	const char *monitor;	/* "all", "each", a name or a number */
	bool said_monitor;	/* on the command line */
	double scale;		/* window pixels to one of the picture, 0: as far as sizes are known */
	bool resize;		/* the desktop takes the window's size */
	bool stats;
	int render;		/* enum render */
	int pointer;		/* enum pointer */
	int graphics;		/* enum terminal_graphics */
	int colors;		/* enum terminal_colors */
	int hold;		/* enum hold */
	bool sound;		/* what sounds there is played … */
	const char *sink;	/* … to that device; NULL: the default one */
	bool microphone;	/* what is heard here goes there … */
	const char *microphone_source; /* … from that device; NULL: the default one */
	int64_t frames;		/* end after so many; 0: no limit */
	uint64_t timeout_ns;	/* 0: none */
	bool control;		/* a control socket … */
	const char *control_name; /* … of that name; NULL: what is shown */
	struct rd_metrics_where metrics;
	struct rd_clip_options clip;
	bool confine;
	bool confine_test;
};

/* Of enum keyboard and enum pointer; NULL-ended. */
extern const char *const keyboard_names[];
extern const char *const pointer_names[];

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);
void options_finish(struct options *o);

#endif
