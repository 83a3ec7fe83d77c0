#ifndef RD_WIRE_CLIP_H
#define RD_WIRE_CLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg_clipboard.h"

/*
 * A clipboard that is shared with one peer, or with several (the channels of a
 * link): who has what, what is under way, and how much of it. Pure: time is
 * handed in; messages and the clipboard itself are the owner's.
 *
 * Content travels when somebody pastes it, a bounded piece at a time, each way
 * by itself, and is handed to who pastes it when all of it is there: nobody
 * pastes half a text. What cannot come ends as nothing, soon, with a line for
 * the person. What was offered from here does not come back (origin, hops).
 */
struct rd_clip;

#define RD_CLIP_MAX_DEFAULT ((uint64_t)64 << 20) /* bytes of one content */
#define RD_CLIP_UNANSWERED_NS (UINT64_C(10) * 1000000000) /* nothing of it came for so long */
#define RD_CLIP_UNTAKEN_NS (UINT64_C(60) * 1000000000) /* of ours nothing was taken for so long */
#define RD_CLIP_REMEMBERED_NS (UINT64_C(30) * 1000000000) /* what has come is pasted again at once */
#define RD_CLIP_WINDOW ((uint64_t)256 << 10)	/* sent to a peer and not taken yet */
#define RD_CLIP_LOOSE ((size_t)256 << 10) /* said where there is no room, of all but content */
#define RD_CLIP_GIVES 8		/* contents on their way to one peer, */
#define RD_CLIP_TAKES 8		/* from all of them, */
#define RD_CLIP_ASKERS 32	/* and programs that wait for them */
#define RD_CLIP_HOPS 8		/* from clipboard to clipboard */

/* The clipboard here. Each call is from inside one of ours; see also below. */
struct rd_clip_place {
	/* That can be pasted here from now on; with no kinds: no more. */
	void (*own)(void *ctx, const struct rd_clip_offer *o);
	/*
	 * Content from here is wanted, by that number: rd_clip_piece with at most
	 * RD_CLIP_CHUNK bytes or rd_clip_unread follows, then or later; and so for
	 * each `more`.
	 */
	void (*read)(void *ctx, uint32_t job, uint8_t selection, const char *kind);
	void (*more)(void *ctx, uint32_t job);
	void (*stop)(void *ctx, uint32_t job);
	/* The answer to rd_clip_ask, then or later: all of it, or NULL. */
	void (*answer)(void *ctx, uint32_t request, const uint8_t *data, size_t len);
	/*
	 * All kinds of an offer, for good: bodies[i] is that of its kind i. 0, and it
	 * stays there when we end; -EINPROGRESS: rd_clip_kept follows for that job; or
	 * another negative errno. NULL: cannot be had here.
	 */
	int (*keep)(void *ctx, uint32_t job, const struct rd_clip_offer *o,
		const struct rd_buf *bodies);
};

struct rd_clip_ops {
	/* To that peer. */
	void (*send)(void *ctx, uint8_t peer, uint16_t type, struct rd_buf *body);
	/* Whether a piece of content may be added to what waits there; rd_clip_room follows on no. */
	bool (*room)(void *ctx);
	/* Something a person wants to know: whose paste it was, and why it is empty. */
	void (*say)(void *ctx, uint8_t peer, enum rd_clip_why why, const char *line);
	/* What became of what we offered; may be NULL. */
	void (*fate)(void *ctx, uint8_t peer, const struct rd_clip_took *took);
};

struct rd_clip_config {
	bool gives;		/* what is copied here may be pasted there */
	bool takes;		/* and the other way round */
	bool primary;		/* of the selection under the pointer, too */
	uint64_t max;		/* bytes of one content; 0: RD_CLIP_MAX_DEFAULT */
	const char *name;	/* what the other side is called in lines */
	const struct rd_clip_ops *ops;
	void *ctx;
	const struct rd_clip_place *place;
	/* When rd_clip_tick is due, ns; UINT64_MAX: no more. With place_ctx. */
	void (*due)(void *ctx, uint64_t ns);
	void *place_ctx;
};

struct rd_clip *rd_clip_new(const struct rd_clip_config *cfg);
void rd_clip_free(struct rd_clip *c);

/* --- from the other side --- */

/* Who is told of what is copied here without having asked: those whose HELLO says CLIP_IN. */
void rd_clip_offers_to(struct rd_clip *c, uint8_t peer);
/* We want to hear what is copied there: their HELLO says CLIP_OUT. */
void rd_clip_watches(struct rd_clip *c, uint8_t peer);
/* 0, or -EPROTO for what no peer may say. Of other classes nothing is done. */
int rd_clip_message(struct rd_clip *c, uint8_t peer, const struct rd_msg *m, uint64_t now_ns);
/* It is gone, and what it had with it. */
void rd_clip_peer_gone(struct rd_clip *c, uint8_t peer);
/* There is room again where ops->room said that there is none. */
void rd_clip_room(struct rd_clip *c, uint64_t now_ns);
void rd_clip_tick(struct rd_clip *c, uint64_t now_ns);

/* --- from the clipboard here --- */

/* A program here has copied something (its serial does not matter), or nothing is there. */
void rd_clip_copied(struct rd_clip *c, const struct rd_clip_offer *o, uint64_t now_ns);
/*
 * It is being found out what was copied: rd_clip_copied follows, and what peers
 * offer meanwhile waits for it. `old`: it was there when we began.
 */
void rd_clip_looking(struct rd_clip *c, uint8_t selection, bool old);
/* A program here pastes what we own: `answer` follows. */
void rd_clip_ask(struct rd_clip *c, uint32_t request, uint8_t selection, const char *kind,
	uint64_t now_ns);
/* Of content that is being read. */
void rd_clip_piece(struct rd_clip *c, uint32_t job, const uint8_t *data, size_t len, bool last,
	uint64_t now_ns);
void rd_clip_unread(struct rd_clip *c, uint32_t job, enum rd_clip_why why);

/* It is kept, or (err) it is not. What is not waited for any more is not told. */
void rd_clip_kept(struct rd_clip *c, uint32_t job, int err);

/* What can be pasted here now, whoever copied it. */
const struct rd_clip_offer *rd_clip_here(const struct rd_clip *c, uint8_t selection);
/* The peer it came from, or -1. */
int rd_clip_holder(const struct rd_clip *c, uint8_t selection);
/* "larger than 64 MiB", for people. */
const char *rd_clip_why_text(enum rd_clip_why why);

#endif
