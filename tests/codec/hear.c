/*
 * Sound from the packet to the speaker: what is decoded is what was coded, lost
 * pieces are not heard as holes, and faster or slower is no click.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "codec/hear.h"
#include "codec/opus_enc.h"

#define MS RD_NS_PER_MS

/* Piece i of a tone on both channels. */
static void
tone(int16_t *pcm, unsigned piece, double hz)
{
	for (int i = 0; i < RD_SOUND_PIECE; i++) {
		double t = ((double)piece * RD_SOUND_PIECE + i) / RD_SOUND_RATE;
		pcm[2 * i] = pcm[2 * i + 1] = (int16_t)(8000 * sin(2 * M_PI * hz * t));
	}
}

static double
loudness(const int16_t *pcm)
{
	double sum = 0;
	for (int i = 0; i < RD_SOUND_SAMPLES; i++)
		sum += (double)pcm[i] * pcm[i];
	return sqrt(sum / RD_SOUND_SAMPLES);
}

/* The largest step from a sample to the next, in *last the one before. */
static int
roughness(const int16_t *pcm, int *last)
{
	int most = 0;
	for (int i = 0; i < RD_SOUND_PIECE; i++) {
		int step = abs(pcm[2 * i] - *last);
		most = step > most ? step : most;
		*last = pcm[2 * i];
	}
	return most;
}

static void
put(struct rd_hear *h, uint16_t type, uint32_t number, uint8_t channels, const uint8_t *data,
	size_t len, uint64_t now)
{
	struct rd_buf b = {0};
	rd_sound_pack(&b, &(struct rd_sound_msg){.number = number, .channels = channels,
		.data = data, .len = len});
	const struct rd_msg m = {.type = type, .time_ns = number * RD_SOUND_PIECE_NS,
		.data = b.data, .len = b.len};
	assert_int_equal(rd_hear_put(h, &m, now), 0);
	rd_buf_finish(&b);
}

static void
put_pcm(struct rd_hear *h, const int16_t *pcm, uint32_t number, int channels, uint64_t now)
{
	struct rd_buf b = {0};
	rd_pcm_put(&b, pcm, RD_SOUND_PIECE * channels);
	put(h, RD_MSG_PCM, number, (uint8_t)channels, b.data, b.len, now);
	rd_buf_finish(&b);
}

/* 4 s of a tone as Opus, every `gap`th packet lost (0: none): the softest and the roughest heard. */
static void
opus_way(unsigned gap, double *softest, int *roughest, unsigned *held)
{
	struct rd_opus_enc *e;
	struct rd_hear *h = rd_hear_new();
	int16_t pcm[RD_SOUND_SAMPLES], out[RD_SOUND_SAMPLES];
	uint8_t packet[RD_OPUS_MAX];
	int last = 0;
	*softest = INFINITY;
	*roughest = 0;
	*held = 0;
	assert_int_equal(rd_opus_enc_open(&e, 2, RD_OPUS_BPS), 0);
	rd_opus_enc_loss(e, gap ? 10 : 0);
	for (unsigned i = 0; i < 400; i++) {
		uint64_t now = i * RD_SOUND_PIECE_NS + 5 * MS;
		tone(pcm, i, 440);
		int n = rd_opus_enc(e, pcm, packet);
		assert_true(n > 0);
		if (!gap || i % gap != gap - 1)
			put(h, RD_MSG_OPUS, i, 2, packet, (size_t)n, now);
		*held += rd_hear_take(h, now, 20 * MS, out);
		int rough = roughness(out, &last);
		if (i < 50)
			continue;
		*roughest = rough > *roughest ? rough : *roughest;
		*softest = fmin(*softest, loudness(out));
	}
	if (gap)
		assert_in_range(rd_hear_lost(h), 1, 15);
	else
		assert_int_equal(rd_hear_lost(h), 0);
	rd_hear_free(h);
	rd_opus_enc_close(e);
}

static void
opus_is_heard(void **state)
{
	double softest;
	int roughest;
	unsigned held;
	(void)state;
	opus_way(0, &softest, &roughest, &held);
	assert_int_equal(held, 400);
	assert_true(softest > 5000);
	/* A sample of that tone differs from the next by 460 at most. */
	assert_true(roughest < 700);
}

static void
one_of_ten_lost_leaves_no_hole(void **state)
{
	double softest;
	int roughest;
	unsigned held;
	(void)state;
	opus_way(10, &softest, &roughest, &held);
	/* Of 5657: softer for a moment, but never gone. */
	assert_true(softest > 800);
	assert_true(roughest < 2500);
}

