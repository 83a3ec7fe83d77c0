/* Large bodies as memfds: the same messages, fewer bytes, and every buffer comes back. */
#include "sides.h"

#include <sys/mman.h>

#define LARGE ((size_t)2 << 20)

/* A RAW of that size in a blob of the pool, filled with a byte. */
static void
send_from_pool(struct side *s, struct rd_blob_pool *pool, size_t offset, size_t len, int fill)
{
	struct rd_blob *blob = rd_blob_pool_get(pool, LARGE);

	assert_non_null(blob);
	memset(blob->data, fill, LARGE);
	struct rd_msg m = {
		.type = RD_MSG_RAW,
		.channel = 3,
		.time_ns = 99,
		.data = blob->data + offset,
		.len = len,
		.blob = blob,
	};
	rd_link_send(s->link, &m);
	rd_blob_unref(blob);
}

static void
assert_filled(const struct got *g, uint16_t type, size_t len, int fill)
{
	assert_int_equal(g->m.type, type);
	assert_int_equal(g->m.flags, 0);
	assert_int_equal(g->m.len, len);
	for (size_t i = 0; i < len; i += 997)
		assert_int_equal(g->body[i], fill);
	assert_int_equal(g->body[len - 1], fill);
}

static struct rd_blob_pool *pool;

static int
pool_open(void **state)
{
	(void)state;
	pool = rd_blob_pool_new(2);
	return 0;
}

static int
pool_close(void **state)
{
	(void)state;
	rd_blob_pool_free(pool);
	pool = NULL;
	return 0;
}

static bool
send_two(struct test *t)
{
	send_from_pool(&t->a, pool, 0, LARGE, 0x11);
	send_from_pool(&t->a, pool, 100, LARGE - 200, 0x22);
	return true;
}

static bool
two_came(struct test *t)
{
	return t->b.count == 2;
}

static bool
four_came(struct test *t)
{
	return t->b.count == 4;
}

static bool
all_are_out(struct test *t)
{
	(void)t;
	errno = 0;
	assert_null(rd_blob_pool_get(pool, LARGE));
	assert_int_equal(errno, EAGAIN);
	return true;
}

static bool
let_go(struct test *t)
{
	side_drop_kept(&t->b);
	return true;
}

static bool
room_was_told(struct test *t)
{
	return t->a.rooms > 0;
}

/* A buffer is busy as long as a reader keeps it, and the owner hears when it is not. */
static void
by_memfd_where_both_offer(void **state)
{
	struct test *t = test_pair();

	(void)state;
	t->b.keep = true;
	RUN(t, both_greeted, send_two, two_came, some_turns, all_are_out, let_go, room_was_told,
		some_turns, send_two, four_came);
	assert_true(t->a.peer.caps & RD_CAP_BUFFERS);
	assert_filled(&t->b.got[0], RD_MSG_RAW, LARGE, 0x11);
	assert_filled(&t->b.got[1], RD_MSG_RAW, LARGE - 200, 0x22);
	assert_filled(&t->b.got[2], RD_MSG_RAW, LARGE, 0x11);
	assert_filled(&t->b.got[3], RD_MSG_RAW, LARGE - 200, 0x22);
	assert_int_equal(t->b.got[0].m.channel, 3);
	assert_true(t->b.got[0].m.time_ns == 99);
	/* Names, not pixels, crossed: HELLO, 2 BUFFERs and 4 messages of 28 bytes. */
	assert_true(rd_link_count(t->a.link).out < 400);
	assert_true(rd_link_count(t->a.link).out == rd_link_count(t->b.link).in);
	test_done(t);
}

/* What a reader keeps outlives the link that brought it, and the writer's pool. */
static bool
close_both(struct test *t)
{
	assert_int_equal(t->b.kept_count, 2);
	rd_link_close(t->a.link);
	rd_link_close(t->b.link);
	t->a.link = t->b.link = NULL;
	for (size_t i = 0; i < t->b.kept[0]->size; i += 997)
		assert_int_equal(t->b.kept[0]->data[i], 0x11);
	return true;
}

