/* What is sent arrives, whole, in order and untouched, over whatever carries it. */
#include "sides.h"

#include <sys/resource.h>
#include <sys/stat.h>

#define UNKNOWN 0x7f01
#define BIG ((size_t)3 << 20)

static uint8_t *
noise(size_t len, uint32_t seed)
{
	uint8_t *p = xmalloc(len);

	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		p[i] = (uint8_t)(seed >> 24);
	}
	return p;
}

/* Bodies of many sizes: none, small, as large as the buffer's edges, large. */
static const size_t sizes[] = {0, 1, 15, 16, 17, 4095, 4096, 65535, 65536, 66559, 66560, 66561,
	131072, 262127, 262128, 262129, 300000, RD_MSG_MAX};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void
send_sizes(struct side *s)
{
	for (size_t i = 0; i < SIZES; i++) {
		uint8_t *p = noise(sizes[i], (uint32_t)i);
		struct rd_msg m = {
			.type = (uint16_t)(UNKNOWN + i),
			.flags = 0x80,
			.channel = (uint8_t)i,
			.time_ns = UINT64_C(0x0102030405060708) + i,
			.data = p,
			.len = sizes[i],
		};
		rd_link_send(s->link, &m);
		free(p);
	}
}

static void
assert_sizes(const struct side *s)
{
	assert_int_equal(s->count, SIZES);
	for (size_t i = 0; i < SIZES; i++) {
		uint8_t *p = noise(sizes[i], (uint32_t)i);

		assert_same(&s->got[i], (uint16_t)(UNKNOWN + i), p, sizes[i]);
		assert_int_equal(s->got[i].m.flags, 0x80);
		assert_int_equal(s->got[i].m.channel, i);
		assert_true(s->got[i].m.time_ns == UINT64_C(0x0102030405060708) + i);
		free(p);
	}
}

static bool
send_sizes_and_finish(struct test *t)
{
	send_sizes(&t->a);
	rd_link_finish(t->a.link, RD_END_USER, 7, "that was all");
	return true;
}

static bool
over(struct test *t)
{
	return t->a.closes && t->b.ends;
}

static void
assert_good_end(struct test *t)
{
	assert_sizes(&t->b);
	assert_string_equal(t->b.peer.program, "a");
	assert_int_equal(t->b.end.reason, RD_END_USER);
	assert_int_equal(t->b.end.code, 7);
	assert_string_equal(t->b.end.text, "that was all");
	assert_int_equal(t->a.error, 0);
	assert_int_equal(t->a.closes, 1);
	assert_int_equal(t->b.ends, 1);
	assert_int_equal(rd_link_queued(t->a.link), 0);
	assert_true(rd_link_count(t->a.link).out == rd_link_count(t->b.link).in);
}

static void
over_a_socket_pair(void **state)
{
	struct test *t = test_pair();

	(void)state;
	assert_true(rd_link_duplex(t->a.link));
	assert_null(rd_link_peer(t->a.link));
	RUN(t, both_greeted, send_sizes_and_finish, over);
	assert_good_end(t);
	assert_string_equal(rd_link_peer(t->a.link)->program, "b");
	test_done(t);
}

