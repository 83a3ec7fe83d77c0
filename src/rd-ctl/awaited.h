#ifndef RD_CTL_AWAITED_H
#define RD_CTL_AWAITED_H

#include <stdbool.h>
#include <stdint.h>

#include "rd-ctl/team.h"

/*
 * What --wait may be told: an event of rd-events(7), or a value that a program of
 * the session has. A slip would be waited for in vain.
 */

/* NULL-ended; tests hold both against what programs say. */
extern const char *const awaited_events[];
extern const char *const awaited_values[];

/*
 * Until the session has what is waited for: a program that has that value may be about
 * to start. name finds t anew. 0, or an exit code after saying why.
 */
int awaited_find(struct team *t, const char *name, const char *what, bool has_value,
	uint64_t until_ns);

#endif
