#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pause.h"

#define PAUSE_NS RD_NS_PER_S
#define SAY_NS (60 * RD_NS_PER_S)

bool
rd_pause_begin(struct rd_pause *p, int error, const char *whom, uint64_t now_ns)
{
	if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM)
		return false;
	p->since_ns = now_ns;
	if (p->said_ns && now_ns - p->said_ns < SAY_NS)
		return true;
	p->said_ns = now_ns;
	rd_warn("no more %s for the moment: %s", whom, strerror(error));
	return true;
}

bool
rd_pause_over(struct rd_pause *p, uint64_t now_ns)
{
	if (!p->since_ns || now_ns - p->since_ns < PAUSE_NS)
		return false;
	p->since_ns = 0;
	return true;
}
