#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/picture.h"
#include "media/y4m.h"

static int
parse(struct rd_y4m_header *h, const char *line)
{
	/* of the exact size, so that a sanitizer sees a read beyond */
	const size_t len = strlen(line);
	char *copy = malloc(len > 0 ? len : 1);
	memcpy(copy, line, len);
	const int err = rd_y4m_parse(h, copy, len);
	free(copy);
	return err;
}

static void
reads_what_ffmpeg_writes(void **state)
{
	(void)state;
	struct rd_y4m_header h;
	assert_int_equal(parse(&h, "YUV4MPEG2 W640 H360 F30000:1001 Ip A1:1 C420jpeg "
		"XYSCSS=420JPEG XCOLORRANGE=LIMITED"), 0);
	assert_int_equal(h.width, 640);
	assert_int_equal(h.height, 360);
	assert_int_equal(h.fps_num, 30000);
	assert_int_equal(h.fps_den, 1001);
	assert_int_equal(h.chroma, RD_CHROMA_420);
	assert_false(h.full_range);
	assert_int_equal(parse(&h, "YUV4MPEG2 W17 H9 F25:1 It A0:0 C444 XYSCSS=444 XCOLORRANGE=FULL"), 0);
	assert_int_equal(h.chroma, RD_CHROMA_444);
	assert_true(h.full_range);
}

static void
reads_every_chroma_it_says(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int result;
		enum rd_chroma chroma;
	} cases[] = {
		{"YUV4MPEG2 W2 H2", 0, RD_CHROMA_420},
		{"YUV4MPEG2 W2 H2 C420", 0, RD_CHROMA_420},
		{"YUV4MPEG2 W2 H2 C420jpeg", 0, RD_CHROMA_420},
		{"YUV4MPEG2 W2 H2 C420mpeg2", 0, RD_CHROMA_420},
		{"YUV4MPEG2 W2 H2 C420paldv", 0, RD_CHROMA_420},
		{"YUV4MPEG2 W2 H2 C444", 0, RD_CHROMA_444},
		{"YUV4MPEG2 W2 H2 C420p10", -ENOTSUP, 0},
		{"YUV4MPEG2 W2 H2 C422", -ENOTSUP, 0},
		{"YUV4MPEG2 W2 H2 C444alpha", -ENOTSUP, 0},
		{"YUV4MPEG2 W2 H2 Cmono", -ENOTSUP, 0},
		{"YUV4MPEG2 W2 H2 C", -ENOTSUP, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rd_y4m_header h;
		assert_int_equal(parse(&h, cases[i].line), cases[i].result);
		if (cases[i].result == 0)
			assert_int_equal(h.chroma, cases[i].chroma);
	}
}

static void
takes_a_rate_that_is_unknown(void **state)
{
	(void)state;
	static const char *const lines[] = {"YUV4MPEG2 W2 H2", "YUV4MPEG2 H2 F0:0   W2 "};
	for (int i = 0; i < 2; i++) {
		struct rd_y4m_header h;
		assert_int_equal(parse(&h, lines[i]), 0);
		assert_int_equal(h.fps_num, 25);
		assert_int_equal(h.fps_den, 1);
	}
}

static void
refuses_what_is_wrong(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"", " ", "YUV4MPEG2", "YUV4MPEG", "YUV4MPEG2W2 H2", " YUV4MPEG2 W2 H2", "yuv4mpeg2 W2 H2",
		"YUV4MPEG2 W2", "YUV4MPEG2 H2", "YUV4MPEG2 W0 H2", "YUV4MPEG2 W2 H0",
		"YUV4MPEG2 W-2 H2", "YUV4MPEG2 W2x H2", "YUV4MPEG2 W H2", "YUV4MPEG2 W8193 H1",
		"YUV4MPEG2 W8192 H8192", "YUV4MPEG2 W4294967298 H2", "YUV4MPEG2 W99999999999999999999 H2",
		"YUV4MPEG2 W2 H2 F", "YUV4MPEG2 W2 H2 F25", "YUV4MPEG2 W2 H2 F25:", "YUV4MPEG2 W2 H2 F:1",
		"YUV4MPEG2 W2 H2 F25:0", "YUV4MPEG2 W2 H2 F0:1", "YUV4MPEG2 W2 H2 F25:1x",
		"YUV4MPEG2 W2 H2 F25/1", "YUV4MPEG2 W2 H2 F9999999999:1", "\xff\xd8\xff\xe0",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct rd_y4m_header h;
		if (parse(&h, lines[i]) != -EPROTO)
			fail_msg("taken: \"%s\"", lines[i]);
	}
}

