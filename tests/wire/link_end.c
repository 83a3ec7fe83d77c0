/* How a stream ends: well, cut short, foreign, broken, or with nobody there. */
#include "sides.h"

#include <malloc.h>
#include <sys/random.h>

/* ASan's, where it is linked in: its allocator does not feed mallinfo2. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t
allocated(void)
{
	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

/* Writes these bytes to a link, then end of file if `eof`; waits for its end. */
static struct test *
read_bytes(const void *p, size_t len, bool eof)
{
	struct test *t = test_bare();

	if (len > 0)
		write_all(t->b.out, p, len);
	if (eof)
		side_close_fds(&t->b);
	RUN(t, a_ended);
	assert_int_equal(t->a.ends, 1);
	return t;
}

static void
expect_end(const void *p, size_t len, enum rd_exit code, const char *words)
{
	struct test *t = read_bytes(p, len, code == RD_EXIT_CUT_SHORT);

	if (t->a.end.code != (int)code || !strstr(t->a.end.text, words))
		fail_msg("%d \"%s\" instead of %d \"%s\"", t->a.end.code, t->a.end.text, code, words);
	assert_int_equal(t->a.end.reason,
		code == RD_EXIT_CUT_SHORT ? RD_END_CUT_SHORT : RD_END_FAILED);
	test_done(t);
}

/* ---- cut short ---- */

static void
cut_short_at_every_byte(void **state)
{
	struct rd_buf b = {0};
	size_t whole[8];
	int n = 0;

	(void)state;
	put_hello(&b, 0);
	whole[n++] = b.len;
	put_message(&b, RD_MSG_KEY, 0, "1234567", 7);
	whole[n++] = b.len;
	put_message(&b, RD_MSG_REFRESH, 0, NULL, 0);
	whole[n++] = b.len;
	size_t before_end = b.len;
	put_end(&b);

	for (size_t len = 0; len < b.len; len++) {
		struct test *t = read_bytes(b.data, len, true);
		int delivered = 0;
		bool between = false;

		for (int i = 0; i < n; i++) {
			delivered += i > 0 && len >= whole[i];
			between |= len == whole[i];
		}
		assert_int_equal(t->a.end.reason, RD_END_CUT_SHORT);
		assert_int_equal(t->a.end.code, RD_EXIT_CUT_SHORT);
		assert_int_equal(t->a.count, delivered);
		assert_non_null(strstr(t->a.end.text, len == 0 ? "nothing came"
				: between		      ? "without END"
							      : "it stops "));
		test_done(t);
	}
	struct test *t = read_bytes(b.data, b.len, true);
	assert_int_equal(t->a.end.reason, RD_END_DONE);
	assert_string_equal(t->a.end.text, "enough");
	assert_int_equal(t->a.count, 2);
	test_done(t);
	expect_end(b.data, before_end + 20, RD_EXIT_CUT_SHORT, "4 of 8 bytes of a message (END)");
	rd_buf_finish(&b);
}

static void
cut_short_in_a_large_body(void **state)
{
	struct rd_buf b = {0};
	uint8_t *body = xcalloc(1, 100000);

	(void)state;
	put_hello(&b, 0);
	size_t hello = b.len;
	put_message(&b, RD_MSG_RAW, 0, body, 100000);
	expect_end(b.data, hello + 16 + 90000, RD_EXIT_CUT_SHORT, "90000 of 100000 bytes of a message (RAW)");
	free(body);
	rd_buf_finish(&b);
}

static bool
both_over(struct test *t)
{
	return t->a.ends && t->a.closes;
}

/* Whoever dies at the other end of a socket, both directions end. */
static void
a_peer_that_dies_ends_both_directions(void **state)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};

	(void)state;
	put_hello(&b, 0);
	write_all(t->b.out, b.data, b.len);
	side_close_fds(&t->b);
	RUN(t, both_over);
	assert_int_equal(t->a.end.reason, RD_END_CUT_SHORT);
	assert_int_equal(t->a.error, -EPIPE);
	assert_int_equal(t->a.ends + t->a.closes, 2);
	rd_buf_finish(&b);
	test_done(t);
}

static bool
send_to_nobody(struct test *t)
{
	side_send(&t->a, RD_MSG_REFRESH, 0, NULL, 0);
	return true;
}