static void
samples_come_out_as_they_went_in(void **state)
{
	struct rd_hear *h = rd_hear_new();
	int16_t all[4][RD_SOUND_SAMPLES], out[RD_SOUND_SAMPLES], heard[8 * RD_SOUND_SAMPLES];
	size_t n = 0;
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		tone(all[i], i, 1000);
		put_pcm(h, all[i], i, 2, 0);
	}
	for (uint64_t now = 0; n < 8; now += RD_SOUND_PIECE_NS, n++) {
		rd_hear_take(h, now, 0, out);
		memcpy(heard + n * RD_SOUND_SAMPLES, out, sizeof(out));
	}
	/* Two samples late, as stretching needs those before and after; whole to the last bit. */
	bool found = false;
	for (int at = 0; at < 4 * RD_SOUND_SAMPLES && !found; at += 2)
		found = memcmp(heard + at, all[0], sizeof(all[0]) - 100) == 0;
	assert_true(found);
	rd_hear_free(h);
}

static void
one_channel_is_heard_on_both(void **state)
{
	struct rd_hear *h = rd_hear_new();
	int16_t mono[RD_SOUND_PIECE], out[RD_SOUND_SAMPLES];
	(void)state;
	for (int i = 0; i < RD_SOUND_PIECE; i++)
		mono[i] = 1234;
	put_pcm(h, mono, 1, 1, 0);
	rd_hear_take(h, 100 * MS, 0, out);
	assert_int_equal(out[200], 1234);
	assert_int_equal(out[201], 1234);
	rd_hear_free(h);
}

/* A way that wants the sound faster: pieces pile up. The tone stays smooth. */
static void
faster_is_no_click(void **state)
{
	struct rd_hear *h = rd_hear_new();
	int16_t pcm[RD_SOUND_SAMPLES], out[RD_SOUND_SAMPLES];
	int last = 0, most = 0;
	uint32_t sent = 0;
	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		uint64_t now = i * RD_SOUND_PIECE_NS;
		/* The source runs 1 % faster. */
		while (sent * 10 <= i * 10 + i / 10) {
			tone(pcm, sent, 300);
			put_pcm(h, pcm, sent, 2, now);
			sent++;
		}
		rd_hear_take(h, now, 20 * MS, out);
		int rough = roughness(out, &last);
		if (i > 20 && rough > most)
			most = rough;
	}
	/* 8000 * 2 pi * 300 / 48000 is 314 a sample. */
	assert_true(most < 450);
	assert_true(rd_jitter_depth(rd_hear_jitter(h)) < 10);
	rd_hear_free(h);
}

static void
what_is_no_packet_is_a_lost_one(void **state)
{
	struct rd_hear *h = rd_hear_new();
	int16_t out[RD_SOUND_SAMPLES];
	uint8_t junk[RD_OPUS_MAX];
	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		for (size_t k = 0; k < sizeof(junk); k++)
			junk[k] = (uint8_t)(i * 31 + k * 7);
		put(h, RD_MSG_OPUS, i, 2, junk, 1 + i * 4 % sizeof(junk), i * RD_SOUND_PIECE_NS);
		rd_hear_take(h, i * RD_SOUND_PIECE_NS + 50 * MS, 0, out);
	}
	rd_hear_free(h);
}

static void
what_breaks_the_rules_is_refused(void **state)
{
	struct rd_hear *h = rd_hear_new();
	static const uint8_t short_head[] = {1, 0, 0, 0, 0};
	static const uint8_t no_channel[] = {1, 0, 0, 0, 0, 0, 9, 9};
	static const uint8_t three_channels[] = {1, 0, 0, 0, 0, 3, 9, 9, 9, 9, 9, 9};
	static const uint8_t half_a_sample[] = {1, 0, 0, 0, 0, 2, 9, 9};
	const struct { uint16_t type; const uint8_t *data; size_t len; int want; } tries[] = {
		{RD_MSG_PCM, short_head, sizeof(short_head), -EPROTO},
		{RD_MSG_OPUS, short_head, sizeof(short_head), -EPROTO},
		{RD_MSG_PCM, no_channel, sizeof(no_channel), -EPROTO},
		{RD_MSG_OPUS, three_channels, sizeof(three_channels), -EPROTO},
		{RD_MSG_PCM, half_a_sample, sizeof(half_a_sample), -EPROTO},
		{0x03ff, half_a_sample, sizeof(half_a_sample), 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		const struct rd_msg m = {.type = tries[i].type, .data = tries[i].data, .len = tries[i].len};
		assert_int_equal(rd_hear_put(h, &m, 0), tries[i].want);
	}
	rd_hear_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opus_is_heard),
		cmocka_unit_test(one_of_ten_lost_leaves_no_hole),
		cmocka_unit_test(samples_come_out_as_they_went_in),
		cmocka_unit_test(one_channel_is_heard_on_both),
		cmocka_unit_test(faster_is_no_click),
		cmocka_unit_test(what_is_no_packet_is_a_lost_one),
		cmocka_unit_test(what_breaks_the_rules_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
