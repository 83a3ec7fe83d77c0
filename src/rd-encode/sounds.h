#ifndef RD_ENCODE_SOUNDS_H
#define RD_ENCODE_SOUNDS_H

#include "codec/opus_enc.h"
#include "wire/link.h"

/*
 * What the desktop plays: samples become packets of Opus; whatever is none passes.
 * Zeroed memory with bps set has not heard anything yet.
 */
struct sounds {
	uint32_t bps;
	struct rd_opus_enc *opus; /* NULL: nothing has sounded yet */
	int channels;		/* of it */
	int lost;		/* percent, as the listener says; 0: it has not */
	bool broken;		/* it cannot be coded, and that was said */
	struct rd_buf body;
};

void sounds_finish(struct sounds *s);
/* A message of class SOUND from the source. 0, or -EPROTO. */
int sounds_down(struct sounds *s, struct rd_link *down, const struct rd_msg *m);
/* LISTEN from the viewer: how much of it is lost. */
void sounds_listen(struct sounds *s, const struct rd_msg *m);

#endif
