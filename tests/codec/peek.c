#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "codec/encoder.h"
#include "codec/peek.h"
#include "pictures.h"

/* Headers made bit by bit, most significant first. */
struct writer {
	uint8_t data[64];
	size_t bits;
};

static void
put(struct writer *w, uint32_t value, int n)
{
	while (n-- > 0) {
		if (value >> n & 1)
			w->data[w->bits / 8] |= 0x80 >> w->bits % 8;
		w->bits++;
	}
}

/* Bytes a header takes: its last ones are whole. */
static size_t
bytes(const struct writer *w)
{
	return (w->bits + 7) / 8;
}

struct vp9 {
	int marker, profile, existing, inter, shown, resilient;
	uint32_t sync;
	int space, subsampling;
	int found;	/* inter: which reference has the size, 3 for none */
	int width, height;
};

static const struct vp9 good_key = {
	.marker = 2, .shown = 1, .sync = 0x498342, .space = 1, .width = 1280, .height = 720,
};

static struct writer
vp9_header(const struct vp9 *h)
{
	struct writer w = {0};

	put(&w, h->marker, 2);
	put(&w, h->profile & 1, 1);
	put(&w, h->profile >> 1, 1);
	put(&w, h->existing, 1);
	put(&w, h->inter, 1);
	put(&w, h->shown, 1);
	put(&w, h->resilient, 1);
	if (h->inter) {
		put(&w, 0, h->resilient ? 0 : 2);
		put(&w, 0xff, 8);
		put(&w, 0x123, 12);
		for (int i = 0; i < 3 && i <= h->found; i++)
			put(&w, i == h->found, 1);
	} else {
		put(&w, h->sync, 24);
		put(&w, h->space, 3);
		put(&w, 0, 1);
		if (h->profile == 1) {
			put(&w, h->subsampling, 2);
			put(&w, 0, 1);
		}
	}
	if (!h->inter || h->found == 3) {
		put(&w, h->width - 1, 16);
		put(&w, h->height - 1, 16);
	}
	return w;
}

static int
peek_vp9(const struct vp9 *h, struct rd_peek *p)
{
	struct writer w = vp9_header(h);

	return rd_peek_vp9(p, w.data, bytes(&w));
}

static void
vp9_key_frames(void **state)
{
	struct vp9 h = good_key;
	struct rd_peek p;
	(void)state;

	for (h.profile = 0; h.profile < 2; h.profile++) {
		assert_int_equal(peek_vp9(&h, &p), 0);
		assert_true(p.key);
		assert_int_equal(p.width, 1280);
		assert_int_equal(p.height, 720);
		struct writer w = vp9_header(&h);
		for (size_t len = 0; len < bytes(&w); len++)
			assert_int_equal(rd_peek_vp9(&p, w.data, len), -EPROTO);
	}
	h.profile = 0, h.width = h.height = 65536;
	assert_int_equal(peek_vp9(&h, &p), 0);
	assert_int_equal(p.width, 65536);
}

static void
vp9_inter_frames(void **state)
{
	struct vp9 h = { .marker = 2, .inter = 1, .shown = 1, .width = 4000, .height = 3000 };
	struct rd_peek p;
	(void)state;

	for (int i = 0; i < 8; i++) {
		h.resilient = i & 1;
		h.found = i >> 1;
		assert_int_equal(peek_vp9(&h, &p), 0);
		assert_false(p.key);
		assert_int_equal(p.width, h.found == 3 ? 4000 : 0);
		assert_int_equal(p.height, h.found == 3 ? 3000 : 0);
	}
}

static void
vp9_refusals(void **state)
{
	struct rd_peek p;
	struct vp9 h;
	(void)state;

	h = good_key, h.marker = 3;
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
	h = good_key, h.profile = 2;
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
	h = good_key, h.existing = 1;
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
	h = good_key, h.shown = 0;
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
	h = good_key, h.sync ^= 1;
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
	h = good_key, h.profile = 1, h.space = 7;	/* RGB */
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
	h = good_key, h.profile = 1, h.subsampling = 2;	/* 4:2:2 */
	assert_int_equal(peek_vp9(&h, &p), -EPROTO);
}

static void
vp8_frames(void **state)
{
	/* RFC 6386, section 9.1: key frame, shown, 176x144, no scaling */
	uint8_t key[10] = { 0x10, 0, 0, 0x9d, 0x01, 0x2a, 176, 0, 144, 0 };
	const uint8_t inter[3] = { 0x11, 0, 0 }, hidden[3] = { 0x01, 0, 0 };
	struct rd_peek p;
	(void)state;

	assert_int_equal(rd_peek_vp8(&p, key, sizeof(key)), 0);
	assert_true(p.key);
	assert_int_equal(p.width, 176);
	assert_int_equal(p.height, 144);
	for (size_t len = 0; len < sizeof(key); len++)
		assert_int_equal(rd_peek_vp8(&p, key, len), -EPROTO);
	key[7] = 0xc0 | 1;	/* scaling is not size */
	assert_int_equal(rd_peek_vp8(&p, key, sizeof(key)), 0);
	assert_int_equal(p.width, 256 + 176);
	key[6] = key[7] = 0;
	assert_int_equal(rd_peek_vp8(&p, key, sizeof(key)), -EPROTO);

	assert_int_equal(rd_peek_vp8(&p, inter, sizeof(inter)), 0);
	assert_false(p.key);
	assert_int_equal(p.width, 0);
	assert_int_equal(rd_peek_vp8(&p, hidden, sizeof(hidden)), -EPROTO);
}