static void
over_a_pipe(void **state)
{
	struct test *t = test_new();
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	t->b.in = fd[0];
	t->a.out = fd[1];
	side_open(&t->a);
	side_open(&t->b);
	assert_false(rd_link_duplex(t->a.link));
	side_hello(&t->a, "a");
	RUN(t, send_sizes_and_finish, over);
	assert_good_end(t);
	/* The shell's pipe is as it was. */
	assert_int_equal(fcntl(fd[0], F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(fcntl(fd[1], F_GETFL) & O_NONBLOCK, 0);
	test_done(t);
}

/* As over_a_pipe, where /proc/self/fd cannot be opened. */
static void
over_a_pipe_that_cannot_be_opened_anew(void **state)
{
	struct test *t = test_new();
	struct rlimit limit, none;
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	t->b.in = fd[0];
	t->a.out = fd[1];
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	side_open(&t->a);
	side_open(&t->b);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	side_hello(&t->a, "a");
	RUN(t, send_sizes_and_finish, over);
	assert_good_end(t);
	assert_int_equal(fcntl(fd[1], F_GETFL) & O_NONBLOCK, 0);
	test_done(t);
}

static int
scratch_file(void)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	int fd = dup(fileno(f));
	fclose(f);
	return fd;
}

static bool
open_file_again(struct test *t)
{
	if (!t->a.closes)
		return false;
	lseek(t->b.in, 0, SEEK_SET);
	side_open(&t->b);
	return true;
}

static void
over_a_file(void **state)
{
	struct test *t = test_new();

	(void)state;
	t->a.out = scratch_file();
	t->b.in = dup(t->a.out);
	side_open(&t->a);
	side_hello(&t->a, "a");
	RUN(t, send_sizes_and_finish, open_file_again, over);
	assert_good_end(t);
	test_done(t);
}

/* ---- a byte at a time ---- */

static bool
feed_one_byte(struct test *t)
{
	if (t->fed < t->feed_len)
		write_all(t->b.out, t->feed + t->fed++, 1);
	return t->a.ends > 0;
}

static void
a_byte_at_a_time(void **state)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};

	(void)state;
	put_hello(&b, 0);
	put_message(&b, RD_MSG_KEY, 0, "1234567", 7);
	put_message(&b, RD_MSG_REFRESH, 0, NULL, 0);
	put_message(&b, 0x00f7, 0, "later", 5); /* of class LINK and unknown: ignored */
	put_message(&b, UNKNOWN, 0, "unknown", 7);
	put_end(&b);
	t->feed = b.data;
	t->feed_len = b.len;
	RUN(t, feed_one_byte);
	assert_int_equal(t->fed, b.len);
	assert_int_equal(t->a.count, 3);
	assert_same(&t->a.got[0], RD_MSG_KEY, "1234567", 7);
	assert_same(&t->a.got[1], RD_MSG_REFRESH, "", 0);
	assert_same(&t->a.got[2], UNKNOWN, "unknown", 7);
	assert_string_equal(t->a.end.text, "enough");
	rd_buf_finish(&b);
	test_done(t);
}

/* ---- back-pressure ---- */

static bool
pause_and_flood(struct test *t)
{
	uint8_t *p = noise(RD_MSG_MAX, 1);

	rd_link_pause(t->b.link, true);
	for (int i = 0; i < 3; i++)
		side_send(&t->a, UNKNOWN, 0, p, RD_MSG_MAX);
	free(p);
	assert_true(rd_link_busy(t->a.link));
	return true;
}

static bool
nothing_came_resume(struct test *t)
{
	assert_int_equal(t->b.count, 0);
	assert_int_equal(t->a.rooms, 0);
	assert_true(rd_link_busy(t->a.link));
	rd_link_pause(t->b.link, false);
	assert_int_equal(t->b.count, 0); /* never from inside a call */
	return true;
}

static bool
three_came_and_room(struct test *t)
{
	return t->b.count == 3 && t->a.rooms == 1 && !rd_link_busy(t->a.link);
}

static void
a_pause_reaches_the_sender(void **state)
{
	struct test *t = test_pair();

	(void)state;
	RUN(t, both_greeted, pause_and_flood, some_turns, nothing_came_resume, three_came_and_room);
	for (int i = 0; i < 3; i++)
		assert_int_equal(t->b.got[i].m.len, RD_MSG_MAX);
	test_done(t);
}

static bool
one_more(struct test *t)
{
	assert_true(t->a.count <= (int)t->fed + 1);
	if (t->a.count == (int)t->fed + 1) {
		t->fed++;
		rd_link_pause(t->a.link, false);
	}
	return t->a.ends > 0;
}

/* Paused inside `message`, no second one follows, though it lies in memory. */
static void
a_pause_holds_at_once(void **state)
{
	struct rd_buf b = {0};

	(void)state;
	put_hello(&b, 0);
	for (int i = 0; i < 7; i++)
		put_message(&b, UNKNOWN, 0, &i, sizeof(i));
	put_end(&b);
	for (int file = 0; file < 2; file++) {
		struct test *t = file ? test_new() : test_bare();
		int fd = file ? scratch_file() : t->b.out;

		write_all(fd, b.data, b.len);
		if (file) {
			lseek(fd, 0, SEEK_SET);
			t->a.in = fd;
			side_open(&t->a);
		}
		t->a.pause_in = true;
		RUN(t, one_more);
		assert_int_equal(t->a.count, 7);
		assert_int_equal(t->a.end.reason, RD_END_DONE);
		test_done(t);
	}
	rd_buf_finish(&b);
}

