#include <math.h>

#include "base/clock.h"
#include "rd-encode/coder.h"
#include "wire/msg_control.h"

/* Where nobody can ask, a sync point comes after so much changed content … */
#define SYNC_EVERY_NS (UINT64_C(10) * RD_NS_PER_S)
/* … in which a still picture counts for no more than this. */
#define CONTENT_GAP_NS (1 * RD_NS_PER_S)

/* A rate near nothing holds frames back no longer than this. */
#define HELD_MAX_NS 1e18

/* One refinement takes so much of the link's time … */
#define REFINE_NS (50 * RD_NS_PER_MS)
/* … but at least this many bytes of pixels; or this, where the speed is unknown. */
#define REFINE_MIN (INT64_C(32) << 10)
#define REFINE_UNKNOWN (INT64_C(1) << 20)

static void
emit(void *ctx, uint16_t type, uint64_t time_ns, struct rd_buf *body)
{
	struct coder *c = ctx;
	c->emitted += (uint32_t)(RD_MSG_HEADER_SIZE + body->len);
	rd_link_send_buf(c->down, type, time_ns, body);
}

void
coder_init(struct coder *c, const struct options *opt, struct rd_link *down)
{
	*c = (struct coder){.opt = opt, .down = down, .max_bps = opt->max_bps,
		.quantizer = opt->quantizer};
	rd_acks_init(&c->acks);
}

/* The lower of --max-bitrate and what the way can carry; 0: neither bounds us. */
static uint64_t
ceiling(const struct coder *c)
{
	uint64_t limit = c->max_bps;
	return limit == 0 || (c->way_bps && c->way_bps < limit) ? c->way_bps : limit;
}

int
coder_start(struct coder *c, bool live)
{
	static const struct rd_planner_ops ops = {.emit = emit};
	const struct rd_planner_config cfg = {
		.kinds = c->opt->kinds,
		.codec = c->opt->codec,
		.yuv444 = c->opt->yuv444,
		.quantizer = c->quantizer,
		.threads = c->opt->threads,
		.max_bps = ceiling(c),
		.every_frame = !live,
	};
	c->live = live;
	return rd_planner_open(&c->planner, &cfg, &ops, c);
}

void
coder_finish(struct coder *c)
{
	rd_planner_close(c->planner);
	c->planner = NULL;
}

bool
coder_room(const struct coder *c)
{
	return !rd_link_busy(c->down) && (!c->acked || rd_acks_room(&c->acks, rd_clock_ns()));
}

void
coder_sync(struct coder *c)
{
	/* before the first picture there is nothing else */
	if (!c->planner)
		return;
	rd_planner_sync(c->planner);
	c->content_ns = 0;
	c->sync_due = true;
}

void
coder_fresh(struct coder *c, uint64_t token, uint64_t time_ns)
{
	struct rd_buf body = {0};
	coder_sync(c);
	rd_fresh_pack(&body, token);
	rd_link_send_buf(c->down, RD_MSG_FRESH, time_ns, &body);
	rd_buf_finish(&body);
}

static void
set_ceiling(struct coder *c, uint64_t *which, uint64_t bps)
{
	uint64_t was = ceiling(c), held = coder_held_ns(c);
	*which = bps;
	/* What is still on its way takes its time at the new rate. */
	if (held && ceiling(c))
		c->clear_ns = rd_clock_ns() + (uint64_t)fmin(
			(double)held * (double)was / (double)ceiling(c), HELD_MAX_NS);
	else
		c->clear_ns = 0;
	if (c->planner)
		rd_planner_rate(c->planner, ceiling(c));
}

void
coder_rate(struct coder *c, uint64_t bps)
{
	set_ceiling(c, &c->way_bps, bps);
}

void
coder_ceiling(struct coder *c, uint64_t bps)
{
	set_ceiling(c, &c->max_bps, bps);
}

void
coder_quantizer(struct coder *c, int quantizer)
{
	c->quantizer = quantizer;
	if (c->planner)
		rd_planner_quantizer(c->planner, quantizer);
}

int
coder_acked(struct coder *c, uint32_t number)
{
	unsigned before = rd_acks_outstanding(&c->acks);
	int err = rd_acks_acked(&c->acks, number, rd_clock_ns());
	if (!err && rd_acks_outstanding(&c->acks) < before)
		rd_histogram_add(&c->deliver, c->acks.rtt_ns);
	return err;
}

/* Stream time never runs backwards, though a frame can overtake a refinement. */
static uint64_t
advance(struct coder *c, uint64_t time_ns)
{
	if (time_ns > c->last_ns)
		c->last_ns = time_ns;
	return c->last_ns;
}

/* A frame's messages leave together. */
static void
begin(struct coder *c)
{
	c->emitted = 0;
	rd_link_cork(c->down, true);
}

/*
 * A frame uses up the ceiling for as long as its bytes would take at that
 * rate; until then none is begun, and changes gather.
 */
static void
charge(struct coder *c)
{
	uint64_t bps = ceiling(c), now = rd_clock_ns();
	if (bps == 0 || !c->live)
		return;
	c->clear_ns = c->clear_ns > now ? c->clear_ns : now;
	c->clear_ns += (uint64_t)((double)c->emitted * 8 / (double)bps * RD_NS_PER_S);
}

uint64_t
coder_held_ns(const struct coder *c)
{
	uint64_t now = rd_clock_ns();
	return c->clear_ns > now ? c->clear_ns - now : 0;
}

static int
finish(struct coder *c, int64_t number)
{
	rd_link_cork(c->down, false);
	if (number <= 0)
		return (int)number;
	charge(c);
	rd_meter_add(&c->sent, 1, rd_clock_ns());
	rd_meter_add(&c->bytes, c->emitted, rd_clock_ns());
	if (rd_link_duplex(c->down))
		rd_acks_sent(&c->acks, (uint32_t)number, c->emitted, rd_clock_ns());
	return 1;
}

static void
count_content(struct coder *c, uint64_t time_ns)
{
	uint64_t gap = time_ns > c->last_ns ? time_ns - c->last_ns : 0;
	c->content_ns += gap < CONTENT_GAP_NS ? gap : CONTENT_GAP_NS;
	if (c->asked || c->content_ns < SYNC_EVERY_NS)
		return;
	coder_sync(c);
}

int
coder_picture(struct coder *c, const struct rd_image *im,
	const pixman_region32_t *damage, uint64_t time_ns)
{
	if (pixman_region32_not_empty(damage))
		count_content(c, time_ns);
	begin(c);
	int64_t number = rd_planner_frame(c->planner, im, damage, advance(c, time_ns));
	c->sync_due = false;
	return finish(c, number);
}

static int64_t
refine_budget(const struct coder *c)
{
	uint64_t bps = c->acked ? c->acks.bps : 0, most = ceiling(c);
	if (most && (bps == 0 || most < bps))
		bps = most;
	if (bps == 0)
		return REFINE_UNKNOWN;
	int64_t bytes = (int64_t)(bps / 8 / (RD_NS_PER_S / REFINE_NS));
	return bytes > REFINE_MIN ? bytes : REFINE_MIN;
}

int
coder_refine(struct coder *c, uint64_t time_ns, bool all)
{
	begin(c);
	return finish(c, rd_planner_refine(c->planner, advance(c, time_ns), refine_budget(c), all));
}
