#include <stdlib.h>

#include "base/mem.h"
#include "net/cc.h"

/*
 * For a session over a stream: TCP sees to the path. What we limit is how much
 * stands unacknowledged, in the sockets of both ends and on the way, because
 * behind it everything urgent waits.
 */
#define WINDOW (256 << 10)

static struct rd_cc *
none_open(uint64_t bps)
{
	struct rd_cc *cc = xcalloc(1, sizeof(*cc));

	(void)bps;
	cc->ops = &rd_cc_none;
	return cc;
}

static void
none_close(struct rd_cc *cc)
{
	free(cc);
}

static void
none_sent(struct rd_cc *cc, const struct rd_cc_sent *s)
{
	(void)cc, (void)s;
}

static void
none_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	(void)cc, (void)a;
}

static void
none_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	(void)cc, (void)l;
}

static void
none_new_path(struct rd_cc *cc)
{
	(void)cc;
}

static uint64_t
none_window(const struct rd_cc *cc)
{
	(void)cc;
	return WINDOW;
}

static uint64_t
none_pacing_bps(const struct rd_cc *cc)
{
	(void)cc;
	return UINT64_MAX;
}

static uint64_t
none_target_bps(const struct rd_cc *cc)
{
	(void)cc;
	return 0;
}

const struct rd_cc_ops rd_cc_none = {
	.name = "none",
	.open = none_open,
	.close = none_close,
	.sent = none_sent,
	.acked = none_acked,
	.lost = none_lost,
	.new_path = none_new_path,
	.window = none_window,
	.pacing_bps = none_pacing_bps,
	.target_bps = none_target_bps,
};
