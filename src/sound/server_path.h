#ifndef RD_SOUND_SERVER_PATH_H
#define RD_SOUND_SERVER_PATH_H

#include <limits.h>
#include <stdbool.h>

/*
 * Where the socket of the sound server is, as libpulse looks for it: in
 * $PULSE_SERVER, else in the user's runtime directory; where that is not told,
 * as in many an ssh, in the usual one. False: it cannot be known, as it is on
 * another machine.
 */
bool rd_sound_server_path(char path[static PATH_MAX]);
/* What libpulse is to be told of it; NULL: it knows itself. `out` has the words. */
const char *rd_sound_server_name(char out[static PATH_MAX + 8]);

#endif
