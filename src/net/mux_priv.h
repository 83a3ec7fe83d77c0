#ifndef RD_NET_MUX_PRIV_H
#define RD_NET_MUX_PRIV_H

#include <assert.h>
#include <sys/queue.h>

#include "net/mux.h"
#include "net/mux_bytes.h"
#include "net/mux_spans.h"
#include "net/reasm.h"

/*
 * Inside the mux. Four parts, each with its file: streams and units we send
 * (mux_stream_out.c, mux_unit_out.c) and receive (mux_stream_in.c,
 * mux_unit_in.c), events (mux_event.c), and credit (mux_credit.c).
 *
 * A FIN counts as one more byte behind the last, here and in the sets of what
 * was acknowledged or lost: so a frame without bytes is an ordinary span too.
 */

/* --- a packet being filled --- */

struct mux_writer {
	uint8_t *at, *end;
	struct rd_sent *p;
};

/* Writes f and notes it; false: no room for it. */
bool mux_write(struct mux_writer *w, const struct rd_frame *f);
/* The same for STREAM and UNIT; where not all fits a shorter piece (f->len, f->fin). */
bool mux_write_piece(struct mux_writer *w, struct rd_frame *f);

/* --- credit that we give (RFC 9000 section 4) --- */

struct mux_credit {
	uint64_t window;
	uint64_t come;		/* bytes that came, or that a final size says we missed */
	uint64_t given;		/* of them handed to our owner */
	uint64_t done;		/* of all of these dealt with */
	uint64_t said;		/* how many may come */
	bool due;		/* `said` is to be raised, or was and got lost */
};

void mux_credit_init(struct mux_credit *c, uint64_t window);
/* -EPROTO: more than was said. */
int mux_credit_come(struct mux_credit *c, uint64_t n);
/* Whether enough was dealt with to say so: half the window. */
void mux_credit_judge(struct mux_credit *c);
/* The frame that said `value` got lost. */
void mux_credit_lost(struct mux_credit *c, uint64_t value);
/* Says how much may come now, where there is room for it. */
bool mux_write_credit(struct mux_writer *w, enum rd_frame_type type, uint64_t id,
	struct mux_credit *c);

/* --- streams --- */

#define MUX_BUCKETS 64		/* ids in a row fall in different ones */
#define MUX_UNKNOWN UINT64_MAX	/* a final size */

struct mux_out {
	uint64_t id;
	enum rd_traffic traffic;
	struct mux_bytes bytes;
	uint64_t sent;		/* all before was sent at least once; the FIN too */
	uint64_t max;		/* the peer takes so many bytes */
	uint64_t acked_bytes;
	struct rd_spans acked, lost;
	bool fin;		/* nothing follows bytes.end */
	bool reset, reset_due;
	uint64_t code;
	bool is_owed, is_fresh;	/* in which lists it stands */
	TAILQ_ENTRY(mux_out) owed, fresh;
	struct mux_out *next;	/* in its bucket */
};
TAILQ_HEAD(mux_outs, mux_out);

struct mux_in {
	uint64_t id;
	struct rd_reasm late;	/* what came too early; late.next: all before was handed out */
	uint64_t final;		/* or MUX_UNKNOWN */
	struct mux_credit credit;
	bool is_due;		/* in the list of those whose credit is to be said */
	TAILQ_ENTRY(mux_in) due;
	struct mux_in *next;
};
TAILQ_HEAD(mux_ins, mux_in);

struct mux_streams {
	uint64_t next_out, next_in;	/* ids never used yet */
	unsigned outs, ins;		/* open, beside stream 0 */
	struct mux_out *out[MUX_BUCKETS];
	struct mux_in *in[MUX_BUCKETS];
	/* Those with something to send that needs no credit of the session, and that needs it. */
	struct mux_outs owed[RD_TRAFFICS], fresh[RD_TRAFFICS];
	uint64_t sent, max;		/* bytes of all but stream 0, and the peer's credit */
	struct mux_credit credit;
	struct mux_ins due;
};

void mux_streams_init(struct rd_mux *m);
void mux_streams_finish(struct rd_mux *m);
bool mux_streams_sendable(const struct rd_mux *m, enum rd_traffic traffic);
void mux_streams_fill(struct rd_mux *m, enum rd_traffic traffic, struct mux_writer *w);
void mux_streams_acked(struct rd_mux *m, const struct rd_sent_frame *f);
void mux_streams_lost(struct rd_mux *m, const struct rd_sent_frame *f);
int mux_streams_max(struct rd_mux *m, const struct rd_frame *f);	/* MAX_STREAM */

void mux_ins_init(struct rd_mux *m);
void mux_ins_finish(struct rd_mux *m);
int mux_ins_stream(struct rd_mux *m, const struct rd_frame *f);
int mux_ins_reset(struct rd_mux *m, const struct rd_frame *f);
void mux_ins_max_lost(struct rd_mux *m, const struct rd_sent_frame *f);	/* MAX_STREAM */
void mux_ins_fill(struct rd_mux *m, struct mux_writer *w);

/* --- units --- */