/* ---- what is written, and when ---- */

static void
a_message_is_written_at_once(void **state)
{
	struct test *t = test_bare();
	uint8_t buf[256];

	(void)state;
	ssize_t hello = recv(t->b.in, buf, sizeof(buf), MSG_DONTWAIT);
	assert_true(hello > RD_MSG_HEADER_SIZE);
	side_send(&t->a, RD_MSG_REFRESH, 0, NULL, 0);
	assert_int_equal(recv(t->b.in, buf, sizeof(buf), MSG_DONTWAIT), RD_MSG_HEADER_SIZE);
	assert_int_equal(rd_link_queued(t->a.link), 0);

	rd_link_cork(t->a.link, true);
	side_send(&t->a, UNKNOWN, 0, "one", 3);
	side_send(&t->a, UNKNOWN, 0, "two", 3);
	assert_int_equal(recv(t->b.in, buf, sizeof(buf), MSG_DONTWAIT), -1);
	rd_link_cork(t->a.link, false);
	assert_int_equal(recv(t->b.in, buf, sizeof(buf), MSG_DONTWAIT), 2 * (RD_MSG_HEADER_SIZE + 3));
	assert_memory_equal(buf + RD_MSG_HEADER_SIZE, "one", 3);
	assert_true(rd_link_count(t->a.link).out == (uint64_t)hello + 3 * RD_MSG_HEADER_SIZE + 6);
	test_done(t);
}

static bool
send_blobs(struct test *t)
{
	/* The blob is the queue's until it is written, and its rest is not sent. */
	for (int i = 0; i < 3; i++) {
		struct rd_blob *blob = rd_blob_new(BIG);
		uint8_t *p = noise(BIG, (uint32_t)i);
		struct rd_msg m = {.type = RD_MSG_RAW, .data = blob->data + 5, .len = BIG - 10, .blob = blob};

		memcpy(blob->data, p, BIG);
		rd_link_send(t->a.link, &m);
		rd_blob_unref(blob);
		free(p);
	}
	side_send(&t->a, UNKNOWN, 0, "after", 5);
	return true;
}

static bool
four_came(struct test *t)
{
	return t->b.count == 4;
}

static void
large_bodies_are_kept_until_written(void **state)
{
	struct test *t = test_pair();

	(void)state;
	RUN(t, both_greeted, send_blobs, four_came);
	for (int i = 0; i < 3; i++) {
		uint8_t *p = noise(BIG, (uint32_t)i);

		assert_same(&t->b.got[i], RD_MSG_RAW, p + 5, BIG - 10);
		free(p);
	}
	assert_same(&t->b.got[3], UNKNOWN, "after", 5);
	test_done(t);
}

static bool
until_closed_inside(struct test *t)
{
	return !t->a.link;
}

static bool
provoke(struct test *t)
{
	side_send(&t->b, UNKNOWN, 0, "x", 1);
	rd_link_finish(t->a.link, RD_END_DONE, 0, NULL);
	rd_link_finish(t->b.link, RD_END_DONE, 0, NULL);
	return true;
}

static bool
provoke_room(struct test *t)
{
	uint8_t *p = noise(RD_MSG_MAX, 1);

	side_send(&t->a, UNKNOWN, 0, p, RD_MSG_MAX);
	free(p);
	return true;
}

/* Whichever callback closes the link, nothing is called after it. */
static void
closed_inside_its_callbacks(void **state)
{
	(void)state;
	for (const char *where = "hmecr"; *where; where++) {
		struct test *t = test_pair();

		t->a.close_in = *where;
		if (*where == 'h')
			RUN(t, until_closed_inside, some_turns);
		else if (*where == 'r')
			RUN(t, both_greeted, provoke_room, until_closed_inside, some_turns);
		else
			RUN(t, both_greeted, provoke, until_closed_inside, some_turns);
		if (*where == 'm' || *where == 'h')
			assert_int_equal(t->a.ends, 0);
		assert_true(t->a.ends + t->a.closes <= 2);
		test_done(t);
	}
}

static bool
send_five_and_end(struct test *t)
{
	rd_link_cork(t->b.link, true);
	for (int i = 0; i < 5; i++)
		side_send(&t->b, UNKNOWN, 0, "x", 1);
	rd_link_finish(t->b.link, RD_END_DONE, 0, NULL);
	return true;
}