/* What the peer had said comes before the news that it is gone. */
static void
last_words_come_first(void **state)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};

	(void)state;
	put_hello(&b, 0);
	put_message(&b, RD_MSG_REFRESH, 0, NULL, 0);
	put_end(&b);
	write_all(t->b.out, b.data, b.len);
	side_close_fds(&t->b);
	/* The write fails before anything was read. */
	RUN(t, send_to_nobody, both_over);
	assert_int_equal(t->a.count, 1);
	assert_int_equal(t->a.end.reason, RD_END_DONE);
	assert_true(t->a.end_at < t->a.closed_at);
	assert_int_equal(t->a.error, -EPIPE);
	/* Sending on does nothing. */
	side_send(&t->a, RD_MSG_REFRESH, 0, NULL, 0);
	assert_int_equal(rd_link_queued(t->a.link), 0);
	rd_buf_finish(&b);
	test_done(t);
}

static bool
held_after_one(struct test *t)
{
	return t->a.count == 1;
}

static bool
die_while_it_resumes(struct test *t)
{
	t->a.pause_in = false;
	side_close_fds(&t->b);
	send_to_nobody(t);
	rd_link_pause(t->a.link, false);
	return true;
}

/* Nor does a pause take from them what was read but not yet delivered. */
static void
last_words_come_after_a_pause(void **state)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};

	(void)state;
	put_hello(&b, 0);
	for (int i = 0; i < 3; i++)
		put_message(&b, RD_MSG_REFRESH, 0, NULL, 0);
	put_end(&b);
	t->a.pause_in = true;
	write_all(t->b.out, b.data, b.len);
	RUN(t, held_after_one, die_while_it_resumes, both_over);
	assert_int_equal(t->a.count, 3);
	assert_int_equal(t->a.end.reason, RD_END_DONE);
	rd_buf_finish(&b);
	test_done(t);
}

/* ---- nobody reads ---- */

static struct test *
test_out(int fd)
{
	struct test *t = test_new();

	t->a.out = fd;
	side_open(&t->a);
	side_hello(&t->a, "a");
	return t;
}

static bool
close_reader(struct test *t)
{
	close(t->b.in);
	t->b.in = -1;
	return true;
}

static void
a_dead_reader_is_noticed_while_idle(void **state)
{
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	struct test *t = test_out(fd[1]);
	t->b.in = fd[0];
	RUN(t, some_turns, close_reader, a_closed);
	assert_int_equal(t->a.error, -EPIPE);
	test_done(t);

	/* One that was never there. */
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	close(fd[0]);
	t = test_out(fd[1]);
	RUN(t, a_closed);
	assert_int_equal(t->a.error, -EPIPE);
	assert_int_equal(t->a.closes, 1);
	test_done(t);

	/* The other end of a socket, while we do not read. */
	t = test_bare();
	rd_link_pause(t->a.link, true);
	t->b.out = -1;
	RUN(t, some_turns, close_reader, a_closed);
	assert_int_equal(t->a.error, -EPIPE);
	assert_int_equal(t->a.ends, 0);
	test_done(t);
}

static void
full_disks_and_dev_null_are_ordinary(void **state)
{
	(void)state;
	struct test *t = test_out(open("/dev/full", O_WRONLY | O_CLOEXEC));
	RUN(t, a_closed);
	assert_int_equal(t->a.error, -ENOSPC);
	test_done(t);

	t = test_out(open("/dev/null", O_WRONLY | O_CLOEXEC));
	side_send(&t->a, RD_MSG_REFRESH, 0, NULL, 0);
	rd_link_finish(t->a.link, RD_END_DONE, 0, NULL);
	RUN(t, a_closed);
	assert_int_equal(t->a.error, 0);
	test_done(t);

	t = test_new();
	t->a.in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	side_open(&t->a);
	RUN(t, a_ended);
	assert_int_equal(t->a.end.code, RD_EXIT_CUT_SHORT);
	assert_non_null(strstr(t->a.end.text, "nothing came"));
	test_done(t);

	t = test_new();
	t->a.in = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	side_open(&t->a);
	RUN(t, a_ended);
	assert_int_equal(t->a.end.code, RD_EXIT_FOREIGN);
	test_done(t);
}

static bool
finish_a(struct test *t)
{
	/* It passes on that what feeds it was cut short; it is not itself gone. */
	rd_link_finish(t->a.link, RD_END_CUT_SHORT, RD_EXIT_CUT_SHORT, "my source broke");
	return true;
}

