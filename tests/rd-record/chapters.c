#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rd-record/chapters.h"
#include "rd-record/ebml.h"

/* A disk in a temporary file, with something in front. */
static FILE *
open_disk(struct disk *d)
{
	FILE *f = tmpfile();
	assert_non_null(f);
	disk_init(d, fileno(f), true);
	assert_int_equal(disk_write(d, "head", 4), 0);
	return f;
}

/* Counts the chapters in the room, walking over all of it. */
static unsigned
count(FILE *f)
{
	static uint8_t data[4 + CHAPTERS_ROOM];
	struct rd_reader r;
	struct ebml_element e;
	unsigned n = 0;
	assert_int_equal(pread(fileno(f), data, sizeof(data), 0), (ssize_t)sizeof(data));
	rd_reader_init(&r, data + 4, CHAPTERS_ROOM);
	assert_true(ebml_head(&r, &e));
	if (e.id == EBML_VOID) {
		assert_int_equal(e.size, rd_reader_left(&r));
		return 0;
	}
	assert_int_equal(e.id, MKV_CHAPTERS);
	assert_int_equal(e.size, rd_reader_left(&r));
	assert_true(ebml_head(&r, &e));
	assert_int_equal(e.id, MKV_EDITION);
	assert_int_equal(e.size, rd_reader_left(&r));
	while (rd_reader_left(&r) > 0) {
		assert_true(ebml_head(&r, &e));
		assert_true(e.id == MKV_CHAPTER || e.id == EBML_VOID);
		assert_non_null(rd_reader_bytes(&r, (size_t)e.size));
		n += e.id == MKV_CHAPTER;
	}
	return n;
}

static void
the_room_is_whole_after_each(void **state)
{
	(void)state;
	struct disk d;
	struct chapters c;
	FILE *f = open_disk(&d);
	assert_int_equal(chapters_open(&c, &d), 0);
	assert_int_equal(d.size, 4 + CHAPTERS_ROOM);
	assert_int_equal(count(f), 0);
	for (unsigned i = 1; i <= 20; i++) {
		assert_int_equal(chapters_add(&c, i * 1000, "log in", i % 7), 0);
		assert_int_equal(count(f), i);
	}
	assert_int_equal(d.size, 4 + CHAPTERS_ROOM);
	fclose(f);
}

static void
a_full_room_loses_nothing(void **state)
{
	(void)state;
	struct disk d;
	struct chapters c;
	char title[500];
	unsigned n = 0;
	FILE *f = open_disk(&d);
	memset(title, 'x', sizeof(title));
	assert_int_equal(chapters_open(&c, &d), 0);
	while (chapters_add(&c, n, title, sizeof(title)) == 0)
		n++;
	assert_in_range(n, 25, 40);
	assert_int_equal(count(f), n);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_room_is_whole_after_each),
		cmocka_unit_test(a_full_room_loses_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
