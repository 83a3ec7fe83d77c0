#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/portmap_pcp.h"

/* {u8 length, answer} …: what a router says to a client that waits, holds and leaves. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct rd_pcp *p, uint64_t now, enum rd_pcp_news news)
{
	if (news == RD_PCP_MAPPED && (p->map.external == 0 || p->map.outside.family == 0))
		abort();
	if (p->state != RD_PCP_IDLE && rd_pcp_deadline(p) == UINT64_MAX)
		abort();
	if (p->state == RD_PCP_HOLDING && p->expires_ns > now + 24 * 3600 * RD_NS_PER_S)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t nonce[RD_PCP_NONCE] = "twelve bytes";
	struct rd_addr client = {.family = 4, .ip = {192, 168, 1, 7}};
	struct rd_pcp p;
	uint8_t out[RD_PCP_SIZE];
	uint64_t now = 0;
	rd_pcp_want(&p, &client, 21118, nonce, now);
	for (size_t at = 0; at < size;) {
		size_t n = data[at++];
		n = n < size - at ? n : size - at;
		rd_pcp_send(&p, now, out);
		check(&p, now, rd_pcp_receive(&p, now, data + at, n));
		at += n;
		now += RD_NS_PER_S;
		check(&p, now, rd_pcp_tick(&p, now));
		if (n == 1)
			rd_pcp_release(&p, now);
	}
	return 0;
}
