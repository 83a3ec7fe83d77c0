#ifndef RD_TOP_CLOCK_TEXT_H
#define RD_TOP_CLOCK_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* "14:03:22", with how often it looks where that is not each second, or "held". */
#define CLOCK_TEXT_MAX 48
void clock_text(char out[static CLOCK_TEXT_MAX], uint64_t interval_ns, bool held);

#endif
