#ifndef RD_CAPTURE_OBEY_H
#define RD_CAPTURE_OBEY_H

#include "rd-capture/options.h"

/* --inject: obeys the input in the stream on stdin until its END. */
int obey_run(const struct options *opt);

#endif