/* Units by type, of `size` bytes each. */
static size_t
unit(uint8_t *out, int type, int size)
{
	out[0] = type << 3 | 2;
	out[1] = size;
	memset(out + 2, 0, size);
	return 2 + size;
}

enum { SEQUENCE = 1, DELIMITER, HEADER, TILES, METADATA, FRAME, REDUNDANT, LIST, PADDING = 15 };

static int
peek_units(const int *types)
{
	uint8_t data[256];
	size_t len = 0;
	struct rd_peek p;

	for (; *types; types++)
		len += unit(data + len, *types, 5);
	return rd_peek_av1(&p, data, len);
}

static void
av1_units(void **state)
{
	(void)state;

	assert_int_equal(peek_units((int[]){ DELIMITER, FRAME, 0 }), 0);
	assert_int_equal(peek_units((int[]){ FRAME, 0 }), 0);
	assert_int_equal(peek_units((int[]){ DELIMITER, METADATA, HEADER, TILES, TILES, PADDING, 0 }), 0);
	assert_int_equal(peek_units((int[]){ 0 }), -EPROTO);
	assert_int_equal(peek_units((int[]){ DELIMITER, 0 }), -EPROTO);
	assert_int_equal(peek_units((int[]){ FRAME, FRAME, 0 }), -EPROTO);
	assert_int_equal(peek_units((int[]){ HEADER, TILES, FRAME, 0 }), -EPROTO);
	assert_int_equal(peek_units((int[]){ FRAME, REDUNDANT, 0 }), -EPROTO);
	assert_int_equal(peek_units((int[]){ FRAME, LIST, 0 }), -EPROTO);
	/* Sequence headers of zeros are none. */
	assert_int_equal(peek_units((int[]){ SEQUENCE, FRAME, 0 }), -EPROTO);
}

static void
av1_lengths(void **state)
{
	uint8_t data[32] = {0};
	struct rd_peek p;
	(void)state;

	size_t len = unit(data, FRAME, 9);
	assert_int_equal(rd_peek_av1(&p, data, len), 0);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(rd_peek_av1(&p, data, n), -EPROTO);
	data[0] |= 4;	/* an extension */
	assert_int_equal(rd_peek_av1(&p, data, len), -EPROTO);
	data[0] = FRAME << 3;	/* no length */
	assert_int_equal(rd_peek_av1(&p, data, len), -EPROTO);
	data[0] = 0x80 | FRAME << 3 | 2;	/* the forbidden bit */
	assert_int_equal(rd_peek_av1(&p, data, len), -EPROTO);
	/* A length in more bytes than it needs, and one that does not end. */
	static const uint8_t lengthy[] = { FRAME << 3 | 2, 0x81, 0x80, 0x00, 0x55 };
	assert_int_equal(rd_peek_av1(&p, lengthy, sizeof(lengthy)), 0);
	memset(data + 1, 0xff, 16);
	data[0] = FRAME << 3 | 2;
	assert_int_equal(rd_peek_av1(&p, data, 17), -EPROTO);
}

/* What our encoders make is what we take, and says its size. */
static void
our_own_packets(void **state)
{
	static int (*const peek[CODECS])(struct rd_peek *, const uint8_t *, size_t) = {
		rd_peek_vp8, rd_peek_vp9, rd_peek_av1,
	};
	uint32_t seed = 1;
	(void)state;

	for (int i = 0; i < CODECS; i++)
		for (int yuv444 = 0; yuv444 <= rd_encoder_find(codecs[i])->has_444; yuv444++) {
			const struct rd_encoder_config cfg = { codecs[i], 333, 47, yuv444, 2, 24, 0 };
			struct rd_encoder *e;
			struct rd_image im;
			assert_int_equal(rd_encoder_open(&e, &cfg), 0);
			assert_int_equal(rd_image_init(&im, cfg.width, cfg.height), 0);
			for (int n = 0; n < 20; n++) {
				struct rd_packet packet;
				struct rd_peek p;
				noise(&im, &seed);
				assert_int_equal(rd_encoder_encode(e, &im, NULL, n == 10, 0, &packet), 0);
				assert_int_equal(peek[i](&p, packet.data, packet.len), 0);
				assert_true(p.key == packet.key);
				assert_int_equal(p.width, p.key ? 334 : 0);
				assert_int_equal(p.height, p.key ? 48 : 0);
			}
			rd_image_finish(&im);
			rd_encoder_close(e);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vp8_frames),
		cmocka_unit_test(vp9_key_frames),
		cmocka_unit_test(vp9_inter_frames),
		cmocka_unit_test(vp9_refusals),
		cmocka_unit_test(av1_units),
		cmocka_unit_test(av1_lengths),
		cmocka_unit_test(our_own_packets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
