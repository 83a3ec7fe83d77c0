#ifndef RD_SOUND_SERVER_PATH_H
#define RD_SOUND_SERVER_PATH_H

#include <limits.h>
#include <stdbool.h>

/*
 * Where the socket of the sound server is, as libpulse looks for it: in
 * $PULSE_SERVER, else in the user's runtime directory. False: it cannot be
 * known, as it is on another machine or named in a file.
 */
bool rd_sound_server_path(char path[static PATH_MAX]);

#endif
