#ifndef RD_CONTROL_RATE_H
#define RD_CONTROL_RATE_H

#include <stdint.h>

/* Values as they are set: "800k", "2M", "1.5M", "0". 0 or -EINVAL. */
int rd_control_rate_parse(const char *text, uint64_t *bps);

#endif