struct mux_unit_out {
	uint64_t number, deadline_ns, tag;
	uint8_t *data;		/* NULL once dropped */
	size_t len;
	uint64_t sent;		/* as in mux_out */
	struct rd_spans acked, lost;
	bool dropped;
	uint64_t final;		/* of a dropped one: how much the peer may have seen */
	bool is_owed;
	TAILQ_ENTRY(mux_unit_out) owed;
};
TAILQ_HEAD(mux_units_owed, mux_unit_out);

/* One kind of units. Number n stands in ring[n % cap] until it is all settled, then NULL. */
struct mux_units_out {
	struct mux_unit_out **ring;
	size_t cap;			/* a power of two */
	uint64_t first;			/* the oldest not settled */
	uint64_t next;			/* the number of the next one */
	uint64_t fresh;			/* the oldest not all sent once */
	struct mux_units_owed owed;	/* with something lost, or to drop; by number */
	uint64_t unsent, queued;	/* bytes */
	uint64_t due_ns;		/* no deadline is earlier */
};

enum { MUX_ABSENT = 0, MUX_COMING, MUX_WHOLE, MUX_GONE };

struct mux_unit_in {
	uint8_t *data;		/* in order: late.next bytes of them */
	size_t cap;
	struct rd_reasm late;
	uint64_t highest;	/* bytes counted as come */
	uint64_t final;		/* or MUX_UNKNOWN */
};

/*
 * Number n stands in slot n % RD_MUX_UNITS_OPEN: ABSENT, COMING (some of it is
 * here), WHOLE (a picture that waits for one before it), or GONE (dropped, or
 * a sound that was handed out).
 */
struct mux_units_in {
	uint64_t next;		/* the oldest that is neither handed out nor dropped */
	uint8_t state[RD_MUX_UNITS_OPEN];
	struct mux_unit_in *unit[RD_MUX_UNITS_OPEN];
};

struct mux_units {
	struct mux_units_out out[2];	/* sound, picture: mux_kind */
	struct mux_units_in in[2];
	uint64_t sent, max;		/* bytes of both, and the peer's credit */
	struct mux_credit credit;
	uint64_t settled;		/* of credit.done: dropped, or our owner's word */
};

static inline unsigned
mux_kind(enum rd_traffic traffic)
{
	assert(traffic == RD_TRAFFIC_SOUND || traffic == RD_TRAFFIC_PICTURE);
	return traffic == RD_TRAFFIC_PICTURE;
}

void mux_units_init(struct rd_mux *m);
void mux_units_finish(struct rd_mux *m);
bool mux_units_sendable(const struct rd_mux *m, enum rd_traffic traffic);
void mux_units_fill(struct rd_mux *m, enum rd_traffic traffic, struct mux_writer *w);
void mux_units_acked(struct rd_mux *m, const struct rd_sent_frame *f);
void mux_units_lost(struct rd_mux *m, const struct rd_sent_frame *f);
void mux_units_tick(struct rd_mux *m, uint64_t now_ns);
uint64_t mux_units_deadline(const struct rd_mux *m);

void mux_units_in_finish(struct rd_mux *m);
int mux_units_in_unit(struct rd_mux *m, const struct rd_frame *f);
int mux_units_in_drop(struct rd_mux *m, const struct rd_frame *f);

/* --- events --- */

struct mux_event {
	uint64_t number;
	uint64_t sent_ns, due_ns;
	unsigned sent;		/* times */
	uint8_t list;		/* MUX_NOW … */
	size_t len;
	TAILQ_ENTRY(mux_event) entry;
	uint8_t data[];
};
TAILQ_HEAD(mux_event_list, mux_event);

/*
 * An event of ours stands in one of three lists: to be sent now (by number),
 * sent and to be said again soon, sent so often that it is said again late.
 * The latter two in the order they were last sent.
 */
enum { MUX_NOW, MUX_SOON, MUX_LATE, MUX_LISTS };

struct mux_events {
	struct mux_event_list list[MUX_LISTS];
	/* Number n stands at n % RD_MUX_EVENTS: ours until acknowledged … */
	struct mux_event *out[RD_MUX_EVENTS];
	uint64_t first, next;	/* the oldest unacknowledged; the next number */
	/* … the peer's while one before it is missing. */
	struct mux_event *in[RD_MUX_EVENTS];
	uint64_t next_in;
};

void mux_events_init(struct rd_mux *m);
void mux_events_finish(struct rd_mux *m);
bool mux_events_sendable(const struct rd_mux *m, uint64_t now_ns);
/* What is due now; with `others` in the packet also some that were said just before. */
void mux_events_fill(struct rd_mux *m, struct mux_writer *w, bool others, uint64_t now_ns,
	uint64_t rtt_ns);
void mux_events_acked(struct rd_mux *m, const struct rd_sent_frame *f);
/* Afterwards nothing waits for a time that has come. */
void mux_events_tick(struct rd_mux *m, uint64_t now_ns);
uint64_t mux_events_deadline(const struct rd_mux *m);
int mux_events_in(struct rd_mux *m, const struct rd_frame *f);

/* --- all of it --- */

struct rd_mux {
	struct rd_mux_config cfg;
	struct rd_mux_ops ops;
	void *ctx;
	unsigned since_bulk;	/* packets with something else while bulk waited */
	struct mux_streams streams;
	struct mux_units units;
	struct mux_events events;
	struct rd_mux_memory memory;
};

#endif
