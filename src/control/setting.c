#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "control/setting.h"

int
rd_control_set_rate(const char *key, const char *text, uint64_t *bps, struct rd_control_answer *a)
{
	uint64_t value = 0;
	char *error = NULL;
	const struct rd_opt table[] = {
		{.name = key, .kind = RD_OPT_RATE, .target = &value, .metavar = "RATE"},
		{0},
	};
	/* What it says of a mistake names an option; here is none. */
	int err = rd_opt_set(table, key, text, &error);
	free(error);
	if (err)
		return rd_control_refuse(a, -EINVAL, "%s is a rate as 800k or 2M, or 0: no bound", key);
	*bps = value;
	return 0;
}

/* "a or b", "a, b or c" */
static void
list(char *out, size_t size, const char *const *choices)
{
	size_t at = 0;
	out[0] = '\0';
	for (int i = 0; choices[i] && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%s",
			i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
}

int
rd_control_set_choice(const char *key, const char *text, const char *const *choices, int *chosen,
	struct rd_control_answer *a)
{
	char all[128];
	for (int i = 0; choices[i]; i++)
		if (strcmp(text, choices[i]) == 0) {
			*chosen = i;
			return 0;
		}
	list(all, sizeof(all), choices);
	return rd_control_refuse(a, -EINVAL, "%s is %s", key, all);
}
