#include <errno.h>
#include <stdlib.h>

#include "base/opt.h"
#include "control/rate.h"

/* As the options do, whose parser it is. */
int
rd_control_rate_parse(const char *text, uint64_t *bps)
{
	uint64_t value = 0;
	char *error = NULL;
	const struct rd_opt table[] = {
		{.name = "rate", .kind = RD_OPT_RATE, .target = &value, .metavar = "RATE"},
		{0},
	};
	int err = rd_opt_set(table, "rate", text, &error);
	free(error);
	if (!err)
		*bps = value;
	return err ? -EINVAL : 0;
}
