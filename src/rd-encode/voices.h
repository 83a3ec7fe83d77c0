#ifndef RD_ENCODE_VOICES_H
#define RD_ENCODE_VOICES_H

#include "codec/opus_dec.h"
#include "wire/link.h"

/*
 * What a viewer's microphone hears, on its way to the desktop: packets become
 * samples, in order, and lost ones what stands for them. One viewer is heard at a
 * time: who begins to speak while another does waits until that one rests. Zeroed
 * memory has not heard anything yet.
 */
struct voices {
	struct rd_opus_dec *opus; /* NULL: nobody has spoken yet */
	bool speaking;
	uint8_t channel;	/* who */
	uint32_t next;		/* the number that follows */
	uint64_t heard_ns;	/* our clock, when that one was heard last */
	struct rd_buf pcm, body;
};

void voices_finish(struct voices *v);
/* A message of class SOUND from a viewer. 0, or -EPROTO. */
int voices_up(struct voices *v, struct rd_link *up, const struct rd_msg *m, uint64_t now_ns);

#endif
