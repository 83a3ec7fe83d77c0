#ifndef RD_CAPTURE_OPTIONS_H
#define RD_CAPTURE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "desktop/capture.h"
#include "desktop/inject.h"
#include "media/y4m.h"
#include "wire/clip_options.h"

/* What we were started for. */
enum task {
	TASK_STREAM,	/* a message stream on stdout, obeying what comes back */
	TASK_FILM,	/* YUV4MPEG2 on stdout */
	TASK_OBEY,	/* only input, from stdin */
	TASK_LIST,
};

/* The command line, checked and with the defaults filled in. */
struct options {
	enum task task;
	const struct rd_capture_ops *source;
	const struct rd_inject_ops *injector;
	/* all but the pool; display is NULL where none is named */
	struct rd_capture_config capture;
	struct rd_hide hide;	/* of an X11 desktop: never captured */
	uint64_t frames;	/* then the stream ends; 0: never */
	uint64_t duration_ns;	/* likewise */
	unsigned fps_num, fps_den; /* of a film; 0: not given */
	enum rd_chroma chroma;
	bool view_only;
	const char *resize;	/* "restore" or "keep": a viewer may change the desktop's size; NULL */
	const char *blank;	/* "try" or "must": the display's monitors are dark meanwhile; NULL */
	const char *lock;	/* a command that locks it at the end, or "auto"; NULL */
	struct rd_clip_options clip;
	bool answer;		/* obeying: what is done is said on stdout */
	bool json;
	bool microphone;	/* what viewers say is heard by a source made for it */
	bool sound;		/* what the desktop plays is captured … */
	const char *sound_device; /* … of that sink or source; NULL: the default sink */
	bool sound_new;		/* … which is one of our own, of that name */
};

/* false when the program should end now, with *code. */
bool options_read(struct options *o, int argc, char **argv, int *code);

#endif
