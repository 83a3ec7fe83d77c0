#ifndef RD_NET_MUX_H
#define RD_NET_MUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/frame.h"
#include "net/recovery.h"

/*
 * What a session carries, both directions: reliable ordered streams with
 * credit, units (whole or not at all, with a deadline), and events (small,
 * repeated until acknowledged). Pure: frames in, frames out.
 *
 * Which goes first: strictly control, input, sound, picture, clipboard, bulk;
 * but of every RD_MUX_FLOOR packets that have something else to carry one is
 * bulk's when bulk waits, so that it never starves (control and input may put
 * that off once, to twice as many). What was lost goes before what is new of
 * the same traffic, older units before newer ones, streams in turn.
 *
 * Everything a peer can make us keep is bounded by the credit we gave it and
 * by the limits below; memory grows with bytes that came, never with a number
 * in a frame. A peer that breaks a rule: -EPROTO.
 *
 * Streams. A stream carries bytes one way, from whoever opened it, but for
 * stream 0, which both write and which is never numbered 1 on the wire. A new
 * id opens those of the same end below it too. MAX_STREAM is how many bytes of
 * one stream may be sent, MAX_DATA of all but stream 0: what the rest leaves
 * unread must not hold up control. Each is raised when half its window was
 * dealt with, and said again when lost, if it is still the newest. What a RESET
 * says was sent and was not handed out counts as dealt with.
 *
 * Units. MAX_UNITS is how many bytes of units of both kinds may be sent, of
 * each unit from its first to its farthest, or what DROP says was sent. It is
 * RD_MUX_UNITS_WINDOW beyond what was dealt with; raised and said again as
 * above. Dealt with are
 *	- all bytes of units that were dropped;
 *	- of units that were handed out whole, what rd_mux_units_consumed says;
 *	- of the oldest unit of each kind that is missing, the bytes that came in
 *	  order: so a unit larger than the window gets through.
 * When such a unit is handed out its bytes count as not dealt with again until
 * our owner says so; the credit already given stands. A sender begins no unit
 * before all older ones of its kind were sent whole once, so it never waits for
 * credit that a later unit has taken. So at most the window and one unit of
 * each kind (unit_max) is held for a peer, and half of it again, as memory for
 * a unit grows by halves.
 *
 * A unit is dropped when its deadline passes before all of it is acknowledged,
 * though all of it may be on its way. DROP is said until acknowledged; the
 * receiver then goes on, and has nothing to drop when the unit came in time.
 */
#define RD_MUX_FLOOR 20			/* 5 % for bulk */
#define RD_MUX_STREAMS 64		/* open at once, each way, beside stream 0 */
#define RD_MUX_STREAM_WINDOW ((uint64_t)1 << 20)
#define RD_MUX_WINDOW ((uint64_t)4 << 20)	/* all streams together */
#define RD_MUX_UNITS_WINDOW ((uint64_t)8 << 20)
/*
 * Numbers a unit may be ahead of the oldest of its kind that is missing; the
 * sender holds later ones, and DROPs of them, back.
 */
#define RD_MUX_UNITS_OPEN 1024
#define RD_MUX_EVENTS 1024		/* from the oldest unacknowledged to the newest */
/*
 * An event is sent at once and said again until acknowledged: three times
 * after max(RD_MUX_REPEAT_NS, rtt/2) each, then every probe timeout, for
 * which 2 rtt + RD_RECOVERY_MAX_ACK_DELAY_NS is taken. In a packet that goes
 * anyway these three go earlier, but RD_MUX_RIDE_NS apart; no packet is made for
 * them. Oldest first, and none waits for older ones that have been said.
 */
#define RD_MUX_REPEATS 3
#define RD_MUX_REPEAT_NS (UINT64_C(10) * 1000000)
#define RD_MUX_RIDE_NS (UINT64_C(1) * 1000000)

/*
 * `dropped` comes from within rd_mux_tick, the others from within rd_mux_frame.
 * They may call everything here but these two and rd_mux_free. All must be set.
 */
struct rd_mux_ops {
	/* The next bytes of a stream, in order; fin: these are its last, or none are left. */
	void (*stream)(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin);
	/* The peer gave a stream of its up. */
	void (*reset)(void *ctx, uint64_t id, uint64_t code);
	/*
	 * A whole unit. Pictures come in the order of their numbers (a missing one
	 * is waited for until it comes or is dropped), sound as it comes. May be empty.
	 */
	void (*unit)(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len);
	/*
	 * The peer dropped one of its units; what comes next does not follow. Of
	 * pictures in the place of the one that is missing.
	 */
	void (*gap)(void *ctx, enum rd_traffic traffic);
	/* Events come once each, in order. */
	void (*event)(void *ctx, const uint8_t *data, size_t len);
	/* A unit of ours was dropped: it was late. Not called for rd_mux_drop_units. */
	void (*dropped)(void *ctx, enum rd_traffic traffic, uint64_t tag);
};

