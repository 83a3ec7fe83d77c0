#ifndef RD_WIRE_MSG_CLIPBOARD_H
#define RD_WIRE_MSG_CLIPBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "wire/msg.h"

/*
 * A clipboard's content stays where it was copied until somebody pastes it
 * elsewhere. Who has it is the giver and says OFFER, DATA and REFUSE; who may
 * paste it is the taker and says WATCH, WANT, GOT, CANCEL and TOOK. Bit 7 of a
 * type says which of the two speaks, so a tool can judge a message that it does
 * not know: the giver's content goes its way, the taker's questions go against it.
 */
#define RD_CLIP_IS_TAKER(type) (((type) & 0x80) != 0)

enum rd_clip_selection { RD_CLIP_CLIPBOARD, RD_CLIP_PRIMARY, RD_CLIP_SELECTIONS };

#define RD_CLIP_KINDS 16		/* of one offer, at most */
#define RD_CLIP_NAME 64			/* bytes of a kind's name and its 0 */
#define RD_CLIP_CHUNK ((size_t)16 << 10) /* content in one DATA */
#define RD_CLIP_SIZE_UNKNOWN UINT64_MAX

/* The kinds that programs of ours offer, as MIME has them. */
#define RD_CLIP_TEXT "text/plain;charset=utf-8"
#define RD_CLIP_HTML "text/html"
#define RD_CLIP_PNG "image/png"
#define RD_CLIP_FILES "text/uri-list"

enum rd_clip_flags {
	RD_CLIP_KEEP = 1 << 0,	/* take all of it now and keep it: the giver will go */
	RD_CLIP_OLD = 1 << 1,	/* it was copied before you began to watch */
	RD_CLIP_SECRET = 1 << 2, /* a password: nobody should remember it */
	RD_CLIP_SINCE = 1 << 3,	/* but not before you stopped, to begin AGAIN */
	RD_CLIP_CLOSED = 1 << 4, /* nothing: what is selected is not shared here */
};

/* Copies a kind's name; what is too long is cut off. */
void rd_clip_name(char to[static RD_CLIP_NAME], const char *name);

struct rd_clip_kind { char name[RD_CLIP_NAME]; uint64_t size; };

/*
 *	 0       4         12   13   14   15
 *	+-------+---------+----+----+----+---+---------------------- - -
 *	|serial | origin  |sel |hops|flgs| n | n × {u64 size, u8 len, name}
 *	+-------+---------+----+----+----+---+---------------------- - -
 *
 * Without kinds: there is nothing. origin: the same wherever this very content
 * is offered on, so that it does not come back to where it was copied.
 */
struct rd_clip_offer {
	uint32_t serial;
	uint64_t origin;
	uint8_t selection, hops, flags, count;
	struct rd_clip_kind kind[RD_CLIP_KINDS];
};
void rd_clip_offer_pack(struct rd_buf *b, const struct rd_clip_offer *o);
/* -ENOTSUP: of a selection we do not know. */
int rd_clip_offer_parse(struct rd_clip_offer *o, const uint8_t *data, size_t len);
/* NULL: it is not of that kind. */
const struct rd_clip_kind *rd_clip_offer_find(const struct rd_clip_offer *o, const char *kind);

/* {u32 id, u8 last, content} */
struct rd_clip_data { uint32_t id; bool last; const uint8_t *data; size_t len; };
void rd_clip_data_pack(struct rd_buf *b, const struct rd_clip_data *m);
int rd_clip_data_parse(struct rd_clip_data *m, const uint8_t *data, size_t len);

/* Why content does not come. Numbers are for ever. */
enum rd_clip_why {
	RD_CLIP_GONE = 0,	/* something else was copied meanwhile */
	RD_CLIP_NO_KIND = 1,	/* it is not of that kind */
	RD_CLIP_TOO_LARGE = 2,	/* more than one of the two lets pass */
	RD_CLIP_NO_ANSWER = 3,	/* the program that has it does not answer */
	RD_CLIP_BUSY = 4,	/* too much at once */
	RD_CLIP_OFF = 5,	/* this direction is switched off */
	RD_CLIP_WHYS,
};
/* {u32 id, u8 why, u64 size}: size of what is too large, or unknown. */
struct rd_clip_refuse { uint32_t id; uint8_t why; uint64_t size; };
void rd_clip_refuse_pack(struct rd_buf *b, const struct rd_clip_refuse *m);
int rd_clip_refuse_parse(struct rd_clip_refuse *m, const uint8_t *data, size_t len);

/*
 * {u8 selections}: bit 0 clipboard, bit 1 primary: whose offers are wished for; 0: none any more.
 * Bit 7, AGAIN: as before such a 0, and what was copied since then is news (SINCE).
 */
#define RD_CLIP_AGAIN 0x80u
void rd_clip_watch_pack(struct rd_buf *b, uint8_t selections);
int rd_clip_watch_parse(uint8_t *selections, const uint8_t *data, size_t len);

/* {u32 id, u32 serial, u64 most, kind}: that kind of that offer, if it is no more than so much. */
struct rd_clip_want { uint32_t id, serial; uint64_t most; char kind[RD_CLIP_NAME]; };
void rd_clip_want_pack(struct rd_buf *b, const struct rd_clip_want *m);
int rd_clip_want_parse(struct rd_clip_want *m, const uint8_t *data, size_t len);

/* {u32 id, u32 count}: so many DATA of it have been taken. */
struct rd_clip_got { uint32_t id, count; };
void rd_clip_got_pack(struct rd_buf *b, const struct rd_clip_got *m);
int rd_clip_got_parse(struct rd_clip_got *m, const uint8_t *data, size_t len);

/* {u32 id}: no more of it. */
void rd_clip_cancel_pack(struct rd_buf *b, uint32_t id);
int rd_clip_cancel_parse(uint32_t *id, const uint8_t *data, size_t len);

/* What became of an offer. Numbers are for ever. */
enum rd_clip_fate {
	RD_CLIP_OWNED = 0,	/* it can be pasted here */
	RD_CLIP_KEPT = 1,	/* … and the giver may go */
	RD_CLIP_LOST = 2,	/* something else was copied here */
	RD_CLIP_REFUSED = 3,	/* it is not taken here */
	RD_CLIP_FATES,
};
/* {u32 serial, u8 fate, u8 why} */
struct rd_clip_took { uint32_t serial; uint8_t fate, why; };
void rd_clip_took_pack(struct rd_buf *b, const struct rd_clip_took *m);
int rd_clip_took_parse(struct rd_clip_took *m, const uint8_t *data, size_t len);

#endif
