#ifndef RD_CAPTURE_HEARING_H
#define RD_CAPTURE_HEARING_H

#include "desktop/heir.h"
#include "rd-capture/options.h"
#include "sound/gate.h"
#include "sound/microphone.h"
#include "sound/own_sink.h"
#include "sound/tap.h"
#include "wire/link.h"

/*
 * What the desktop plays becomes messages: while somebody listens, and something
 * sounds. What comes back is heard by a microphone of the desktop. Zeroed memory is one
 * that hears nothing.
 */
struct hearing {
	struct rd_link *link;
	struct rd_hello hello;	/* ours: its time zero is the stream's */
	struct rd_tap *tap;	/* NULL: no sound is to be captured, or there can be none */
	struct rd_own_sink *own;	/* what is captured is ours; NULL */
	struct rd_microphone *microphone; /* NULL: viewers are not heard */
	struct rd_heir heir;	/* removes it, whatever becomes of us … */
	pid_t owner;		/* … who made it */
	struct rd_gate gate;
	uint64_t next_ns;	/* stream time after the last piece */
	struct rd_buf pcm, body;
};

/* What HELLO says of it: RD_CAP_SOUND and RD_CAP_MIC. */
uint32_t hearing_caps(const struct options *opt, bool duplex);
/* Where nobody can ask for sound it comes at once. */
void hearing_open(struct hearing *h, struct rd_loop *loop, struct rd_link *link,
	const struct rd_hello *hello, const struct options *opt);
void hearing_close(struct hearing *h);
/* A message of class SOUND has come: a viewer's microphone. 0, or -EPROTO. */
int hearing_voice(struct hearing *h, const struct rd_msg *m);
/* LISTEN has come. 0, or -EPROTO. */
int hearing_listen(struct hearing *h, const struct rd_msg *m);

#endif
