#ifndef RD_SOUND_DEVICES_H
#define RD_SOUND_DEVICES_H

#include <stdbool.h>

/* What there is to hear, and to play to. */
struct rd_sound_device {
	char *name;		/* what options take */
	char *title;		/* for people */
	bool sink;		/* else a source: a microphone, or what a sink plays */
	bool monitor;		/* a source that is a sink's */
	bool standard;		/* the one that is taken where none is named */
};

/*
 * Asks the sound server, and waits for the answer, two seconds at most. The
 * number of them; 0 where there is no server. The caller frees.
 */
int rd_sound_devices(struct rd_sound_device **out, const char *program);
void rd_sound_devices_free(struct rd_sound_device *list, int n);

#endif