static bool
b_goes_on(struct test *t)
{
	assert_int_equal(t->b.end.reason, RD_END_CUT_SHORT);
	assert_string_equal(t->b.end.text, "my source broke");
	assert_int_equal(t->a.ends, 0);
	assert_int_equal(t->b.closes, 0);
	side_send(&t->b, RD_MSG_REFRESH, 0, NULL, 0);
	rd_link_finish(t->b.link, RD_END_USER, 0, NULL);
	return true;
}

/* One direction's end leaves the other open. */
static void
half_a_link_goes_on(void **state)
{
	struct test *t = test_pair();

	(void)state;
	RUN(t, both_greeted, finish_a, b_ended, a_closed, some_turns, b_goes_on, a_ended);
	assert_int_equal(t->a.error, 0);
	assert_int_equal(t->a.count, 1);
	assert_int_equal(t->a.end.reason, RD_END_USER);
	test_done(t);
}

/* ---- foreign ---- */

static void
foreign_input_is_named(void **state)
{
	static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 'J', 'F', 'I', 'F', 0};
	const char *motd = "Welcome to build1!\n";
	struct rd_buf b = {0};

	(void)state;
	expect_end(jpeg, sizeof(jpeg), RD_EXIT_FOREIGN, "this is not an rd stream");
	expect_end(motd, strlen(motd), RD_EXIT_FOREIGN, "\"Welcome to build1!\\x0a\"");
	/* Known from two bytes, though their writer keeps quiet then. */
	expect_end("hi", 2, RD_EXIT_FOREIGN, "\"hi\"");

	/* A message that is no HELLO; a HELLO through a terminal (\n became \r\n). */
	put_message(&b, RD_MSG_REFRESH, 0, NULL, 0);
	expect_end(b.data, b.len, RD_EXIT_FOREIGN, "this is not an rd stream");
	rd_buf_reset(&b);
	put_hello(&b, 0);
	b.data[21] = '\r';
	expect_end(b.data, b.len, RD_EXIT_FOREIGN, "this is not an rd stream");

	rd_buf_reset(&b);
	put_hello(&b, 0);
	b.data[24] = 2;
	b.data[26] = 3;
	expect_end(b.data, b.len, RD_EXIT_VERSION, "version 2.3, this program reads 1.0");
	rd_buf_reset(&b);
	put_message(&b, RD_MSG_HELLO, 0, rd_stream_magic, 8);
	expect_end(b.data, b.len, RD_EXIT_FOREIGN, "HELLO");
	rd_buf_finish(&b);
}

/* Random bytes, plain and after a good HELLO: an end and nothing worse. */
static void
random_input_ends(void **state)
{
	const char *given = getenv("RD_SEED");
	unsigned seed;

	(void)state;
	if (given)
		seed = (unsigned)strtoul(given, NULL, 0);
	else
		assert_int_equal(getrandom(&seed, sizeof(seed), 0), sizeof(seed));
	print_message("RD_SEED=%u\n", seed);
	srandom(seed);
	for (int round = 0; round < 300; round++) {
		struct rd_buf b = {0};

		if (round % 2)
			put_hello(&b, 0);
		size_t start = b.len;
		for (int i = 0; i < 2000; i++)
			rd_buf_u8(&b, (uint8_t)random());
		/* Short lengths and near types, so that some messages get through. */
		for (size_t i = start; round % 4 == 3 && i + 4 < b.len; i += 40) {
			b.data[i] = 24;
			memset(b.data + i + 1, 0, 3);
			b.data[i + 5] %= 8;
			b.data[i + 4] %= 8;
		}
		struct test *t = read_bytes(b.data, b.len, true);
		if (round % 2 == 0)
			assert_int_equal(t->a.end.code, RD_EXIT_FOREIGN);
		test_done(t);
		rd_buf_finish(&b);
	}
}

static bool
fed(struct test *t)
{
	return rd_link_count(t->a.link).in == t->feed_len;
}

