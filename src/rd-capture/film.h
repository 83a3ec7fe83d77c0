#ifndef RD_CAPTURE_FILM_H
#define RD_CAPTURE_FILM_H

#include "rd-capture/options.h"

/* --format y4m: the desktop as a film on stdout. Returns the exit status. */
int film_run(const struct options *opt);

#endif
