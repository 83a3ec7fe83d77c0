#ifndef TESTS_WIRE_SIDES_H
#define TESTS_WIRE_SIDES_H

/*
 * Two ends of a way in one process, and a test that goes on in steps: before
 * every sleep of the loop the present step is asked whether it is done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/mem.h"
#include "wire/link.h"

#define SIDE_KEEP 4096

struct got {
	struct rd_msg m;
	uint8_t *body;		/* a copy */
	int turn;		/* of the loop in which it came */
};

struct test;

struct side {
	struct test *test;
	struct rd_link *link;
	int in, out;		/* descriptors, ours to close; may be the same */
	struct rd_hello peer;
	int hellos;
	struct got got[SIDE_KEEP];
	int count;
	struct rd_blob *kept[8];	/* bodies kept when `keep` is set */
	int kept_count;
	bool keep;
	int answer;		/* what `message` returns */
	int ends, closes, rooms;
	struct rd_end_msg end;
	int error;		/* what `closed` was told */
	int order;		/* when `end` came, and `closed` */
	int end_at, closed_at;
	char close_in;		/* h, m, e, c, r: close the link inside that callback */
	bool pause_in;		/* pause inside every `message` */
	unsigned work_ms;	/* that every `message` takes */
};

struct test {
	struct rd_loop *loop;
	struct side a, b;
	bool (*const *steps)(struct test *t);
	int step, step_count;
	int turns;		/* of the loop */
	const uint8_t *feed;	/* for steps that write by hand */
	size_t feed_len, fed;
	struct rd_timer watchdog;
	struct rd_timer tick;
	int ticks;
};

static void
close_if(struct side *s, char where)
{
	if (s->close_in != where)
		return;
	rd_link_close(s->link);
	s->link = NULL;
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct side *s = ctx;

	assert_int_equal(s->count, 0);
	s->peer = *peer;
	s->hellos++;
	close_if(s, 'h');
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct side *s = ctx;

	assert_int_equal(s->hellos, 1);
	assert_int_equal(s->ends, 0);
	assert_true(s->count < SIDE_KEEP);
	struct got *g = &s->got[s->count++];
	g->m = *m;
	g->m.data = g->body = malloc(m->len + 1);
	g->m.blob = NULL;
	g->turn = s->test->turns;
	memcpy(g->body, m->data, m->len);
	if (s->keep && m->blob)
		s->kept[s->kept_count++] = rd_blob_ref(m->blob);
	if (s->work_ms)
		usleep(s->work_ms * 1000);
	if (s->pause_in)
		rd_link_pause(s->link, true);
	close_if(s, 'm');
	/* Borrowed for the call, even when the link is closed in it. */
	assert_memory_equal(m->data, g->body, m->len);
	return s->answer;
}

static void
on_room(void *ctx)
{
	struct side *s = ctx;

	s->rooms++;
	close_if(s, 'r');
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct side *s = ctx;

	s->ends++;
	s->end = *end;
	s->end_at = ++s->order;
	close_if(s, 'e');
}

static void
on_closed(void *ctx, int error)
{
	struct side *s = ctx;

	s->closes++;
	s->error = error;
	s->closed_at = ++s->order;
	close_if(s, 'c');
}

static const struct rd_link_ops side_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

static bool
on_turn(void *ctx)
{
	struct test *t = ctx;

	t->turns++;
	while (t->step < t->step_count && t->steps[t->step](t))
		t->step++;
	if (t->step == t->step_count)
		rd_loop_stop(t->loop, 0);
	return false;
}

static void
on_watchdog(void *ctx)
{
	struct test *t = ctx;

	print_error("step %d never came: a %d messages, %d ends (%s), %d closes; "
		    "b %d messages, %d ends (%s), %d closes\n",
		t->step, t->a.count, t->a.ends, t->a.end.text, t->a.closes, t->b.count, t->b.ends,
		t->b.end.text, t->b.closes);
	rd_loop_stop(t->loop, 1);
}

static void
on_tick(void *ctx)
{
	struct test *t = ctx;

	t->ticks++;
}

static struct test *
test_new(void)
{
	struct test *t = xcalloc(1, sizeof(*t));

	t->loop = rd_loop_new();
	t->a.test = t->b.test = t;
	t->a.in = t->a.out = t->b.in = t->b.out = -1;
	rd_loop_prepare(t->loop, on_turn, t);
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	rd_timer_open(&t->tick, t->loop, on_tick, t);
	return t;
}

static void
side_close_fds(struct side *s)
{
	if (s->in >= 0)
		close(s->in);
	if (s->out >= 0 && s->out != s->in)
		close(s->out);
	s->in = s->out = -1;
}

