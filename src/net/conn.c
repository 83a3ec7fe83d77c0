#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/conn_priv.h"

#define TIMEOUTS_BLACK_HOLE 3	/* probe timeouts in a row; RFC 8899 section 3, point 6 */
#define PROBES_MAX 2

struct rd_conn *
rd_conn_new(const struct rd_conn_config *cfg, uint32_t index, bool initiator, uint64_t now_ns)
{
	struct rd_conn *c = xcalloc(1, sizeof(*c));
	c->cfg = *cfg;
	if (!c->cfg.keepalive_ns)
		c->cfg.keepalive_ns = RD_CONN_KEEPALIVE_NS;
	/* The responder waits longer: mostly the initiator's PING has made it speak by then. */
	if (!initiator)
		c->cfg.keepalive_ns += c->cfg.keepalive_ns / 10;
	c->index = index;
	c->initiator = initiator;
	c->state = initiator ? RD_CONN_INIT : RD_CONN_PAKED;
	c->born_ns = now_ns;
	c->paced_ns = c->paths.nudge_ns = c->paths.retell_ns = c->closing.say_ns = c->rekey.old_until_ns = UINT64_MAX;
	rd_handshake_new(c, now_ns);
	return c;
}

struct rd_conn *
rd_conn_dial(const struct rd_conn_config *cfg, const struct rd_conn_dial *dial,
	const struct rd_conn_ops *ops, void *ctx, uint64_t now_ns)
{
	uint32_t index;
	do
		index = randombytes_random();
	while (index == 0); /* what has no receiver names 0 */
	struct rd_conn *c = rd_conn_new(cfg, index, true, now_ns);
	struct rd_handshake *hs = c->hs;
	c->ops = *ops;
	c->ctx = ctx;
	hs->dial = *dial;
	if (!hs->dial.patience_ns)
		hs->dial.patience_ns = RD_CONN_HALF_OPEN_NS;
	hs->give_up_ns = now_ns + hs->dial.patience_ns;
	randombytes_buf(hs->sid, 16);
	if (dial->host) {
		c->peer = *dial->host;
		hs->dial.host = &c->peer;
		rd_ik_start(c, now_ns);
	} else {
		rd_password_start(c);
	}
	return c;
}

void
rd_conn_free(struct rd_conn *c)
{
	if (!c)
		return;
	rd_handshake_free(c);
	if (c->rekey.noise) {
		rd_noise_finish(c->rekey.noise);
		free(c->rekey.noise);
	}
	rd_paths_free(c);
	rd_mux_free(c->mux);
	rd_recovery_free(c->recovery);
	rd_cc_close(c->cc);
	sodium_memzero(c, sizeof(*c));
	free(c);
}

/* --- an open session --- */

static void
on_acked(void *ctx, const struct rd_sent *p)
{
	struct rd_conn *c = ctx;
	c->timeouts = 0;
	rd_paths_acked(c, p->number, c->now_ns);
	if (p->probe)
		rd_path_probe_acked(&c->path, p->number, c->now_ns);
	for (unsigned i = 0; c->mux && i < p->count; i++) {
		const struct rd_sent_frame *f = &p->frames[i];
		if (f->type == RD_FRAME_ACK)
			rd_received_known(&c->received, f->id);
		else if (f->type == RD_FRAME_CANDIDATES)
			rd_paths_told(c, f->id);
		else if (f->type != RD_FRAME_REKEY)
			rd_mux_acked(c->mux, f);
	}
}

void
rd_conn_say_again(struct rd_conn *c, const struct rd_sent *p)
{
	for (unsigned i = 0; c->mux && i < p->count; i++) {
		const struct rd_sent_frame *f = &p->frames[i];
		if (f->type == RD_FRAME_CANDIDATES)
			rd_paths_untold(c, f->id);
		else if (f->type != RD_FRAME_REKEY)
			rd_mux_lost(c->mux, f);
		else if (f->id == c->epochs && c->rekey.said_len)
			c->rekey.say = true;
	}
}

static void
on_lost(void *ctx, const struct rd_sent *p)
{
	struct rd_conn *c = ctx;
	if (p->probe)
		rd_path_probe_lost(&c->path, p->number, c->now_ns);
	rd_conn_say_again(c, p);
}

static const struct rd_recovery_ops recovery_ops = {.acked = on_acked, .lost = on_lost};

