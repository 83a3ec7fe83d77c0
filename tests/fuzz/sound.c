#include <stdlib.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "codec/hear.h"

/*
 * What a host sends as sound, as it is played: a row of {u8 what, u8 steps of 5 ms,
 * u8 bytes, i8 number, i8 ms, u8 flags, body}. Whatever comes, pieces come out and
 * what is kept is bounded.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
put(struct rd_hear *h, struct rd_reader *r, uint8_t what, uint32_t *number, uint64_t now)
{
	size_t len = rd_reader_u8(r);
	*number += (uint32_t)(int8_t)rd_reader_u8(r);
	int64_t ahead = (int8_t)rd_reader_u8(r);
	struct rd_sound_msg s = {.number = *number, .flags = rd_reader_u8(r) & 3,
		.channels = 1 + (what >> 6 & 1)};
	if (what & 0x20)
		s.number *= 0x01010101;
	/* Any time at all, now and then. */
	if ((what & 0x90) == 0x90)
		ahead *= INT64_C(1) << (s.flags & 1 ? 30 : 20);
	s.len = len < rd_reader_left(r) ? len : rd_reader_left(r);
	s.data = rd_reader_bytes(r, s.len);
	struct rd_buf b = {0};
	rd_sound_pack(&b, &s);
	const struct rd_msg m = {.type = what & 1 ? RD_MSG_OPUS : RD_MSG_PCM,
		.time_ns = now + (uint64_t)ahead * RD_NS_PER_MS, .data = b.data, .len = b.len};
	rd_hear_put(h, &m, now);
	rd_buf_finish(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_hear *h = rd_hear_new();
	struct rd_reader r;
	int16_t out[RD_SOUND_SAMPLES];
	uint64_t now = RD_NS_PER_S;
	uint32_t number = 0;
	if (!h)
		return 0;
	rd_reader_init(&r, data, len);
	while (rd_reader_left(&r)) {
		uint8_t what = rd_reader_u8(&r);
		now += rd_reader_u8(&r) * 5 * RD_NS_PER_MS;
		if (what & 2)
			rd_jitter_picture(rd_hear_jitter(h), now - what * RD_NS_PER_MS, now);
		if (what == 0xfc)
			rd_jitter_pace(rd_hear_jitter(h), now);
		put(h, &r, what, &number, now);
		for (int i = 0; i < (what >> 2 & 3); i++)
			rd_hear_take(h, now, 20 * RD_NS_PER_MS, out);
		if (rd_jitter_depth(rd_hear_jitter(h)) > RD_JITTER_SLOTS || rd_hear_lost(h) > 100)
			abort();
	}
	rd_hear_free(h);
	return 0;
}