static void
a_kept_body_outlives_its_link(void **state)
{
	struct test *t = test_pair();
	int before = open_fds();

	(void)state;
	t->b.keep = true;
	RUN(t, both_greeted, send_two, two_came, close_both, let_go);
	test_done(t);
	/* The two memfds of the pool are what is left of it. */
	assert_true(open_fds() <= before);
}

/* ---- where descriptors cannot pass ---- */

static struct rd_fd relay_fd[2];

static void
relay(void *ctx, unsigned events)
{
	static uint8_t buf[1 << 16];
	struct rd_fd *from = ctx, *to = from == &relay_fd[0] ? &relay_fd[1] : &relay_fd[0];
	size_t done = 0;

	(void)events;
	ssize_t n = read(from->fd, buf, sizeof(buf));
	while (n > 0 && done < (size_t)n) {
		ssize_t put = write(to->fd, buf + done, (size_t)n - done);
		assert_true(put > 0);
		done += (size_t)put;
	}
	if (n <= 0)
		rd_fd_want(from, 0);
}

/*
 * Two local sockets with something between them that reads and writes, as ssh
 * on one machine is: both offer, neither may believe it.
 */
static void
by_bytes_where_something_is_between(void **state)
{
	struct test *t = test_new();
	int a[2], b[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, a), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, b), 0);
	assert_int_equal(rd_fd_open(&relay_fd[0], t->loop, a[1], relay, &relay_fd[0]), 0);
	assert_int_equal(rd_fd_open(&relay_fd[1], t->loop, b[1], relay, &relay_fd[1]), 0);
	rd_fd_want(&relay_fd[0], RD_READ);
	rd_fd_want(&relay_fd[1], RD_READ);
	t->a.in = t->a.out = a[0];
	t->b.in = t->b.out = b[0];
	side_open(&t->a);
	side_open(&t->b);
	side_hello(&t->a, "a");
	side_hello(&t->b, "b");

	RUN(t, both_greeted, send_two, two_came);
	assert_false(t->a.peer.caps & RD_CAP_BUFFERS);
	assert_filled(&t->b.got[0], RD_MSG_RAW, LARGE, 0x11);
	assert_filled(&t->b.got[1], RD_MSG_RAW, LARGE - 200, 0x22);
	assert_true(rd_link_count(t->a.link).out > 2 * LARGE - 200);
	for (int i = 0; i < 2; i++) {
		int fd = relay_fd[i].fd;
		rd_fd_close(&relay_fd[i]);
		close(fd);
	}
	test_done(t);
}

static bool
send_before_greeting(struct test *t)
{
	send_from_pool(&t->a, pool, 0, LARGE, 0x33);
	return true;
}

static bool
small_ones(struct test *t)
{
	send_from_pool(&t->a, pool, 0, 4095, 0x44);
	/* It was copied: the blob is free at once. */
	send_from_pool(&t->a, pool, 0, 4095, 0x55);
	send_from_pool(&t->a, pool, 0, 4095, 0x66);
	return true;
}

/* Nothing is lent before the peer has offered, nor what is small. */
static void
by_bytes_while_nothing_is_offered(void **state)
{
	struct test *t = test_pair();

	(void)state;
	RUN(t, send_before_greeting, both_greeted, small_ones, four_came);
	assert_filled(&t->b.got[0], RD_MSG_RAW, LARGE, 0x33);
	assert_filled(&t->b.got[1], RD_MSG_RAW, 4095, 0x44);
	assert_filled(&t->b.got[3], RD_MSG_RAW, 4095, 0x66);
	assert_true(rd_link_count(t->a.link).out > LARGE + 3 * 4095);
	test_done(t);
}

/* ---- many buffers ---- */