static void
side_drop_kept(struct side *s)
{
	while (s->kept_count > 0)
		rd_blob_unref(s->kept[--s->kept_count]);
}

static void
side_finish(struct side *s)
{
	rd_link_close(s->link);
	s->link = NULL;
	side_drop_kept(s);
	side_close_fds(s);
	for (int i = 0; i < s->count; i++)
		free(s->got[i].body);
}

static void
test_done(struct test *t)
{
	side_finish(&t->a);
	side_finish(&t->b);
	rd_timer_close(&t->watchdog);
	rd_timer_close(&t->tick);
	rd_loop_free(t->loop);
	free(t);
}

static void
run_steps(struct test *t, bool (*const *steps)(struct test *t), int n)
{
	t->steps = steps;
	t->step_count = n;
	rd_timer_set(&t->watchdog, 100 * RD_NS_PER_S);
	assert_int_equal(rd_loop_run(t->loop), 0);
}

#define RUN(t, ...)                                                          \
	run_steps(t, (bool (*const[])(struct test *)){__VA_ARGS__},          \
		sizeof((bool (*[])(struct test *)){__VA_ARGS__}) / sizeof(void *))

/* Opens the link of a side over the descriptors it has. */
static void
side_open(struct side *s)
{
	assert_int_equal(rd_link_open(&s->link, s->test->loop, s->in, s->out, &side_ops, s), 0);
	assert_int_equal(s->order, 0);
}

static inline void
side_hello(struct side *s, const char *name)
{
	struct rd_hello h;

	rd_hello_init(&h, name, RD_CAP_ACK);
	rd_link_hello(s->link, &h);
}

/* a and b on a socket pair, links open, greeted. */
static inline struct test *
test_pair(void)
{
	struct test *t = test_new();
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	t->a.in = t->a.out = fd[0];
	t->b.in = t->b.out = fd[1];
	side_open(&t->a);
	side_open(&t->b);
	side_hello(&t->a, "a");
	side_hello(&t->b, "b");
	return t;
}

/* a has a link, b is a bare socket for the test to misuse. */
static inline struct test *
test_bare(void)
{
	struct test *t = test_new();
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	t->a.in = t->a.out = fd[0];
	t->b.in = t->b.out = fd[1];
	side_open(&t->a);
	side_hello(&t->a, "a");
	return t;
}

static inline void
side_send(struct side *s, uint16_t type, uint64_t time_ns, const void *body, size_t len)
{
	struct rd_msg m = {.type = type, .time_ns = time_ns, .data = body, .len = len};

	rd_link_send(s->link, &m);
}

/* Bytes of a stream, made by hand. */
static inline void
put_message(struct rd_buf *b, uint16_t type, uint8_t flags, const void *body, size_t len)
{
	struct rd_msg m = {.type = type, .flags = flags, .time_ns = 77, .len = len};

	rd_msg_pack_header(&m, rd_buf_room(b, RD_MSG_HEADER_SIZE));
	b->len += RD_MSG_HEADER_SIZE;
	rd_buf_bytes(b, body, len);
}

static inline void
put_hello(struct rd_buf *b, uint32_t caps)
{
	struct rd_buf body = {0};
	struct rd_hello h;

	rd_hello_init(&h, "by hand", caps);
	rd_hello_pack(&body, &h);
	put_message(b, RD_MSG_HELLO, 0, body.data, body.len);
	rd_buf_finish(&body);
}

static inline void
put_end(struct rd_buf *b)
{
	struct rd_end_msg e = {RD_END_DONE, 0, "enough"};
	struct rd_buf body = {0};

	rd_end_pack(&body, &e);
	put_message(b, RD_MSG_END, 0, body.data, body.len);
	rd_buf_finish(&body);
}

static inline void
write_all(int fd, const void *p, size_t len)
{
	assert_int_equal(write(fd, p, len), len);
}

static inline void
assert_same(const struct got *g, uint16_t type, const void *body, size_t len)
{
	assert_int_equal(g->m.type, type);
	assert_int_equal(g->m.len, len);
	assert_memory_equal(g->body, body, len);
}

static inline int
open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Steps that many tests share. */

/* The loop turns a few times, so that what is ready is served. */
static inline bool
some_turns(struct test *t)
{
	if (t->ticks == 5) {
		t->ticks = 0;
		return true;
	}
	if (!t->tick.set)
		rd_timer_set(&t->tick, RD_NS_PER_MS);
	return false;
}

static inline bool
both_greeted(struct test *t)
{
	return t->a.hellos && t->b.hellos;
}

static inline bool
a_ended(struct test *t)
{
	return t->a.ends > 0;
}

static inline bool
b_ended(struct test *t)
{
	return t->b.ends > 0;
}

static inline bool
a_closed(struct test *t)
{
	return t->a.closes > 0;
}

#endif
