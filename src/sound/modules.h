#ifndef RD_SOUND_MODULES_H
#define RD_SOUND_MODULES_H

#include <pulse/context.h>

/*
 * Devices that are none, which the sound server makes for us: sinks that lead nowhere,
 * and a source. The name of such a sink ends in the number of the process that it is
 * for: what a killed one left behind is known by that.
 */
#define MODULES_VOICE "rd_voice_"	/* what viewers say */
#define MODULES_RUN "rd_run_"		/* what sounds in an rd-run */
#define MODULES_NAME_MAX 64

/* Asks the server for such a sink. */
void modules_sink(pa_context *c, const char *name);
/* … and for a source of that name that hears it. */
void modules_source(pa_context *c, const char *sink, const char *name);
/* Asks it, and waits for the answer, to unload what belongs to that sink, or to processes that are gone. */
void modules_unload(const char *program, const char *sink);

#endif