static bool
one_after_another(struct test *t)
{
	if (t->b.count < (int)t->fed)
		return false;
	if (t->fed == 200)
		return true;
	/* Each a memfd of its own, gone as soon as it is back. */
	struct rd_blob *blob = rd_blob_shared(8192);
	assert_non_null(blob);
	memset(blob->data, (int)t->fed, 8192);
	struct rd_msg m = {.type = RD_MSG_RAW, .data = blob->data, .len = 8192, .blob = blob};
	rd_link_send(t->a.link, &m);
	rd_blob_unref(blob);
	t->fed++;
	return false;
}

/* The table of buffers is small and used anew; nothing piles up in descriptors. */
static void
buffers_come_and_go(void **state)
{
	struct test *t = test_pair();
	int before = open_fds();

	(void)state;
	RUN(t, both_greeted, one_after_another, some_turns);
	for (int i = 0; i < 200; i++)
		assert_filled(&t->b.got[i], RD_MSG_RAW, 8192, i & 0xff);
	assert_true(rd_link_count(t->a.link).out < 200 * 100);
	assert_true(open_fds() <= before + RD_BUFFER_IDS);
	test_done(t);
}

static bool
all_at_once(struct test *t)
{
	for (int i = 0; i < RD_BUFFER_IDS + 8; i++) {
		struct rd_blob *blob = rd_blob_shared(8192);
		assert_non_null(blob);
		memset(blob->data, i, 8192);
		struct rd_msg m = {.type = RD_MSG_RAW, .data = blob->data, .len = 8192, .blob = blob};
		rd_link_send(t->a.link, &m);
		rd_blob_unref(blob);
	}
	return true;
}

static bool
all_came(struct test *t)
{
	return t->b.count == RD_BUFFER_IDS + 8;
}

/* More in use than there are ids: the rest goes as bytes, in order. */
static void
more_than_there_are_ids(void **state)
{
	struct test *t = test_pair();

	(void)state;
	RUN(t, both_greeted, all_at_once, all_came);
	for (int i = 0; i < RD_BUFFER_IDS + 8; i++)
		assert_filled(&t->b.got[i], RD_MSG_RAW, 8192, i);
	assert_true(rd_link_count(t->a.link).out > 8 * 8192);
	test_done(t);
}

static bool
same_blob_twice(struct test *t)
{
	struct rd_blob *blob = rd_blob_pool_get(pool, LARGE);

	memset(blob->data, 0x77, LARGE);
	for (int i = 0; i < 2; i++) {
		struct rd_msg m = {
			.type = i ? 0x7f01 : RD_MSG_RAW, /* unknown types pass as well */
			.data = blob->data + 4096 * i,
			.len = 8192,
			.blob = blob,
		};
		rd_link_send(t->a.link, &m);
	}
	rd_blob_unref(blob);
	return true;
}

static void
two_messages_in_one_buffer(void **state)
{
	struct test *t = test_pair();

	(void)state;
	t->b.keep = true;
	RUN(t, both_greeted, same_blob_twice, two_came, some_turns);
	assert_filled(&t->b.got[0], RD_MSG_RAW, 8192, 0x77);
	assert_filled(&t->b.got[1], 0x7f01, 8192, 0x77);
	assert_int_equal(t->b.kept_count, 2);
	/*
	 * Pixels are read where they lie. Anything else is a private copy, for
	 * its writer could change it between a parser's check and its use.
	 */
	assert_int_equal(t->a.rooms, 1);
	side_drop_kept(&t->b);
	test_done(t);
}

/* ---- hostile peers ---- */

static void
send_with_fd(int sock, const struct rd_buf *b, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec iov = {b->data, b->len};
	struct msghdr h = {.msg_iov = &iov, .msg_iovlen = 1};

	h.msg_control = control.bytes;
	h.msg_controllen = sizeof(control.bytes);
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	assert_int_equal(sendmsg(sock, &h, 0), b->len);
}

static int
memfd(size_t size, int seals)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	if (seals)
		assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void
