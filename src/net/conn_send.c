#include <assert.h>
#include <string.h>

#include "net/conn_priv.h"

#define ROOM_MIN 64	/* bytes of a datagram below which it is not worth sending */
#define PROBE_SIZE 64	/* of a datagram that asks whether a path stands */
/* Control and input may go beyond the window by so much, or a full one would hold them up. */
#define URGENT_BYTES (4 * RD_CC_MSS)

/* A packet being written: frames stand in place, behind the room for the head. */
struct draft {
	uint8_t *datagram;
	uint8_t *at, *end;
	struct rd_sent sent;
};

static void
begin(struct draft *d, uint8_t *out, size_t size)
{
	assert(size >= RD_PACKET_OVERHEAD);
	d->datagram = out;
	d->at = out + RD_PACKET_DATA_HEADER;
	d->end = out + size - (RD_PACKET_OVERHEAD - RD_PACKET_DATA_HEADER);
	memset(&d->sent, 0, offsetof(struct rd_sent, frames));
}

static bool
put(struct draft *d, const struct rd_frame *f)
{
	if (rd_frame_size(f) > (size_t)(d->end - d->at))
		return false;
	d->at = rd_frame_put(d->at, f);
	d->sent.eliciting = d->sent.eliciting || rd_frame_eliciting(f->type);
	return true;
}

static bool
empty(const struct draft *d)
{
	return d->at == d->datagram + RD_PACKET_DATA_HEADER;
}

static void
pad(struct draft *d)
{
	memset(d->at, RD_FRAME_PADDING, (size_t)(d->end - d->at));
	d->at = d->end;
}

/*
 * Seals it and notes that it is sent. What goes elsewhere than along the path
 * (`tracked` false) is nothing that loss detection and congestion control
 * should learn from; whoever wrote it sees to its repetition.
 */
