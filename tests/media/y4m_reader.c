#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/picture.h"
#include "media/y4m_reader.h"

#define HEADER "YUV4MPEG2 W4 H2 F25:1 C420\n"
#define PLANES_SIZE 12

/* What reading a file to its end came to. */
struct outcome {
	int frames;
	int error;	/* of the reader; 0: all bytes were taken */
	bool at_end;
	uint8_t first[PLANES_SIZE], last[PLANES_SIZE];
};

static void
note(struct outcome *o, const struct rd_y4m_reader *r)
{
	if (o->frames++ == 0)
		memcpy(o->first, r->planes, PLANES_SIZE);
	memcpy(o->last, r->planes, PLANES_SIZE);
}

/* Hands a file over in pieces of at most `piece` bytes. */
static struct outcome
read_all(const char *file, size_t len, size_t piece)
{
	struct rd_y4m_reader r = {0};
	struct outcome o = {0};
	int got = 0;
	for (size_t at = 0; at < len && got == 0;) {
		size_t room;
		uint8_t *to = rd_y4m_reader_room(&r, &room);
		assert_true(room > 0);
		size_t n = len - at < piece ? len - at : piece;
		n = n < room ? n : room;
		memcpy(to, file + at, n);
		at += n;
		for (got = rd_y4m_reader_add(&r, n); got == 1; got = rd_y4m_reader_next(&r))
			note(&o, &r);
	}
	o.error = got;
	o.at_end = rd_y4m_reader_at_end(&r);
	rd_y4m_reader_finish(&r);
	return o;
}

static void
takes_pieces_of_any_size(void **state)
{
	(void)state;
	static const char file[] = HEADER
		"FRAME\n" "abcdefghijkl"
		"FRAME Ip XNOTE\n" "\n\n\n\nFRAME\n\n\n"
		"FRAME\n" "ABCDEFGHIJKL";
	for (size_t piece = 1; piece <= sizeof(file); piece++) {
		const struct outcome o = read_all(file, sizeof(file) - 1, piece);
		assert_int_equal(o.error, 0);
		assert_int_equal(o.frames, 3);
		assert_true(o.at_end);
		assert_memory_equal(o.first, "abcdefghijkl", PLANES_SIZE);
		assert_memory_equal(o.last, "ABCDEFGHIJKL", PLANES_SIZE);
	}
}

static void
knows_where_a_file_may_end(void **state)
{
	(void)state;
	static const char file[] = HEADER "FRAME\n" "abcdefghijkl" "FRAME\n" "abcdefghijkl";
	const size_t header = sizeof(HEADER) - 1, frame = 6 + PLANES_SIZE;
	for (size_t len = 0; len < sizeof(file); len++) {
		const struct outcome o = read_all(file, len, 7);
		assert_int_equal(o.error, 0);
		assert_int_equal(o.at_end, len == header || len == header + frame ||
			len == header + 2 * frame);
	}
}

static void
refuses_what_is_no_frame(void **state)
{
	(void)state;
	static const char file[] = HEADER "FRAME\n" "abcdefghijkl" "FRAMES\n" "abcdefghijkl";
	const struct outcome o = read_all(file, sizeof(file) - 1, 5);
	assert_int_equal(o.error, -EPROTO);
	assert_int_equal(o.frames, 1);

	/* an error is not forgotten */
	struct rd_y4m_reader r = {0};
	size_t room;
	memcpy(rd_y4m_reader_room(&r, &room), file, sizeof(file) - 1);
	assert_int_equal(rd_y4m_reader_add(&r, sizeof(file) - 1), 1);
	assert_int_equal(rd_y4m_reader_next(&r), -EPROTO);
	assert_int_equal(rd_y4m_reader_add(&r, 0), -EPROTO);
	rd_y4m_reader_finish(&r);
}

static void
refuses_a_line_without_end(void **state)
{
	(void)state;
	char file[2 * RD_Y4M_LINE_MAX];
	memset(file, 'x', sizeof(file));
	assert_int_equal(read_all(file, RD_Y4M_LINE_MAX - 1, 100).error, 0);
	assert_int_equal(read_all(file, sizeof(file), 100).error, -EPROTO);
	memcpy(file, HEADER "FRAME ", sizeof(HEADER "FRAME ") - 1);
	assert_int_equal(read_all(file, sizeof(file), 100).error, -EPROTO);
	assert_int_equal(read_all("\n", 1, 1).error, -EPROTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_pieces_of_any_size),
		cmocka_unit_test(knows_where_a_file_may_end),
		cmocka_unit_test(refuses_what_is_no_frame),
		cmocka_unit_test(refuses_a_line_without_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
