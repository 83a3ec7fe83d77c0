#include <stddef.h>
#include <string.h>

#include "net/cc.h"

static const struct rd_cc_ops *const kinds[] = {&rd_cc_scream, &rd_cc_fixed, &rd_cc_none};

struct rd_cc *
rd_cc_open(const char *name, uint64_t bps)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i]->open(bps);
	return NULL;
}

void
rd_cc_close(struct rd_cc *cc)
{
	if (cc)
		cc->ops->close(cc);
}
