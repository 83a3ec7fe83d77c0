#ifndef RD_SOUND_MICROPHONE_MODULES_H
#define RD_SOUND_MICROPHONE_MODULES_H

#include <pulse/context.h>

/* The name of the sink behind the microphone of process `pid`; room for it. */
#define MICROPHONE_SINK_MAX 40
void microphone_sink(char name[static MICROPHONE_SINK_MAX], long pid);
/* Asks the server for both modules of ours. */
void microphone_load(pa_context *c);
/* Asks it, and waits for the answer, to unload those of ours and of processes that are gone. */
void microphone_unload(const char *program);

#endif