/* Messages that came together but take long leave the loop its turns: a signal is heard. */
static void
what_takes_long_takes_turns(void **state)
{
	struct test *t = test_pair();

	(void)state;
	t->a.work_ms = 30;
	RUN(t, both_greeted, send_five_and_end, a_ended);
	assert_int_equal(t->a.end.reason, RD_END_DONE);
	assert_int_equal(t->a.count, 5);
	/* A turn may serve the link twice, as ready and as what it put off. */
	assert_true(t->a.got[4].turn >= t->a.got[0].turn + 2);
	test_done(t);
}

static void
an_idle_link_sleeps(void **state)
{
	struct test *t = test_pair();

	(void)state;
	RUN(t, both_greeted, some_turns);
	/* A few for the greeting and one for each tick; one that spins has thousands. */
	assert_true(t->turns < 40);
	test_done(t);
}

/* ---- stdin and stdout ---- */

static void
stdio_is_read_when_it_can_talk(void **state)
{
	int saved = dup(STDIN_FILENO), in, out, fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	dup2(fd[0], STDIN_FILENO);
	rd_link_stdio(&in, &out);
	assert_int_equal(in, STDIN_FILENO);
	assert_int_equal(out, STDOUT_FILENO);
	close(fd[0]);
	close(fd[1]);

	fd[0] = open("/dev/null", O_RDONLY);
	dup2(fd[0], STDIN_FILENO);
	rd_link_stdio(&in, &out);
	assert_int_equal(in, -1);
	close(fd[0]);
	if (saved >= 0)
		dup2(saved, STDIN_FILENO);
	else
		close(STDIN_FILENO);
	close(saved);

	unsetenv("RD_LINK");
	rd_link_stdout(&in, &out);
	assert_int_equal(in, -1);
	assert_int_equal(out, STDOUT_FILENO);
}

static void
stdout_is_read_when_it_is_the_link(void **state)
{
	int saved = dup(STDOUT_FILENO), in, out, fd[2];
	struct stat st;
	char name[64];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(fstat(fd[0], &st), 0);
	snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("RD_LINK", name, 1);
	dup2(fd[0], STDOUT_FILENO);
	rd_link_stdout(&in, &out);
	dup2(saved, STDOUT_FILENO);
	unsetenv("RD_LINK");
	close(saved);
	close(fd[0]);
	close(fd[1]);
	assert_int_equal(in, STDOUT_FILENO);
	assert_int_equal(out, STDOUT_FILENO);
}

static void
what_is_no_stream_socket_is_refused(void **state)
{
	struct test *t = test_new();
	struct rd_link *link;
	int fd[2], before = open_fds();

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fd), 0);
	assert_int_equal(rd_link_open(&link, t->loop, fd[0], fd[0], &side_ops, NULL), -EPROTOTYPE);
	close(fd[0]);
	close(fd[1]);
	fd[0] = open("/", O_RDONLY | O_DIRECTORY);
	assert_int_equal(rd_link_open(&link, t->loop, fd[0], -1, &side_ops, NULL), -EISDIR);
	close(fd[0]);
	assert_int_equal(rd_link_open(&link, t->loop, 999, -1, &side_ops, NULL), -EBADF);
	assert_int_equal(open_fds(), before);
	test_done(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_a_socket_pair),
		cmocka_unit_test(over_a_pipe),
		cmocka_unit_test(over_a_pipe_that_cannot_be_opened_anew),
		cmocka_unit_test(over_a_file),
		cmocka_unit_test(a_byte_at_a_time),
		cmocka_unit_test(a_pause_reaches_the_sender),
		cmocka_unit_test(a_pause_holds_at_once),
		cmocka_unit_test(a_message_is_written_at_once),
		cmocka_unit_test(large_bodies_are_kept_until_written),
		cmocka_unit_test(closed_inside_its_callbacks),
		cmocka_unit_test(what_takes_long_takes_turns),
		cmocka_unit_test(an_idle_link_sleeps),
		cmocka_unit_test(stdio_is_read_when_it_can_talk),
		cmocka_unit_test(stdout_is_read_when_it_is_the_link),
		cmocka_unit_test(what_is_no_stream_socket_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