put_buffer_msg(struct rd_buf *b, uint32_t id, uint32_t size)
{
	struct rd_buffer_msg m = {id, size};
	struct rd_buf body = {0};

	rd_buffer_pack(&body, &m);
	put_message(b, RD_MSG_BUFFER, 0, body.data, body.len);
	rd_buf_finish(&body);
}

static void
put_name(struct rd_buf *b, uint32_t id, uint32_t offset, uint32_t length)
{
	struct rd_shared_ref ref = {id, offset, length};
	struct rd_buf body = {0};

	rd_shared_pack(&body, &ref);
	put_message(b, RD_MSG_RAW, RD_MSG_F_SHARED, body.data, body.len);
	rd_buf_finish(&body);
}

/* HELLO by hand to the link of t->a, with the proof that descriptors pass. */
static struct test *
greeted_by_hand(void)
{
	struct test *t = test_bare();
	struct rd_buf b = {0};
	int proof = open("/dev/null", O_RDONLY | O_CLOEXEC);

	put_hello(&b, RD_CAP_BUFFERS);
	send_with_fd(t->b.out, &b, proof);
	close(proof);
	rd_buf_finish(&b);
	return t;
}

/* Whether a buffer of these properties, and a name in it, are taken. */
static void
expect_taken(int fd, uint32_t size, uint32_t offset, uint32_t length, bool taken)
{
	struct test *t = greeted_by_hand();
	struct rd_buf b = {0};
	int before = open_fds();

	put_buffer_msg(&b, 5, size);
	put_name(&b, 5, offset, length);
	put_end(&b);
	send_with_fd(t->b.out, &b, fd);
	RUN(t, a_ended);
	assert_int_equal(t->a.end.code, taken ? RD_EXIT_OK : RD_EXIT_FOREIGN);
	assert_int_equal(t->a.count, taken);
	close(fd);
	rd_link_close(t->a.link);
	t->a.link = NULL;
	assert_true(open_fds() < before);
	rd_buf_finish(&b);
	test_done(t);
}

static void
buffers_are_checked(void **state)
{
	(void)state;
	expect_taken(memfd(8192, F_SEAL_SHRINK), 8192, 4096, 4096, true);
	expect_taken(memfd(8192, F_SEAL_SHRINK), 8192, 8192, 0, true);
	/* It could shrink under the reader: SIGBUS. */
	expect_taken(memfd(8192, 0), 8192, 0, 4096, false);
	expect_taken(memfd(8192, F_SEAL_GROW), 8192, 0, 4096, false);
	/* Smaller than it says. */
	expect_taken(memfd(8191, F_SEAL_SHRINK), 8192, 0, 4096, false);
	/* Names beyond it. */
	expect_taken(memfd(8192, F_SEAL_SHRINK), 8192, 4097, 4096, false);
	expect_taken(memfd(8192, F_SEAL_SHRINK), 8192, 0xffffffff, 2, false);
	expect_taken(memfd(8192, F_SEAL_SHRINK), 8192, 0, 0xffffffff, false);
	expect_taken(memfd(8192, F_SEAL_SHRINK), 0, 0, 0, false);
	/* No memfd at all. */
	expect_taken(open("/dev/zero", O_RDWR | O_CLOEXEC), 8192, 0, 4096, false);
	expect_taken(open("/dev/null", O_RDONLY | O_CLOEXEC), 8192, 0, 4096, false);
}

static void
expect_refused(struct test *t)
{
	RUN(t, a_ended);
	assert_int_equal(t->a.end.code, RD_EXIT_FOREIGN);
	test_done(t);
}

