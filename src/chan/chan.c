#include <stdlib.h>

#include "base/mem.h"
#include "chan/chan_priv.h"

struct rd_chan *
rd_chan_new(const struct rd_chan_ops *ops, void *ctx)
{
	struct rd_chan *ch = xcalloc(1, sizeof(*ch));
	ch->ops = ops;
	ch->ctx = ctx;
	ch->live = true;
	ch->clipboard = -1;
	return ch;
}

void
rd_chan_free(struct rd_chan *ch)
{
	if (!ch)
		return;
	for (unsigned i = 0; i < RD_CHAN_SCREENS; i++)
		rd_buf_finish(&ch->screens[i].gather);
	for (unsigned i = 0; i < ch->inbox_count; i++)
		rd_buf_finish(&ch->inboxes[i].part);
	free(ch->inboxes);
	rd_buf_finish(&ch->early);
	rd_buf_finish(&ch->sound);
	free(ch);
}

void *
rd_chan_ctx(const struct rd_chan *ch)
{
	return ch->ctx;
}

void
rd_chan_bind(struct rd_chan *ch, struct rd_mux *mux)
{
	ch->mux = mux;
}

void
rd_chan_guard(struct rd_chan *ch, bool guarded)
{
	ch->guarded = guarded;
}

static bool
above(const struct rd_chan *ch, uint64_t bytes)
{
	const struct rd_mux *mux = ch->mux;
	return mux && (rd_mux_units_unsent(mux, RD_TRAFFIC_PICTURE) > bytes ||
		rd_mux_stream_queued(mux, 0) > bytes ||
		(ch->clipboard >= 0 && rd_mux_stream_queued(mux, (uint64_t)ch->clipboard) > bytes));
}

bool
rd_chan_busy(struct rd_chan *ch)
{
	bool busy = above(ch, RD_CHAN_HIGH);
	ch->wants_room |= busy;
	return busy;
}

uint64_t
rd_chan_clipboard_queued(const struct rd_chan *ch)
{
	return ch->mux && ch->clipboard >= 0 ? rd_mux_stream_queued(ch->mux, (uint64_t)ch->clipboard) : 0;
}

void
rd_chan_check(struct rd_chan *ch)
{
	if (!ch->wants_room || above(ch, RD_CHAN_LOW))
		return;
	ch->wants_room = false;
	if (ch->ops->room)
		ch->ops->room(ch->ctx);
}

uint64_t
rd_chan_queued(const struct rd_chan *ch)
{
	return ch->mux ? rd_mux_units_queued(ch->mux, RD_TRAFFIC_PICTURE) : 0;
}

bool
rd_chan_drained(const struct rd_chan *ch)
{
	return !ch->mux || rd_mux_stream_queued(ch->mux, 0) == 0;
}

void
rd_chan_hold(struct rd_chan *ch, bool hold)
{
	ch->held = hold;
	if (hold || !ch->mux)
		return;
	if (ch->units_owed)
		rd_mux_units_consumed(ch->mux, ch->units_owed);
	ch->units_owed = 0;
	for (unsigned i = 0; i < ch->inbox_count; i++) {
		struct inbox *in = &ch->inboxes[i];
		if (in->owed)
			rd_mux_consumed(ch->mux, in->id, in->owed);
		in->owed = 0;
	}
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	if (traffic == RD_TRAFFIC_PICTURE)
		chan_dropped(ctx, tag);
}

const struct rd_mux_ops rd_chan_mux_ops = {
	.stream = chan_on_stream,
	.reset = chan_on_reset,
	.unit = chan_on_unit,
	.gap = chan_on_gap,
	.event = chan_on_event,
	.dropped = on_dropped,
};
