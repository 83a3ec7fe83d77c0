#include <stdlib.h>

#include "base/mem.h"
#include "net/conn_priv.h"

/*
 * A session may move from datagrams to a TCP connection and back; recovery
 * knows one rd_cc. This is it: whatever comes goes to the one in charge, and
 * the other begins anew when its turn comes.
 */
struct conn_cc {
	struct rd_cc base;
	struct rd_cc *datagrams, *stream, *now;
};

static const struct rd_cc_ops conn_cc_ops;

static struct rd_cc *
now_of(const struct rd_cc *cc)
{
	return ((const struct conn_cc *)cc)->now;
}

struct rd_cc *
rd_conn_cc_open(const char *name, uint64_t bps, bool stream)
{
	struct rd_cc *datagrams = rd_cc_open(name ? name : "scream", bps);
	if (!datagrams)
		return NULL;
	struct conn_cc *c = xcalloc(1, sizeof(*c));
	c->base.ops = &conn_cc_ops;
	c->datagrams = datagrams;
	c->stream = rd_cc_open("none", 0);
	c->now = stream ? c->stream : c->datagrams;
	return &c->base;
}

void
rd_conn_cc_switch(struct rd_cc *cc, bool stream)
{
	struct conn_cc *c = (struct conn_cc *)cc;
	c->now = stream ? c->stream : c->datagrams;
}

static void
conn_cc_close(struct rd_cc *cc)
{
	struct conn_cc *c = (struct conn_cc *)cc;
	rd_cc_close(c->datagrams);
	rd_cc_close(c->stream);
	free(c);
}

static void
conn_cc_sent(struct rd_cc *cc, const struct rd_cc_sent *s)
{
	now_of(cc)->ops->sent(now_of(cc), s);
}

static void
conn_cc_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	now_of(cc)->ops->acked(now_of(cc), a);
}

static void
conn_cc_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	now_of(cc)->ops->lost(now_of(cc), l);
}

static void
conn_cc_new_path(struct rd_cc *cc)
{
	now_of(cc)->ops->new_path(now_of(cc));
}

static uint64_t
conn_cc_window(const struct rd_cc *cc)
{
	return now_of(cc)->ops->window(now_of(cc));
}

static uint64_t
conn_cc_pacing_bps(const struct rd_cc *cc)
{
	return now_of(cc)->ops->pacing_bps(now_of(cc));
}

static uint64_t
conn_cc_target_bps(const struct rd_cc *cc)
{
	return now_of(cc)->ops->target_bps(now_of(cc));
}

static const struct rd_cc_ops conn_cc_ops = {
	.name = "conn",
	.close = conn_cc_close,
	.sent = conn_cc_sent,
	.acked = conn_cc_acked,
	.lost = conn_cc_lost,
	.new_path = conn_cc_new_path,
	.window = conn_cc_window,
	.pacing_bps = conn_cc_pacing_bps,
	.target_bps = conn_cc_target_bps,
};
