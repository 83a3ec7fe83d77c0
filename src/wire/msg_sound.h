#ifndef RD_WIRE_MSG_SOUND_H
#define RD_WIRE_MSG_SOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/sound.h"
#include "wire/msg.h"

/*
 * PCM and OPUS, a piece of sound each:
 *
 *	 0        4       5          6
 *	+--------+-------+----------+-------- - -
 *	| number | flags | channels | samples, or an Opus packet
 *	+--------+-------+----------+-------- - -
 *
 * number	one more than that of the piece before
 * flags	RD_SOUND_*
 * channels	1 or 2
 * samples	i16 of each channel in turn, 480 of each; fewer only in the last before a rest
 *
 * The message's time is that at which its first sample sounds at the host.
 */
enum {
	RD_SOUND_FIRST = 1 << 0,	/* nothing sounded before it */
	RD_SOUND_REST = 1 << 1,		/* nothing sounds after it, until one that is FIRST */
};
#define RD_SOUND_HEAD 6
/* Bytes of an Opus packet (RFC 6716, 3.2.1). */
#define RD_OPUS_MAX 1275

struct rd_sound_msg {
	uint32_t number;
	uint8_t flags;
	uint8_t channels;
	const uint8_t *data;	/* borrowed */
	size_t len;
};

void rd_sound_pack(struct rd_buf *b, const struct rd_sound_msg *m);
/* 0, or -EPROTO; -ENOTSUP for a type of the sound class that we do not know. */
int rd_sound_parse(struct rd_sound_msg *m, uint16_t type, const uint8_t *data, size_t len);
/* Samples, of all channels, to and from the wire's bytes. */
void rd_pcm_put(struct rd_buf *b, const int16_t *pcm, int n);
void rd_pcm_get(int16_t *pcm, const uint8_t *data, int n);

/*
 * LISTEN {u8 on, u8 lost}: whether sound is wanted, and which part of it did not
 * arrive of late, in percent. Until the first one nobody listens, but where
 * nothing can come back at all.
 */
struct rd_listen { bool on; uint8_t lost; };
void rd_listen_pack(struct rd_buf *b, const struct rd_listen *m);
int rd_listen_parse(struct rd_listen *m, const uint8_t *data, size_t len);

#endif
