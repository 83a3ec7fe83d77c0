#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "media/testcard.h"
#include "pictures.h"

#define WIDTH 96
#define HEIGHT 64
#define PACKETS 6

/* A short stream: a key frame and what follows it. */
struct film {
	enum rd_codec codec;
	struct rd_buf packet[PACKETS];
};

static void
film_make(struct film *f, enum rd_codec codec, bool yuv444, int w, int h)
{
	const struct rd_encoder_config cfg = { codec, w, h, yuv444, 1, 20, 0 };
	struct rd_encoder *e;
	struct rd_image im;
	struct rd_packet p;

	memset(f, 0, sizeof(*f));
	f->codec = codec;
	assert_int_equal(rd_encoder_open(&e, &cfg), 0);
	assert_int_equal(rd_image_init(&im, w, h), 0);
	for (int n = 0; n < PACKETS; n++) {
		rd_testcard_draw(&im, 0, 0, w, h, n * 1000);
		assert_int_equal(rd_encoder_encode(e, &im, NULL, false, 0, &p), 0);
		rd_buf_bytes(&f->packet[n], p.data, p.len);
	}
	rd_image_finish(&im);
	rd_encoder_close(e);
}

static void
film_free(struct film *f)
{
	for (int n = 0; n < PACKETS; n++)
		rd_buf_finish(&f->packet[n]);
}

/* A decoder and its picture. */
struct show {
	struct rd_decoder *decoder;
	struct rd_image im;
};

static void
show_open(struct show *s, enum rd_codec codec)
{
	assert_int_equal(rd_decoder_open(&s->decoder, codec), 0);
	assert_int_equal(rd_image_init(&s->im, WIDTH, HEIGHT), 0);
}

static void
show_close(struct show *s)
{
	rd_decoder_close(s->decoder);
	rd_image_finish(&s->im);
}

static int
show_packet(struct show *s, const struct rd_buf *packet)
{
	return rd_decoder_decode(s->decoder, packet->data, packet->len, &s->im, whole(&s->im));
}

static void
for_each(void (*body)(enum rd_codec codec, bool yuv444))
{
	for (int i = 0; i < CODECS; i++) {
		body(codecs[i], false);
		if (rd_encoder_find(codecs[i])->has_444)
			body(codecs[i], true);
	}
}

/* The largest this process has been, bytes. */
static size_t
peak(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (size_t)u.ru_maxrss << 10;
}

static void
nothing_without_a_key_one(enum rd_codec codec, bool yuv444)
{
	struct film f;
	struct show s;

	film_make(&f, codec, yuv444, WIDTH, HEIGHT);
	show_open(&s, codec);
	assert_int_equal(show_packet(&s, &f.packet[1]), -EPROTO);
	assert_int_equal(show_packet(&s, &f.packet[0]), 0);
	assert_int_equal(show_packet(&s, &f.packet[1]), 0);
	/* After an error, too. */
	assert_int_equal(rd_decoder_decode(s.decoder, NULL, 0, &s.im, whole(&s.im)), -EPROTO);
	assert_int_equal(show_packet(&s, &f.packet[2]), -EPROTO);
	assert_int_equal(show_packet(&s, &f.packet[0]), 0);
	show_close(&s);
	film_free(&f);
}

static void
nothing_without_a_key(void **state)
{
	(void)state;
	for_each(nothing_without_a_key_one);
}

/* A picture goes where it is to go, its X bytes are 0, and nothing else changes. */
static void
pictures_stay_in_place_one(enum rd_codec codec, bool yuv444)
{
	const struct rd_rect to = { 13, 7, 33, 17 };
	struct film f;
	struct show s;

	film_make(&f, codec, yuv444, to.w, to.h);
	show_open(&s, codec);
	memset(s.im.data, 0x77, s.im.stride * s.im.height);
	for (int n = 0; n < PACKETS; n++)
		assert_int_equal(rd_decoder_decode(s.decoder, f.packet[n].data, f.packet[n].len,
			&s.im, to), 0);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			bool inside = x >= to.x && x < to.x + to.w && y >= to.y && y < to.y + to.h;
			assert_int_equal(rd_image_at(&s.im, x, y)[3], inside ? 0 : 0x77);
			if (!inside)
				assert_memory_equal(rd_image_at(&s.im, x, y), "\x77\x77\x77\x77", 4);
		}
	show_close(&s);
	film_free(&f);
}

static void
pictures_stay_in_place(void **state)
{
	(void)state;
	for_each(pictures_stay_in_place_one);
}

