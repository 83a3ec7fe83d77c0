#ifndef RD_CHAN_CHAN_PRIV_H
#define RD_CHAN_CHAN_PRIV_H

#include "base/bytes.h"
#include "chan/chan.h"

/* What the chan*.c files share; nobody else includes this. */

/* Copies of sound are known for so many pieces. */
#define CHAN_HEARD 32

/* What we send of one screen's pictures. */
struct screen {
	struct rd_buf gather;	/* the frame from BEGIN on, while open */
	uint32_t number;	/* of the frame begun last */
	uint32_t newest;	/* … queued or passed over last; 0: none yet */
	uint32_t last_sync;	/* … queued last that is a sync point */
	bool open;		/* BEGIN came and SHOW has not */
	bool sync;		/* … and it is a sync point */
	bool passing;		/* … and it is passed over */
	bool skipping;		/* until a sync point */
};

/* A stream of the peer's: bytes of a message that is not whole yet. */
struct inbox {
	uint64_t id;
	struct rd_buf part;
	uint64_t owed;		/* credit kept back while held */
};

struct rd_chan {
	const struct rd_chan_ops *ops;
	void *ctx;
	struct rd_mux *mux;	/* NULL: not bound */

	/* sending */
	struct screen screens[RD_CHAN_SCREENS];
	bool live;		/* of our stream: pictures may be late */
	bool sync_queued;	/* a sync point may still be on its way … */
	uint64_t after_sync;	/* … with so many bytes of pictures queued behind it */
	struct rd_buf sound;	/* the piece sent last, to be said once more with the next … */
	uint64_t sound_ns;	/* … and when that was */
	int64_t clipboard;	/* the stream for it; -1: not yet */
	bool wants_room;

	/* receiving */
	struct inbox *inboxes;
	unsigned inbox_count;
	uint16_t waiting;	/* screens (bits) whose pictures are passed over until a sync point */
	bool guarded;
	bool greeted;		/* HELLO has come */
	struct rd_buf early;	/* units before it: {u8 traffic, u32 length, bytes} each */
	struct { uint64_t time_ns; uint16_t type; uint8_t channel; } heard[CHAN_HEARD];
	unsigned heard_at;	/* pieces of sound delivered of late, to know copies */
	bool held;
	uint64_t units_owed;
	bool dead;		/* nothing is delivered any more */
};

/* The frame behind `tag` and what stands on it will not arrive. */
void chan_dropped(struct rd_chan *ch, uint64_t tag);

void chan_on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin);
void chan_on_reset(void *ctx, uint64_t id, uint64_t code);
void chan_on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len);
void chan_on_gap(void *ctx, enum rd_traffic traffic);
void chan_on_event(void *ctx, const uint8_t *data, size_t len);

#endif