struct rd_mux_config {
	bool initiator;
	uint64_t unit_max;	/* bytes of a unit the peer may send; 0: it may send none */
	/* What the peer said it takes (rd_params). */
	uint64_t peer_window, peer_stream_window, peer_units_window, peer_unit_max;
};

struct rd_mux;
struct rd_mux *rd_mux_new(const struct rd_mux_config *cfg, const struct rd_mux_ops *ops, void *ctx);
void rd_mux_free(struct rd_mux *m);

/* --- sending --- */

/* A stream of ours: its id; -EMFILE; -EINVAL: traffic is not CONTROL, CLIPBOARD or BULK. */
int64_t rd_mux_stream_open(struct rd_mux *m, enum rd_traffic traffic);
/* Queues a copy. Id 0 is open from the start. -EPIPE after fin or a reset, or not ours. */
int rd_mux_stream_write(struct rd_mux *m, uint64_t id, const void *data, size_t len, bool fin);
void rd_mux_stream_reset(struct rd_mux *m, uint64_t id, uint64_t code);
/* Bytes written and not yet acknowledged; 0 after a reset. */
uint64_t rd_mux_stream_queued(const struct rd_mux *m, uint64_t id);
/*
 * Queues a copy of a unit. It is dropped whole when it is not all acknowledged
 * at `deadline_ns` (UINT64_MAX: never). 0, or -EMSGSIZE: longer than the peer takes.
 */
int rd_mux_unit(struct rd_mux *m, enum rd_traffic traffic, const void *data, size_t len,
	uint64_t deadline_ns, uint64_t tag);
/* Drops all units of that kind that are not yet all acknowledged. */
void rd_mux_drop_units(struct rd_mux *m, enum rd_traffic traffic);
/* Bytes of units of that kind not yet sent even once; and not yet acknowledged. */
uint64_t rd_mux_units_unsent(const struct rd_mux *m, enum rd_traffic traffic);
uint64_t rd_mux_units_queued(const struct rd_mux *m, enum rd_traffic traffic);
/* 0, -EMSGSIZE, or -EAGAIN: RD_MUX_EVENTS are unacknowledged. */
int rd_mux_event(struct rd_mux *m, const void *data, size_t len, uint64_t now_ns);

/*
 * Something could be sent now, given room in the window: then rd_mux_fill with
 * RD_MUX_ROOM or more writes something.
 */
#define RD_MUX_ROOM 1150
bool rd_mux_pending(const struct rd_mux *m, uint64_t now_ns);
/* Something urgent could (control or input): worth a packet beyond pacing. */
bool rd_mux_urgent(const struct rd_mux *m, uint64_t now_ns);
/*
 * Writes frames into out[0 … cap) and notes them in p->frames (p->count grows,
 * p->eliciting is set). Returns the bytes written; 0: nothing to send or no
 * room. rtt_ns paces how often unacknowledged events are repeated; 0: unknown.
 */
size_t rd_mux_fill(struct rd_mux *m, uint8_t *out, size_t cap, struct rd_sent *p,
	uint64_t now_ns, uint64_t rtt_ns);
/*
 * A frame noted by fill was acknowledged or lost. In any order and number: what
 * was lost may be acknowledged later, what was acknowledged is not sent again.
 */
void rd_mux_acked(struct rd_mux *m, const struct rd_sent_frame *f);
void rd_mux_lost(struct rd_mux *m, const struct rd_sent_frame *f);
/* Another path, as the old one was dead: events not acknowledged are due at once. */
void rd_mux_again(struct rd_mux *m);
/* Drops what is late. */
void rd_mux_tick(struct rd_mux *m, uint64_t now_ns);
/*
 * When a unit is late or an event is to be said again; UINT64_MAX: never. Later
 * than now after tick: what is due has then been dropped or is pending.
 */
uint64_t rd_mux_deadline(const struct rd_mux *m);

/* --- receiving --- */

/* STREAM RESET MAX_DATA MAX_STREAM UNIT DROP MAX_UNITS EVENT. 0, -EPROTO, or -ENOMEM. */
int rd_mux_frame(struct rd_mux *m, const struct rd_frame *f, uint64_t now_ns);
/*
 * So many bytes of a stream that were handed out have been dealt with: the peer
 * may send as many more. Also after the stream's end, for the session's sake.
 */
void rd_mux_consumed(struct rd_mux *m, uint64_t id, uint64_t bytes);
/* The same for units; without it credit ends after RD_MUX_UNITS_WINDOW of whole units. */
void rd_mux_units_consumed(struct rd_mux *m, uint64_t bytes);

/* Bytes of memory held for the peer's sake and for ours; for tests and --stats. */
struct rd_mux_memory { size_t received, sending; };
struct rd_mux_memory rd_mux_memory(const struct rd_mux *m);

#endif