static void
wrong_sizes_are_refused_one(enum rd_codec codec, bool yuv444)
{
	static const struct rd_rect wrong[] = {
		{0, 0, WIDTH - 2, HEIGHT}, {0, 0, WIDTH, HEIGHT - 2}, {0, 0, HEIGHT, WIDTH / 2}, {1, 1, 1, 1},
	};
	struct film f, small;
	struct show s;

	film_make(&f, codec, yuv444, WIDTH, HEIGHT);
	film_make(&small, codec, yuv444, 64, 48);
	show_open(&s, codec);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(show_packet(&s, &f.packet[0]), 0);
		struct rd_image before;
		assert_int_equal(rd_image_init(&before, WIDTH, HEIGHT), 0);
		rd_image_copy(&before, &s.im, whole(&before));
		for (int n = 0; n < 2; n++)
			assert_int_equal(rd_decoder_decode(s.decoder, f.packet[n].data, f.packet[n].len,
				&s.im, wrong[i]), -EPROTO);
		assert_true(psnr(&before, &s.im, whole(&before)) == 99);
		rd_image_finish(&before);
	}
	/* An odd size is coded as the even one above it. */
	assert_int_equal(rd_decoder_decode(s.decoder, f.packet[0].data, f.packet[0].len,
		&s.im, (struct rd_rect){ 0, 0, WIDTH - 1, HEIGHT - 1 }), 0);
	/* Another size begins with a key frame, and frames of the old one no longer fit. */
	assert_int_equal(show_packet(&s, &f.packet[0]), 0);
	assert_int_equal(rd_decoder_decode(s.decoder, small.packet[0].data, small.packet[0].len,
		&s.im, (struct rd_rect){ 0, 0, 64, 48 }), 0);
	assert_int_equal(show_packet(&s, &f.packet[1]), -EPROTO);
	show_close(&s);
	film_free(&f);
	film_free(&small);
}

static void
wrong_sizes_are_refused(void **state)
{
	(void)state;
	for_each(wrong_sizes_are_refused_one);
}

/* Whatever was broken before, a key frame gives its picture. */
static void
assert_recovers(struct show *s, const struct film *f, const struct rd_image *first)
{
	assert_int_equal(show_packet(s, &f->packet[0]), 0);
	assert_true(psnr(first, &s->im, whole(first)) == 99);
}

static void
broken_packets_one(enum rd_codec codec, bool yuv444)
{
	struct rd_image first;
	struct film f;
	struct show s;
	uint32_t seed = 11;

	film_make(&f, codec, yuv444, WIDTH, HEIGHT);
	show_open(&s, codec);
	assert_int_equal(rd_image_init(&first, WIDTH, HEIGHT), 0);
	assert_int_equal(show_packet(&s, &f.packet[0]), 0);
	rd_image_copy(&first, &s.im, whole(&first));
	for (int i = 0; i < 1500; i++) {
		int n = i % PACKETS;
		size_t len = f.packet[n].len;
		struct rd_buf bad = {0};
		rd_buf_bytes(&bad, f.packet[n].data, len);
		if (i % 3 == 0)
			bad.len = next_random(&seed) % len;
		for (unsigned flips = i % 3 ? 1 + next_random(&seed) % 8 : 0; flips > 0; flips--) {
			/* Headers are where it matters most. */
			size_t at = next_random(&seed) % (flips & 1 ? (len < 24 ? len : 24) : len);
			bad.data[at] ^= 1 << next_random(&seed) % 8;
		}
		int r = show_packet(&s, &bad);
		assert_true(r == 0 || r == -EPROTO);
		if (r == 0 && n > 0)
			r = show_packet(&s, &f.packet[(n + 1) % PACKETS]);
		assert_true(r == 0 || r == -EPROTO);
		assert_recovers(&s, &f, &first);
		rd_buf_finish(&bad);
	}
	rd_image_finish(&first);
	show_close(&s);
	film_free(&f);
}

static void
broken_packets(void **state)
{
	(void)state;
	for_each(broken_packets_one);
}

/* Bytes of nothing: never a picture, never a crash. */
static void
random_bytes(void **state)
{
	uint32_t seed = 3;
	(void)state;

	for (int i = 0; i < CODECS; i++) {
		struct show s;
		show_open(&s, codecs[i]);
		for (int n = 0; n < 3000; n++) {
			uint8_t bytes[200];
			for (size_t k = 0; k < sizeof(bytes); k++)
				bytes[k] = next_random(&seed);
			const struct rd_buf b = { bytes, next_random(&seed) % sizeof(bytes), 0 };
			assert_int_equal(show_packet(&s, &b), -EPROTO);
		}
		show_close(&s);
	}
}