static void
knows_the_line_of_a_frame(void **state)
{
	(void)state;
	assert_int_equal(rd_y4m_parse_frame("FRAME", 5), 0);
	assert_int_equal(rd_y4m_parse_frame("FRAME Ip", 8), 0);
	assert_int_equal(rd_y4m_parse_frame("FRAMES", 6), -EPROTO);
	assert_int_equal(rd_y4m_parse_frame("FRAM", 4), -EPROTO);
	assert_int_equal(rd_y4m_parse_frame("", 0), -EPROTO);
	assert_int_equal(rd_y4m_parse_frame("frame", 5), -EPROTO);
}

static void
reads_what_it_writes(void **state)
{
	(void)state;
	const struct rd_y4m_header h = {8192, 4050, 4294967, 1001, RD_CHROMA_444, false};
	char line[RD_Y4M_LINE_MAX];
	const size_t len = rd_y4m_format(&h, line, sizeof(line));
	assert_int_equal(line[len - 1], '\n');
	line[len - 1] = 0;
	struct rd_y4m_header back;
	assert_int_equal(parse(&back, line), 0);
	assert_int_equal(back.width, h.width);
	assert_int_equal(back.height, h.height);
	assert_int_equal(back.fps_num, h.fps_num);
	assert_int_equal(back.fps_den, h.fps_den);
	assert_int_equal(back.chroma, h.chroma);
}

static void
knows_how_long_a_frame_is(void **state)
{
	(void)state;
	struct rd_y4m_header h = {.width = 5, .height = 3};
	assert_int_equal(rd_y4m_frame_size(&h), 15 + 2 * 3 * 2);
	h.chroma = RD_CHROMA_444;
	assert_int_equal(rd_y4m_frame_size(&h), 45);
	h = (struct rd_y4m_header){.width = 1, .height = 1};
	assert_int_equal(rd_y4m_frame_size(&h), 3);
}

static void
assert_near(const struct rd_image *a, const struct rd_image *b, int tolerance)
{
	for (int y = 0; y < a->height; y++) {
		for (int x = 0; x < a->width; x++) {
			for (int c = 0; c < 3; c++)
				assert_in_range(rd_image_at(a, x, y)[c] + 256,
					(unsigned)(rd_image_at(b, x, y)[c] + 256 - tolerance),
					(unsigned)(rd_image_at(b, x, y)[c] + 256 + tolerance));
			assert_int_equal(rd_image_at(b, x, y)[3], 0);
		}
	}
}

/* To planes and back, planes of the exact size. */
static void
round_trip(struct rd_y4m_header *h, const struct rd_image *im, int tolerance)
{
	uint8_t *planes = malloc(rd_y4m_frame_size(h));
	struct rd_image back = noise(im->width, im->height);
	rd_y4m_from_image(h, im, planes);
	rd_y4m_to_image(h, planes, &back);
	assert_near(im, &back, tolerance);
	free(planes);
	rd_image_finish(&back);
}

static void
converts_there_and_back(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		struct rd_y4m_header h = {.width = 1 + random_below(70), .height = 1 + random_below(50),
			.chroma = RD_CHROMA_444};
		struct rd_image im = noise(h.width, h.height);
		round_trip(&h, &im, 8);
		/* half the chroma is enough for one colour */
		rd_image_fill(&im, (struct rd_rect){0, 0, h.width, h.height}, 0x4080c0);
		h.chroma = RD_CHROMA_420;
		round_trip(&h, &im, 4);
		rd_image_finish(&im);
	}
}

static void
converts_the_colours_of_the_standard(void **state)
{
	(void)state;
	/* BT.601: limited black, white and red; full white */
	static const struct {
		uint8_t planes[3];
		bool full_range;
		uint32_t colour;
	} cases[] = {
		{{16, 128, 128}, false, 0x000000},
		{{235, 128, 128}, false, 0xffffff},
		{{81, 90, 240}, false, 0xfe0000},
		{{255, 128, 128}, true, 0xffffff},
		{{235, 128, 128}, true, 0xebebeb},
		{{16, 128, 128}, true, 0x101010},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int chroma = RD_CHROMA_420; chroma <= RD_CHROMA_444; chroma++) {
			const struct rd_y4m_header h = {1, 1, 25, 1, (enum rd_chroma)chroma,
				cases[i].full_range};
			struct rd_image im = noise(1, 1), expected = noise(1, 1);
			rd_y4m_to_image(&h, cases[i].planes, &im);
			rd_image_fill(&expected, (struct rd_rect){0, 0, 1, 1}, cases[i].colour);
			assert_near(&expected, &im, 1);
			rd_image_finish(&im);
			rd_image_finish(&expected);
		}
	}
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_ffmpeg_writes),
		cmocka_unit_test(reads_every_chroma_it_says),
		cmocka_unit_test(takes_a_rate_that_is_unknown),
		cmocka_unit_test(refuses_what_is_wrong),
		cmocka_unit_test(knows_the_line_of_a_frame),
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(knows_how_long_a_frame_is),
		cmocka_unit_test(converts_there_and_back),
		cmocka_unit_test(converts_the_colours_of_the_standard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
