#ifndef RD_RECORD_SOUNDS_H
#define RD_RECORD_SOUNDS_H

#include <stdbool.h>

#include "codec/opus_enc.h"
#include "rd-record/piece.h"

/*
 * What sounds becomes packets of one track: Opus as it comes, samples coded. Each
 * piece once, in the order of its times; copies and stragglers are left out. Zeroed
 * memory has not heard anything yet.
 */
struct sounds {
	struct rd_opus_enc *opus; /* NULL: no samples have come yet */
	int channels;		/* of it */
	bool heard;
	uint64_t last_ns;	/* stream time of the last piece */
	uint8_t packet[RD_OPUS_MAX];
};

void sounds_finish(struct sounds *s);
/* Another source: its times have nothing to do with those before. */
void sounds_source(struct sounds *s);
/*
 * A message of class SOUND. 1: *data, *len is a packet, whose first sample sounds at
 * *time_ns of the stream; 0: nothing of it is recorded; -EPROTO.
 */
int sounds_take(struct sounds *s, const struct rd_msg *m, const uint8_t **data, size_t *len,
	uint64_t *time_ns);

#endif
