#ifndef RD_SOUND_PULSE_LOOP_H
#define RD_SOUND_PULSE_LOOP_H

#include <pulse/mainloop-api.h>

#include "base/loop.h"

/*
 * Our loop, as libpulse wants to see one: so that it needs neither a thread nor
 * a poll of its own. Free it after everything of libpulse that uses it.
 */
struct rd_pulse_loop;

struct rd_pulse_loop *rd_pulse_loop_new(struct rd_loop *loop);
void rd_pulse_loop_free(struct rd_pulse_loop *p);
pa_mainloop_api *rd_pulse_loop_api(struct rd_pulse_loop *p);

#endif