/* A length is a claim: memory follows the bytes, not the claim. */
static void
a_lying_length_costs_nothing(void **state)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};
	struct rd_msg m = {.type = RD_MSG_RAW, .len = RD_MSG_MAX_RAW};

	(void)state;
	put_hello(&b, 0);
	rd_msg_pack_header(&m, rd_buf_room(&b, RD_MSG_HEADER_SIZE));
	b.len += RD_MSG_HEADER_SIZE;
	rd_buf_bytes(&b, "a few", 5);
	write_all(t->b.out, b.data, b.len);
	t->feed_len = b.len;
	size_t before = allocated();
	RUN(t, fed, some_turns);
	assert_true(allocated() < before + (4 << 20));
	assert_int_equal(t->a.ends, 0);
	test_done(t);

	/* And one that is over the limit is nonsense. */
	m.len = RD_MSG_MAX_RAW + 1;
	rd_msg_pack_header(&m, b.data + b.len - 5 - RD_MSG_HEADER_SIZE);
	expect_end(b.data, b.len, RD_EXIT_FOREIGN, "a message of 132710409 bytes (RAW)");
	rd_buf_finish(&b);
}

/* ---- the rules ---- */

static void
after_hello(uint16_t type, uint8_t flags, const void *body, size_t len, const char *words)
{
	struct rd_buf b = {0};

	put_hello(&b, RD_CAP_BUFFERS);
	put_message(&b, type, flags, body, len);
	expect_end(b.data, b.len, RD_EXIT_FOREIGN, words);
	rd_buf_finish(&b);
}

static void
rules_are_kept(void **state)
{
	static const uint8_t zeros[64], twelve[12] = {1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
	struct rd_buf hello = {0};

	(void)state;
	put_hello(&hello, 0);
	after_hello(RD_MSG_HELLO, 0, hello.data + 16, hello.len - 16, "a second HELLO");
	after_hello(RD_MSG_BUFFER, 0, "\0\0\0\0\0\x10\0\0", 8, "(BUFFER)"); /* without its descriptor */
	after_hello(RD_MSG_BUFFER, 0, zeros, 7, "(BUFFER)");
	after_hello(RD_MSG_RELEASE, 0, zeros, 4, "(RELEASE)"); /* of what was not lent */
	after_hello(RD_MSG_RELEASE, 0, zeros, 5, "(RELEASE)");
	after_hello(RD_MSG_END, 0, zeros, 1, "(END)");
	after_hello(RD_MSG_RAW, RD_MSG_F_SHARED, twelve, 12, "(RAW)"); /* in a buffer nobody knows */
	after_hello(RD_MSG_RAW, RD_MSG_F_SHARED, zeros, 13, "(RAW)");
	after_hello(0x0299, RD_MSG_F_SHARED, zeros, 0, "(0x0299)");
	rd_buf_finish(&hello);
}

static void
expect_answer(int answer, enum rd_exit code, const char *words)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};

	put_hello(&b, 0);
	put_message(&b, RD_MSG_BEGIN, 0, "x", 1);
	put_message(&b, RD_MSG_BEGIN, 0, "y", 1);
	write_all(t->b.out, b.data, b.len);
	t->a.answer = answer;
	RUN(t, a_ended, some_turns);
	assert_int_equal(t->a.count, 1); /* nothing after the one that was refused */
	assert_int_equal(t->a.ends, 1);
	assert_int_equal(t->a.end.reason, RD_END_FAILED);
	assert_int_equal(t->a.end.code, code);
	assert_non_null(strstr(t->a.end.text, words));
	rd_buf_finish(&b);
	test_done(t);
}

static void
the_owner_may_refuse_a_message(void **state)
{
	(void)state;
	expect_answer(-EPROTO, RD_EXIT_FOREIGN, "makes no sense (BEGIN)");
	expect_answer(-ENOTSUP, RD_EXIT_UNSUPPORTED, "BEGIN");
	expect_answer(-ENOMEM, RD_EXIT_MEMORY, "no memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_short_at_every_byte),
		cmocka_unit_test(cut_short_in_a_large_body),
		cmocka_unit_test(a_peer_that_dies_ends_both_directions),
		cmocka_unit_test(last_words_come_first),
		cmocka_unit_test(last_words_come_after_a_pause),
		cmocka_unit_test(a_dead_reader_is_noticed_while_idle),
		cmocka_unit_test(full_disks_and_dev_null_are_ordinary),
		cmocka_unit_test(half_a_link_goes_on),
		cmocka_unit_test(foreign_input_is_named),
		cmocka_unit_test(random_input_ends),
		cmocka_unit_test(a_lying_length_costs_nothing),
		cmocka_unit_test(rules_are_kept),
		cmocka_unit_test(the_owner_may_refuse_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