/* Where a key frame says its size: byte and bit, each number's width and bias. */
static void
claim(struct rd_buf *b, enum rd_codec codec, bool yuv444, unsigned w, unsigned h)
{
	if (codec == RD_CODEC_VP8) {
		const uint8_t size[4] = { w, w >> 8, h, h >> 8 };
		memcpy(b->data + 6, size, 4);
		return;
	}
	/* VP9: 8 bits of marker and flags, 24 of sync, 4 or 7 of colours. */
	uint32_t both = (uint32_t)(w - 1) << 16 | (h - 1);
	for (int i = 0; i < 32; i++) {
		int bit = 8 + 24 + (yuv444 ? 7 : 4) + i;
		b->data[bit / 8] &= ~(0x80 >> bit % 8);
		b->data[bit / 8] |= (both >> (31 - i) & 1) << (7 - bit % 8);
	}
}

/* A small packet that claims a vast picture costs nothing. */
static void
vast_claims_cost_nothing(void **state)
{
	(void)state;

	for (int i = 0; i < 4; i++) {
		enum rd_codec codec = i ? RD_CODEC_VP9 : RD_CODEC_VP8;
		bool yuv444 = i == 2;
		struct film f;
		struct show s;
		film_make(&f, codec, yuv444, WIDTH, HEIGHT);
		show_open(&s, codec);
		/* Told truly it is a picture: the claim stands where we think. */
		claim(&f.packet[0], codec, yuv444, WIDTH, HEIGHT);
		assert_int_equal(show_packet(&s, &f.packet[0]), 0);
		size_t before = peak();

		struct rd_buf vast = {0};
		rd_buf_bytes(&vast, f.packet[0].data, f.packet[0].len);
		claim(&vast, codec, yuv444, 16383, 16383);
		if (i < 3) {
			assert_int_equal(show_packet(&s, &vast), -EPROTO);
		} else {
			/* As a second frame of a VP9 packet, behind an honest one. */
			rd_buf_bytes(&f.packet[0], vast.data, vast.len);
			int r = show_packet(&s, &f.packet[0]);
			assert_true(r == 0 || r == -EPROTO);
		}
		assert_true(peak() < before + (16 << 20));
		rd_buf_finish(&vast);
		show_close(&s);
		film_free(&f);
	}
}

/* AV1 packets may hold any number of units; ours hold one frame of the right size. */
static void
one_frame_a_packet(void **state)
{
	(void)state;

	for (int i = 0; i < 2; i++) {
		struct film f, large;
		struct show s;
		struct rd_buf b = {0};
		film_make(&f, RD_CODEC_AV1, i, WIDTH, HEIGHT);
		film_make(&large, RD_CODEC_AV1, i, 640, 480);
		show_open(&s, RD_CODEC_AV1);
		/* Two temporal units. */
		rd_buf_bytes(&b, f.packet[0].data, f.packet[0].len);
		rd_buf_bytes(&b, f.packet[1].data, f.packet[1].len);
		assert_int_equal(show_packet(&s, &b), -EPROTO);
		/* A larger sequence. */
		assert_int_equal(show_packet(&s, &large.packet[0]), -EPROTO);
		/* A unit of padding behind the frame is read, and is no picture. */
		static const uint8_t padding[] = { 15 << 3 | 2, 3, 1, 2, 0x80 };
		for (int n = 0; n < PACKETS; n++) {
			rd_buf_bytes(&f.packet[n], padding, sizeof(padding));
			assert_int_equal(show_packet(&s, &f.packet[n]), 0);
		}
		rd_buf_finish(&b);
		show_close(&s);
		film_free(&f);
		film_free(&large);
	}
}

static void
only_known_codecs(void **state)
{
	struct rd_decoder *d;
	(void)state;

	assert_int_equal(rd_decoder_open(&d, RD_CODEC_NONE), -ENOTSUP);
	assert_null(d);
	assert_int_equal(rd_decoder_open(&d, 99), -ENOTSUP);
	rd_decoder_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vast_claims_cost_nothing),
		cmocka_unit_test(nothing_without_a_key),
		cmocka_unit_test(pictures_stay_in_place),
		cmocka_unit_test(wrong_sizes_are_refused),
		cmocka_unit_test(broken_packets),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(one_frame_a_packet),
		cmocka_unit_test(only_known_codecs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