void
rd_conn_open(struct rd_conn *c, const struct rd_addr *path, uint64_t now_ns)
{
	bool stream = path && path->stream;
	const struct rd_params *theirs = &c->hs->theirs;
	c->state = RD_CONN_OPEN;
	c->peer_known = true;
	c->heard_ns = c->sent_ns = c->moved_ns = c->now_ns = now_ns;
	rd_path_init(&c->path, path, now_ns);
	rd_received_init(&c->received);
	c->cc = rd_conn_cc_open(c->cfg.cc, c->cfg.cc_bps, stream);
	assert(c->cc); /* options were checked where they were read */
	c->recovery = rd_recovery_new(&recovery_ops, c, c->cc);
	rd_recovery_lossless(c->recovery, stream);
	if (c->confirm && !c->confirm(c->server, c))
		rd_conn_close(c, RD_CLOSE_BUSY, "", now_ns);
	if (c->state != RD_CONN_OPEN)
		return;
	c->mux = rd_mux_new(&(struct rd_mux_config){.initiator = c->initiator,
		.unit_max = c->cfg.unit_max, .peer_window = theirs->window,
		.peer_stream_window = theirs->stream_window,
		.peer_units_window = theirs->units_window, .peer_unit_max = theirs->unit_max},
		&c->ops.mux, c->ctx);
	rd_paths_open(c, now_ns);
	/* The responder waits for it: only DATA proves that this is no replay. */
	c->ping = c->initiator;
	if (c->ops.established)
		c->ops.established(c->ctx);
}

void
rd_conn_see_to_losses(struct rd_conn *c)
{
	if (!c->path.current.stream)
		return;
	uint64_t oldest = rd_recovery_oldest_ns(c->recovery);
	if (oldest == 0 || oldest > c->moved_ns)
		rd_recovery_lossless(c->recovery, true);
}

/*
 * The NAT's new port for the same machine is the same network. Anything else
 * is another one: nothing is known of it.
 */
void
rd_conn_on_move(struct rd_conn *c, const struct rd_addr *was, uint64_t now_ns)
{
	const struct rd_addr *to = &c->path.current;
	if (!rd_addr_same_ip(was, to) || was->stream || to->stream || was->relayed != to->relayed) {
		rd_conn_cc_switch(c->cc, to->stream);
		rd_recovery_new_path(c->recovery);
	}
	rd_recovery_lossless(c->recovery, false);
	rd_paths_moved(c, was, now_ns);
	c->moved_ns = now_ns;
	c->timeouts = 0;
	/* What was sent the old way is missed as soon as something newer is acknowledged. */
	c->ping = true;
	c->probes = PROBES_MAX;
	c->probed = 0;
}

void
rd_conn_move(struct rd_conn *c, const struct rd_addr *to, uint64_t now_ns)
{
	if (rd_conn_half_open(c)) {
		c->hs->dial.to = *to;
		c->hs->due = true;
	}
	if (c->state != RD_CONN_OPEN)
		return;
	struct rd_addr was = c->path.current;
	rd_path_move(&c->path, to, now_ns);
	c->paths.chosen_ns = now_ns;
	rd_conn_on_move(c, &was, now_ns);
	if (c->hs) {
		c->hs->dial.to = *to;
		c->hs->due = true;
	}
}

static void
forget_answers(struct rd_conn *c, uint32_t carrier)
{
	for (unsigned i = 0; i < RD_CONN_ANSWERS; i++)
		if (c->answers[i].to.stream && c->answers[i].to.carrier == carrier)
			c->answers[i].size = 0;
}

bool
rd_conn_carrier_gone(struct rd_conn *c, uint32_t carrier, uint64_t now_ns)
{
	(void)now_ns;
	forget_answers(c, carrier);
	if (rd_conn_half_open(c)) {
		const struct rd_addr *at = c->initiator ? &c->hs->dial.to : &c->hs->peer;
		return at->stream && at->carrier == carrier;
	}
	c->paths.choose = c->paths.punch != NULL;
	if (!rd_path_carrier_gone(&c->path, carrier))
		return false;
	rd_recovery_lossless(c->recovery, false);
	return true;
}

/* --- time --- */

/* Since when nothing has been heard that something of ours waits for; 0: nothing waits. */
static uint64_t
waiting_since(const struct rd_conn *c)
{
	uint64_t oldest = rd_recovery_oldest_ns(c->recovery);
	return oldest && oldest < c->heard_ns ? c->heard_ns : oldest;
}

static void
tick_recovery(struct rd_conn *c, uint64_t now_ns)
{
	unsigned probes = rd_recovery_tick(c->recovery, now_ns);
	if (!probes)
		return;
	c->probes = c->probes + probes < PROBES_MAX ? c->probes + probes : PROBES_MAX;
	c->probed = 0;
	if (++c->timeouts == TIMEOUTS_BLACK_HOLE)
		rd_path_black_hole(&c->path, now_ns);
}