static void
buffers_are_bounded(void **state)
{
	struct test *t = greeted_by_hand();
	struct rd_buf b = {0};

	(void)state;
	/* Holes: a memfd of 600 MB that takes no memory; two are over 1 GiB. */
	for (uint32_t id = 0; id < 2; id++) {
		int fd = memfd(600 << 20, F_SEAL_SHRINK);
		rd_buf_reset(&b);
		put_buffer_msg(&b, id, 600 << 20);
		send_with_fd(t->b.out, &b, fd);
		close(fd);
	}
	expect_refused(t);

	/* By the same id the first makes way for the second. */
	t = greeted_by_hand();
	for (int i = 0; i < 2; i++) {
		int fd = memfd(600 << 20, F_SEAL_SHRINK);
		rd_buf_reset(&b);
		put_buffer_msg(&b, 0, 600 << 20);
		if (i)
			put_end(&b);
		send_with_fd(t->b.out, &b, fd);
		close(fd);
	}
	RUN(t, a_ended);
	assert_int_equal(t->a.end.code, RD_EXIT_OK);
	test_done(t);

	/* Not while a message in it is kept. */
	t = greeted_by_hand();
	t->a.keep = true;
	for (int i = 0; i < 2; i++) {
		int fd = memfd(8192, F_SEAL_SHRINK);
		rd_buf_reset(&b);
		put_buffer_msg(&b, 0, 8192);
		put_name(&b, 0, 0, 8192);
		send_with_fd(t->b.out, &b, fd);
		close(fd);
	}
	expect_refused(t);
	rd_buf_finish(&b);
}

/* Names a buffer again and again and reads none of the RELEASEs. */
static bool
never_reads(struct test *t)
{
	while (t->a.count > 0)
		free(t->a.got[--t->a.count].body);
	ssize_t put = send(t->b.out, t->feed + t->fed, t->feed_len - t->fed, MSG_DONTWAIT);
	if (put > 0)
		t->fed = (t->fed + (size_t)put) % t->feed_len;
	if (!t->tick.set)
		rd_timer_set(&t->tick, 0);
	return t->a.ends > 0;
}

static void
what_is_owed_is_bounded(void **state)
{
	struct test *t = greeted_by_hand();
	struct rd_buf b = {0};
	int fd = memfd(8192, F_SEAL_SHRINK);

	(void)state;
	put_buffer_msg(&b, 0, 8192);
	send_with_fd(t->b.out, &b, fd);
	close(fd);
	rd_buf_reset(&b);
	for (int i = 0; i < 100; i++)
		put_name(&b, 0, 0, 16);
	t->feed = b.data;
	t->feed_len = b.len;
	RUN(t, never_reads);
	assert_int_equal(t->a.end.code, RD_EXIT_FOREIGN);
	assert_true(rd_link_queued(t->a.link) < 4 << 20);
	rd_buf_finish(&b);
	test_done(t);
}

static bool
five_came(struct test *t)
{
	return t->a.count == 5;
}

/* Descriptors nobody asked for are closed. */
static void
stray_descriptors_are_closed(void **state)
{
	struct test *t = greeted_by_hand();
	struct rd_buf b = {0};
	int fd = memfd(4096, 0), before = open_fds();

	(void)state;
	put_message(&b, RD_MSG_REFRESH, 0, NULL, 0);
	for (int i = 0; i < 5; i++)
		send_with_fd(t->b.out, &b, fd);
	RUN(t, five_came);
	assert_int_equal(t->a.ends, 0);
	assert_int_equal(open_fds(), before);
	close(fd);
	rd_buf_finish(&b);
	test_done(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_memfd_where_both_offer, pool_open, pool_close),
		cmocka_unit_test_setup_teardown(a_kept_body_outlives_its_link, pool_open, pool_close),
		cmocka_unit_test_setup_teardown(by_bytes_where_something_is_between, pool_open, pool_close),
		cmocka_unit_test_setup_teardown(by_bytes_while_nothing_is_offered, pool_open, pool_close),
		cmocka_unit_test(buffers_come_and_go),
		cmocka_unit_test(more_than_there_are_ids),
		cmocka_unit_test_setup_teardown(two_messages_in_one_buffer, pool_open, pool_close),
		cmocka_unit_test(buffers_are_checked),
		cmocka_unit_test(buffers_are_bounded),
		cmocka_unit_test(what_is_owed_is_bounded),
		cmocka_unit_test(stray_descriptors_are_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
