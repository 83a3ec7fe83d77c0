#ifndef RD_SOUND_MODULES_H
#define RD_SOUND_MODULES_H

#include <stdbool.h>

#include <pulse/context.h>

/*
 * Devices that are none, which the sound server makes for us: sinks that lead nowhere,
 * and a source. The name of such a sink ends in the number of the process that it is
 * for: what a killed one left behind is known by that.
 */
#define MODULES_VOICE "rd_voice_"	/* what viewers say */
#define MODULES_RUN "rd_run_"		/* what sounds in an rd-run */
#define MODULES_DESKTOP "rd_desktop_"	/* what sounds where there is nothing to play to */
#define MODULES_NAME_MAX 64

/* Asks the server for such a sink. */
void modules_sink(pa_context *c, const char *name);
/*
 * … for what viewers say, and for a source of that name that hears it. Where there is no
 * device a sink for all else is made before: the first one is what programs play to.
 */
struct modules_voice {
	const char *sink, *source;	/* borrowed, as all of it is until the server is closed */
	bool others;			/* devices that are there already */
};
void modules_voice(struct modules_voice *v, pa_context *c);
/* Asks it, and waits for the answer, to unload what belongs to that sink, or to processes that are gone. */
void modules_unload(const char *program, const char *sink);

#endif
