#ifndef RD_CONTROL_SETTING_H
#define RD_CONTROL_SETTING_H

#include <stdint.h>

#include "control/table.h"

/*
 * What the `set` of a value reads, as the option of that name does. 0, or -EINVAL
 * with the reason in the answer, and nothing is written.
 */

/* Bits a second: "800k", "2M", "1.5M"; "0" is no bound. */
int rd_control_set_rate(const char *key, const char *text, uint64_t *bps,
	struct rd_control_answer *a);
/* One of these words, at least two: its number. */
int rd_control_set_choice(const char *key, const char *text, const char *const *choices,
	int *chosen, struct rd_control_answer *a);

#endif