static void
tick_open(struct rd_conn *c, uint64_t now_ns)
{
	if (now_ns >= c->heard_ns + RD_CONN_DEAD_NS) {
		rd_conn_end(c, RD_CLOSE_SILENT, "");
		return;
	}
	if (c->keys_dead) {
		rd_conn_end(c, RD_CLOSE_KEYS_OLD, "");
		return;
	}
	if (now_ns >= c->sent_ns + c->cfg.keepalive_ns)
		c->ping = true;
	rd_keys_tick(c, now_ns);
	tick_recovery(c, now_ns);
	if (c->mux)
		rd_mux_tick(c->mux, now_ns);
	rd_paths_tick(c, now_ns);
	uint64_t since = waiting_since(c);
	if (!c->silent && since && now_ns >= since + RD_CONN_SILENT_NS) {
		c->silent = true;
		if (c->ops.silent)
			c->ops.silent(c->ctx, true);
	}
}

void
rd_conn_tick(struct rd_conn *c, uint64_t now_ns)
{
	c->now_ns = c->ticked_ns = now_ns;
	if (c->hs && c->state <= RD_CONN_OPEN)
		rd_handshake_tick(c, now_ns);
	if (c->state == RD_CONN_OPEN)
		tick_open(c, now_ns);
	else if (c->state == RD_CONN_CLOSING && now_ns >= c->closing.end_ns)
		rd_conn_end(c, c->closing.code, c->closing.text);
	rd_conn_tell(c);
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * What was due when both tick and send had their say waits for something else
 * than time: for room in the window, or for an address.
 */
static uint64_t
unless_stuck(const struct rd_conn *c, uint64_t due_ns)
{
	return due_ns > earlier(c->dry_ns, c->ticked_ns) ? due_ns : UINT64_MAX;
}

static uint64_t
deadline_open(const struct rd_conn *c)
{
	uint64_t due = c->heard_ns + RD_CONN_DEAD_NS;
	uint64_t since = waiting_since(c);
	if (c->keys_dead)
		return 0;
	if (!c->silent && since)
		due = earlier(due, since + RD_CONN_SILENT_NS);
	due = earlier(due, c->rekey.old_until_ns);
	due = earlier(due, unless_stuck(c, c->sent_ns + c->cfg.keepalive_ns));
	due = earlier(due, unless_stuck(c, rd_recovery_deadline(c->recovery)));
	due = earlier(due, unless_stuck(c, rd_received_deadline(&c->received)));
	due = earlier(due, unless_stuck(c, rd_path_deadline(&c->path)));
	due = earlier(due, unless_stuck(c, c->paced_ns));
	due = earlier(due, rd_paths_deadline(c));
	if (c->paths.punch)
		due = earlier(due, unless_stuck(c, rd_punch_deadline(c->paths.punch)));
	if (c->mux)
		due = earlier(due, unless_stuck(c, rd_mux_deadline(c->mux)));
	return due;
}

uint64_t
rd_conn_deadline(const struct rd_conn *c)
{
	uint64_t due = UINT64_MAX;
	if (c->hs && c->state <= RD_CONN_OPEN)
		due = rd_handshake_deadline(c);
	switch (c->state) {
	case RD_CONN_OPEN:
		return earlier(due, deadline_open(c));
	case RD_CONN_CLOSING:
		return earlier(c->closing.end_ns, unless_stuck(c, c->closing.say_ns));
	case RD_CONN_CLOSED:
		return c->closing.told ? UINT64_MAX : 0;
	default:
		return due;
	}
}

/* --- what others may know --- */

struct rd_mux *
rd_conn_mux(struct rd_conn *c)
{
	return c->mux;
}

const struct rd_key *
rd_conn_peer(const struct rd_conn *c)
{
	return c->peer_known ? &c->peer : NULL;
}

bool
rd_conn_by_password(const struct rd_conn *c)
{
	return c->by_password;
}

uint32_t
rd_conn_slot(const struct rd_conn *c)
{
	return c->slot;
}

const struct rd_addr *
rd_conn_path(const struct rd_conn *c)
{
	if (c->recovery)
		return &c->path.current;
	return c->initiator ? &c->hs->dial.to : &c->hs->peer;
}

const uint8_t *
rd_conn_hash(const struct rd_conn *c)
{
	return c->hash;
}

uint32_t
rd_conn_index(const struct rd_conn *c)
{
	return c->index;
}
