#ifndef RD_WIRE_CLIP_PRIV_H
#define RD_WIRE_CLIP_PRIV_H

#include "wire/acks.h"
#include "wire/clip.h"

/*
 * Inside a shared clipboard, for clip*.c only:
 *
 *	clip.c		peers, and what they say
 *	clip_offer.c	who has what
 *	clip_give.c	content from here, on its way to a peer
 *	clip_take.c	content from a peer, for who pastes it here
 *	clip_keep.c	… all of it at once, for a peer that will go
 */

/* Content that a peer wants. */
struct give {
	struct give *next;
	struct peer *peer;
	uint32_t id;		/* the peer's */
	uint32_t job;		/* ours, at the place */
	uint64_t most, total;	/* bytes that may go, that went */
	uint32_t sent, got;	/* DATA */
	uint32_t serial;	/* of the offer */
	char kind[RD_CLIP_NAME];
	bool begun;		/* it is being read; before that it waits for room */
	bool pulled;		/* a piece is asked for */
	uint64_t deadline_ns;	/* it is given up, if nothing of it is taken before */
	struct rd_acks acks;
};

/* Content that we want. */
struct take {
	struct take *next;
	struct peer *peer;
	uint32_t id;
	uint32_t serial;
	uint8_t selection;
	char kind[RD_CLIP_NAME];
	struct rd_buf body;	/* its memory is ours to fail with, not rd_buf's */
	uint32_t got;
	uint64_t deadline_ns;
	bool kept;		/* for clip_keep.c: nobody here has asked yet */
	bool done;		/* all is there … */
};

struct asker {
	struct take *take;	/* NULL: the slot is free */
	uint32_t request;
};

struct peer {
	struct peer *next;
	uint8_t id;
	uint8_t watches;	/* selections, as bits */
	uint8_t newer;		/* … and of which something has come here since it was silent */
	unsigned gives;
	uint64_t under_way;	/* bytes of DATA not taken yet */
	uint64_t loose;		/* … and of all else that was said since there was room */
	bool waits[RD_CLIP_SELECTIONS];	/* an offer: until it is known what is here */
	struct rd_clip_offer waiting[RD_CLIP_SELECTIONS];
	uint32_t keep_serial;	/* of the offer that is being kept; 0: none */
	struct rd_clip_offer keep;
	uint32_t keep_job;	/* all of it is there, and the place has it in hand; 0: no */
};

struct rd_clip {
	struct rd_clip_config cfg;
	struct peer *peers;
	struct give *gives;
	struct take *takes;
	unsigned take_count;
	struct asker askers[RD_CLIP_ASKERS];
	uint64_t held;		/* bytes of takes in memory */
	uint32_t ids, jobs, serials;
	uint64_t told_due;
	struct {
		struct rd_clip_offer offer;	/* with a serial of ours */
		struct peer *holder;		/* NULL: a program here */
		uint32_t theirs;		/* serial of the holder's */
		bool looking, old;		/* it is not known yet; and was there before us */
	} here[RD_CLIP_SELECTIONS];
};

void clip_send(struct rd_clip *c, struct peer *p, uint16_t type, struct rd_buf *body);
struct peer *clip_peer(struct rd_clip *c, uint8_t id);
void clip_say(struct rd_clip *c, struct peer *p, const char *kind, enum rd_clip_why why,
	uint64_t size);
void clip_took(struct rd_clip *c, struct peer *p, uint32_t serial, enum rd_clip_fate fate,
	enum rd_clip_why why);
/* Tells the owner when the next deadline is. */
void clip_due(struct rd_clip *c);

int offer_taken(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns);
int offer_watch(struct rd_clip *c, struct peer *p, const struct rd_msg *m);
/* That peer has nothing any more: o, without kinds, says of which selection. */
void offer_nothing(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o);

int give_want(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns);
int give_got(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns);
int give_cancel(struct rd_clip *c, struct peer *p, const struct rd_msg *m);
void give_peer_gone(struct rd_clip *c, struct peer *p);
void give_tick(struct rd_clip *c, uint64_t now_ns);
uint64_t give_deadline(const struct rd_clip *c);
/* Reads on, as far as there is room. */
void give_pump(struct rd_clip *c, uint64_t now_ns);

/* NULL: too much at once; else it was asked for. */
struct take *take_begin(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o,
	uint32_t serial, const char *kind, uint64_t now_ns);
int take_data(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns);
int take_refused(struct rd_clip *c, struct peer *p, const struct rd_msg *m);
void take_tick(struct rd_clip *c, uint64_t now_ns);
uint64_t take_deadline(const struct rd_clip *c);
/* What is there of that selection, and is not on its way, is not needed any more. */
void take_forget(struct rd_clip *c, uint8_t selection);
/* Of that selection the peer has nothing any more. */
void take_give_up(struct rd_clip *c, struct peer *p, uint8_t selection);
void take_peer_gone(struct rd_clip *c, struct peer *p);
/* Tells the peer that it is not wanted any more. */
void take_cancel(struct rd_clip *c, struct take *t);
void take_free(struct rd_clip *c, struct take *t);

/* All of an offer is wanted now. */
void keep_begin(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o, uint64_t now_ns);
/* A content of it is there, or will not come. */
void keep_arrived(struct rd_clip *c, struct peer *p);
void keep_failed(struct rd_clip *c, struct peer *p, enum rd_clip_why why);

#endif
