#ifndef RD_VIEW_HEARING_H
#define RD_VIEW_HEARING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/loop.h"
#include "codec/hear.h"
#include "codec/opus_enc.h"
#include "rd-view/options.h"
#include "sound/gate.h"
#include "wire/msg_link.h"

/*
 * The viewer's side of sound: what comes is decoded here, confined, and given to the
 * speaker (speaker.h) a piece whenever that wants one; what its microphone hears
 * is coded and goes up. Zeroed memory with fd -1 hears nothing and costs nothing.
 */
struct hearing_host {
	/* A message for the peer; the body is reset or freed. Whether it went: there may be no room. */
	bool (*say)(void *ctx, uint16_t type, uint64_t mono_ns, struct rd_buf *body);
	/* There is room for more of a recording again. */
	void (*room)(void *ctx);
};

struct hearing {
	int fd;			/* of the pair with the speaker, borrowed; -1: none */
	const struct options *o;
	const struct hearing_host *host;
	void *ctx;
	struct rd_fd watch;
	struct rd_hear *hear;	/* NULL: there is no sound in this stream */
	bool takes_mic;		/* the peer hears our microphone */
	bool ready;		/* there is something to play to */
	bool opening;		/* a recording is not read before that is known … */
	struct rd_timer patience; /* … but not for ever */
	bool playing;		/* the speaker was told to start, and not to rest */
	bool held;		/* a recording stands still */
	bool paced;
	unsigned full;		/* a recording is not read on, as so many pieces wait; 0 */
	uint64_t told;		/* pieces when the peer heard last … */
	int lost;		/* … how much is lost, in percent */
	bool unsaid;		/* … or could not be told */

	struct rd_opus_enc *mic; /* NULL: nobody has spoken yet */
	struct rd_gate gate;
	struct rd_buf body;
};

void hearing_open(struct hearing *h, struct rd_loop *loop, int fd, const struct options *o,
	const struct hearing_host *host, void *ctx);
void hearing_close(struct hearing *h);
/* The peer's HELLO: whether sound comes, and may go; `paced`: it is a recording that is watched. */
void hearing_hello(struct hearing *h, const struct rd_hello *peer, bool paced);
/* There is room again for what could not be said. */
void hearing_room(struct hearing *h);
/* The peer hears nothing any more: our microphone is closed. */
void hearing_unheard(struct hearing *h);
/* A message of class SOUND. 0, or -EPROTO. */
int hearing_message(struct hearing *h, const struct rd_msg *m);
/* A picture of that time is shown. */
void hearing_picture(struct hearing *h, uint64_t time_ns);
/* A recording's time 0 is at zero_ns by our clock, and it runs or stands. */
void hearing_pace(struct hearing *h, uint64_t zero_ns, bool stands);
/* There is something to be played of a recording, after which `room` is called. */
bool hearing_sounds(const struct hearing *h);
/* So much of a recording waits that it is to be read no further. */
bool hearing_full(const struct hearing *h);

#endif