static size_t
finish(struct rd_conn *c, struct draft *d, const struct rd_addr *to, bool tracked, uint64_t now_ns)
{
	d->sent.number = c->number;
	size_t len = rd_keys_seal(c, d->datagram,
		(size_t)(d->at - d->datagram) - RD_PACKET_DATA_HEADER);
	d->sent.sent_ns = now_ns;
	d->sent.bytes = (uint32_t)len;
	d->sent.eliciting = d->sent.eliciting && tracked;
	rd_recovery_sent(c->recovery, &d->sent);
	rd_path_sent(&c->path, to, len);
	if (tracked)
		rd_pacer_sent(&c->pacer, (uint32_t)len);
	if (d->sent.eliciting)
		rd_paths_sent(c, now_ns);
	/* What goes elsewhere keeps this path's NATs from nothing. */
	if (tracked || rd_addr_equal(to, &c->path.current))
		c->sent_ns = now_ns;
	return len;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* As large as what it answers, so that it proves the size too and never amplifies. */
static size_t
send_answer(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct draft d;
	while (c->answer_count) {
		unsigned i = c->answer_first;
		c->answer_first = (i + 1) % RD_CONN_ANSWERS;
		c->answer_count--;
		if (c->answers[i].size == 0)
			continue;
		begin(&d, out, least(c->answers[i].size, RD_PATH_BASE_SIZE));
		if (!put(&d, &(struct rd_frame){.type = RD_FRAME_ANSWER,
			.data = c->answers[i].data, .len = sizeof(c->answers[i].data)}))
			continue;
		pad(&d);
		*to = c->answers[i].to;
		return finish(c, &d, to, false, now_ns);
	}
	return 0;
}

static size_t
send_probe(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct draft d;
	uint8_t data[8];
	struct rd_punch *p = c->paths.punch;
	/* It is asked for every datagram that goes: mostly there is nothing to look for. */
	if (!p || (now_ns < rd_punch_deadline(p) && !rd_punch_wants(p)))
		return 0;
	bool any = rd_punch_next(p, to, data, now_ns);
	c->paths.choose = rd_punch_narrowed(p) || c->paths.choose;
	c->paths.anew = rd_punch_anew(p) || c->paths.anew;
	if (!any)
		return 0;
	begin(&d, out, rd_punch_full(p) ? RD_PATH_BASE_SIZE : PROBE_SIZE);
	put(&d, &(struct rd_frame){.type = RD_FRAME_CHALLENGE, .data = data, .len = sizeof(data)});
	pad(&d);
	return finish(c, &d, to, false, now_ns);
}

static size_t
send_challenge(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct draft d;
	uint8_t data[8];
	size_t size = least(rd_path_candidate_budget(&c->path), RD_PATH_BASE_SIZE);
	if (size < ROOM_MIN)
		return 0;
	*to = c->path.candidate;
	if (!rd_path_challenge(&c->path, now_ns, data))
		return 0;
	begin(&d, out, size);
	put(&d, &(struct rd_frame){.type = RD_FRAME_CHALLENGE, .data = data, .len = sizeof(data)});
	pad(&d);
	return finish(c, &d, to, false, now_ns);
}

static size_t
send_size_probe(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct draft d;
	size_t size = rd_path_probe(&c->path, now_ns);
	if (size == 0 || !rd_recovery_room(c->recovery))
		return 0;
	begin(&d, out, size);
	put(&d, &(struct rd_frame){.type = RD_FRAME_PING});
	pad(&d);
	d.sent.probe = true;
	*to = c->path.current;
	rd_path_probe_sent(&c->path, c->number);
	return finish(c, &d, to, true, now_ns);
}

/* There is something to say that must be acknowledged. */
static bool
wants(const struct rd_conn *c, uint64_t now_ns)
{
	return c->probes || c->ping || c->rekey.say || c->paths.say ||
		(!rd_paths_held(c) && rd_mux_pending(c->mux, now_ns));
}

/* Window and pacer let a packet of that size go; probes and what is urgent go beyond. */
static bool
may(struct rd_conn *c, size_t size, uint64_t now_ns)
{
	if (c->probes)
		return true;
	if (!rd_recovery_room(c->recovery))
		return false;
	uint64_t window = c->cc->ops->window(c->cc);
	uint64_t in_flight = rd_recovery_in_flight(c->recovery);
	if (in_flight < window + URGENT_BYTES && (c->paths.say || rd_mux_urgent(c->mux, now_ns)))
		return true;
	if (in_flight >= window)
		return false;
	uint64_t bps = c->cc->ops->pacing_bps(c->cc);
	uint64_t when = rd_pacer_when(&c->pacer, bps, (uint32_t)size, now_ns);
	if (when <= now_ns)
		return true;
	c->paced_ns = when;
	return false;
}

static void
put_ack(struct rd_conn *c, struct draft *d, uint64_t now_ns)
{
	struct rd_frame f = {.type = RD_FRAME_ACK};
	if (!rd_received_ack(&c->received, c->born_ns, now_ns, &f.ack) || !put(d, &f))
		return;
	uint64_t ack = rd_received_sent(&c->received);
	d->sent.frames[d->sent.count++] = (struct rd_sent_frame){.type = RD_FRAME_ACK, .id = ack};
}

static void
put_rekey(struct rd_conn *c, struct draft *d)
{
	if (!c->rekey.say || !put(d, &(struct rd_frame){.type = RD_FRAME_REKEY,
		.data = c->rekey.said, .len = c->rekey.said_len}))
		return;
	c->rekey.say = false;
	d->sent.frames[d->sent.count++] = (struct rd_sent_frame){.type = RD_FRAME_REKEY,
		.id = c->epochs, .len = (uint32_t)c->rekey.said_len};
}

static void
put_candidates(struct rd_conn *c, struct draft *d)
{
	struct rd_conn_paths *p = &c->paths;
	struct rd_buf b = {0};
	if (!p->say)
		return;
	rd_candidates_pack(&b, &p->own);
	if (put(d, &(struct rd_frame){.type = RD_FRAME_CANDIDATES, .data = b.data, .len = b.len})) {
		p->say = false;
		d->sent.frames[d->sent.count++] = (struct rd_sent_frame){
			.type = RD_FRAME_CANDIDATES, .id = p->own.generation, .len = (uint32_t)b.len};
	}
	rd_buf_finish(&b);
}

static void
put_session(struct rd_conn *c, struct draft *d, uint64_t now_ns)
{
	uint64_t rtt = rd_recovery_rtt(c->recovery)->smoothed_ns;
	put_rekey(c, d);
	put_candidates(c, d);
	if (rd_paths_held(c))
		return;
	d->at += rd_mux_fill(c->mux, d->at, (size_t)(d->end - d->at), &d->sent, now_ns,
		rtt ? rtt : RD_RECOVERY_INITIAL_RTT_NS);
}

/*
 * What must be acknowledged. A probe that has nothing new to say says again what
 * was said longest ago, so that a loss at the end costs no further round trip;
 * when nothing of that matters any more it is a PING.
 */
static void
put_eliciting(struct rd_conn *c, struct draft *d, uint64_t now_ns)
{
	const struct rd_sent *p;
	put_session(c, d, now_ns);
	while (c->probes && !d->sent.eliciting &&
		(p = rd_recovery_out_from(c->recovery, c->probed))) {
		c->probed = p->number + 1;
		rd_conn_say_again(c, p);
		put_session(c, d, now_ns);
	}
	if ((c->ping || c->probes) && !d->sent.eliciting)
		put(d, &(struct rd_frame){.type = RD_FRAME_PING});
	if (!d->sent.eliciting)
		return;
	c->ping = false;
	if (c->probes)
		c->probes--;
}

/* What a relay that must drop something goes by; an ACK that rides along counts for nothing. */
static uint8_t
traffic_of(const struct rd_sent *p)
{
	unsigned most = RD_TRAFFICS;
	for (unsigned i = 0; i < p->count; i++) {
		const struct rd_sent_frame *f = &p->frames[i];
		unsigned is = RD_TRAFFICS;
		if (f->type == RD_FRAME_EVENT)
			is = RD_TRAFFIC_INPUT;
		else if (f->type == RD_FRAME_STREAM || f->type == RD_FRAME_UNIT ||
			f->type == RD_FRAME_DROP)
			is = f->traffic;
		else if (f->type == RD_FRAME_REKEY || f->type == RD_FRAME_CANDIDATES)
			is = RD_TRAFFIC_CONTROL;
		most = is < most ? is : most;
	}
	return (uint8_t)(most < RD_TRAFFICS ? most : RD_TRAFFIC_CONTROL);
}

static size_t
send_main(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct draft d;
	size_t size = rd_path_size(&c->path);
	if (size == 0)
		return 0;
	bool ack = rd_received_due(&c->received, now_ns);
	/* Who only acknowledges hears of no ACK of its that has come, and they grow. */
	if (ack && c->received.count >= RD_RECEIVED_MANY &&
		rd_recovery_oldest_ns(c->recovery) == 0)
		c->ping = true;
	bool more = wants(c, now_ns);
	if (!ack && !more)
		return 0;
	rd_keys_before_send(c, now_ns);
	more = (more || c->rekey.say) && may(c, size, now_ns);
	if (!ack && !more)
		return 0;
	begin(&d, out, size);
	if (ack || c->received.pending)
		put_ack(c, &d, now_ns);
	if (more)
		put_eliciting(c, &d, now_ns);
	if (empty(&d))
		return 0;
	*to = c->path.current;
	to->traffic = traffic_of(&d.sent);
	return finish(c, &d, to, true, now_ns);
}

static size_t
send_close(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct draft d;
	struct rd_frame f = rd_conn_close_frame(c, now_ns);
	if (rd_path_size(&c->path) == 0)
		return 0;
	begin(&d, out, RD_PATH_BASE_SIZE);
	put(&d, &f);
	*to = c->path.current;
	return finish(c, &d, to, true, now_ns);
}

static size_t
send_open(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	size_t len;
	if (rd_keys_too_old(c, now_ns)) {
		c->keys_dead = c->answer_count || wants(c, now_ns) ||
			rd_received_due(&c->received, now_ns);
		return 0;
	}
	len = send_answer(c, to, out, now_ns);
	if (len == 0)
		len = send_challenge(c, to, out, now_ns);
	if (len == 0)
		len = send_probe(c, to, out, now_ns);
	/* The peer cannot begin to probe before it has our candidates. */
	if (len == 0 && c->paths.say)
		len = send_main(c, to, out, now_ns);
	if (len == 0)
		len = send_size_probe(c, to, out, now_ns);
	if (len == 0)
		len = send_main(c, to, out, now_ns);
	return len;
}

size_t
rd_conn_send(struct rd_conn *c, struct rd_addr *to, uint8_t *out, size_t cap, uint64_t now_ns)
{
	size_t len = 0;
	assert(cap >= RD_PACKET_MAX);
	c->now_ns = now_ns;
	c->paced_ns = UINT64_MAX;
	if (c->hs && c->state <= RD_CONN_OPEN)
		len = rd_handshake_send(c, to, out, now_ns);
	if (len == 0 && c->state == RD_CONN_OPEN)
		len = send_open(c, to, out, now_ns);
	else if (len == 0 && now_ns >= c->closing.say_ns)
		len = send_close(c, to, out, now_ns);
	if (len == 0)
		c->dry_ns = now_ns;
	c->bytes_sent += len;
	return len;
}
