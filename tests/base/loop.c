#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/loop.h"

/* A watch that notes what came, and stops the loop after `stop_after` calls. */
struct seen {
	struct rd_loop *loop;
	struct rd_fd fd;
	unsigned events;	/* all so far */
	unsigned calls;
	unsigned stop_after;
};

static void
on_ready(void *ctx, unsigned events)
{
	struct seen *s = ctx;
	s->events |= events;
	s->calls++;
	if (s->calls == s->stop_after)
		rd_loop_stop(s->loop, 7);
}

static void
see(struct seen *s, struct rd_loop *loop, int fd, unsigned want)
{
	*s = (struct seen){.loop = loop, .stop_after = 1};
	assert_int_equal(rd_fd_open(&s->fd, loop, fd, on_ready, s), 0);
	rd_fd_want(&s->fd, want);
}

/* Ends the loop when nothing else does. */
struct end {
	struct rd_loop *loop;
	struct rd_timer timer;
};

static void
on_end(void *ctx)
{
	struct end *e = ctx;
	rd_loop_stop(e->loop, 1);
}

static void
end_in(struct end *e, struct rd_loop *loop, uint64_t in_ns)
{
	e->loop = loop;
	rd_timer_open(&e->timer, loop, on_end, e);
	rd_timer_set(&e->timer, in_ns);
}

static void
reads_what_comes(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	struct rd_loop *loop = rd_loop_new();
	struct seen s;
	see(&s, loop, p[0], RD_READ);
	assert_int_equal(write(p[1], "a", 1), 1);
	assert_int_equal(rd_loop_run(loop), 7);
	assert_int_equal(s.events, RD_READ);
	rd_fd_close(&s.fd);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(p[0]), close(p[1]);
}

static void
wants_change(void **state)
{
	(void)state;
	int sv[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	assert_int_equal(write(sv[1], "ab", 2), 2);
	struct rd_loop *loop = rd_loop_new();
	struct seen s;
	see(&s, loop, sv[0], RD_READ);
	rd_fd_want(&s.fd, RD_WRITE);
	rd_loop_run(loop);
	assert_int_equal(s.events, RD_WRITE);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);

	loop = rd_loop_new();
	see(&s, loop, sv[0], RD_WRITE);
	rd_fd_want(&s.fd, RD_READ | RD_WRITE);
	rd_loop_run(loop);
	assert_int_equal(s.events, RD_READ | RD_WRITE);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(sv[0]), close(sv[1]);
}

static void
unwanted_is_silent(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	assert_int_equal(write(p[1], "a", 1), 1);
	struct rd_loop *loop = rd_loop_new();
	struct seen s;
	see(&s, loop, p[0], RD_READ);
	rd_fd_want(&s.fd, 0);
	struct end end;
	end_in(&end, loop, 1);
	assert_int_equal(rd_loop_run(loop), 1);
	assert_int_equal(s.calls, 0);
	rd_timer_close(&end.timer);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(p[0]), close(p[1]);
}

static void
files_are_refused(void **state)
{
	(void)state;
	struct rd_loop *loop = rd_loop_new();
	struct rd_fd w = {0};
	int fd = open("/proc/self/exe", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(rd_fd_open(&w, loop, fd, on_ready, NULL), -EPERM);
	close(fd);
	fd = open("/dev/null", O_WRONLY);
	assert_int_equal(rd_fd_open(&w, loop, fd, on_ready, NULL), -EPERM);
	close(fd);
	assert_int_equal(rd_fd_open(&w, loop, fd, on_ready, NULL), -EBADF);
	rd_fd_close(&w);
	rd_loop_free(loop);
}

/* The other end of a pipe or socket, closed while the loop waits. */
struct closer {
	struct rd_timer timer;
	int fd;
};

static void
on_close(void *ctx)
{
	struct closer *c = ctx;
	close(c->fd);
}

static void
hangup_comes(int watched, int other, unsigned want, unsigned expected)
{
	struct rd_loop *loop = rd_loop_new();
	struct seen s;
	see(&s, loop, watched, want);
	struct closer c = {.fd = other};
	rd_timer_open(&c.timer, loop, on_close, &c);
	rd_timer_set(&c.timer, RD_NS_PER_MS);
	assert_int_equal(rd_loop_run(loop), 7);
	assert_int_equal(s.events, expected);
	rd_timer_close(&c.timer);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(watched);
}

static void
pipe_reader_gone(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	hangup_comes(p[1], p[0], RD_HANGUP, RD_HANGUP);
}

/* A full pipe: what is written waits, and still the end must be heard. */
static void
pipe_reader_gone_while_full(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe2(p, O_NONBLOCK), 0);
	char block[4096] = {0};
	while (write(p[1], block, sizeof(block)) > 0)
		;
	hangup_comes(p[1], p[0], RD_HANGUP, RD_HANGUP);
}

static void
socket_peer_gone(void **state)
{
	(void)state;
	int sv[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	hangup_comes(sv[0], sv[1], RD_HANGUP, RD_HANGUP);
}

/* The kernel makes this an error, ECONNRESET, and not only a hang-up. */
static void
socket_peer_gone_with_unread_data(void **state)
{
	(void)state;
	int sv[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	assert_int_equal(write(sv[0], "a", 1), 1);
	hangup_comes(sv[0], sv[1], RD_HANGUP, RD_HANGUP);
}

static void
end_of_file_is_read(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	hangup_comes(p[0], p[1], RD_READ, RD_READ);
}

static bool
count_turn(void *ctx)
{
	unsigned *turns = ctx;
	++*turns;
	return false;
}

/*
 * Told once, and then the loop sleeps although the kernel goes on reporting
 * it; unread data does not wake it either.
 */
static void
hangup_comes_once(void **state)
{
	(void)state;
	int sv[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	struct rd_loop *loop = rd_loop_new();
	struct seen s;
	see(&s, loop, sv[0], RD_HANGUP);
	s.stop_after = 0;
	assert_int_equal(write(sv[1], "a", 1), 1);
	close(sv[1]);
	unsigned turns = 0;
	rd_loop_prepare(loop, count_turn, &turns);
	struct end end;
	end_in(&end, loop, 20 * RD_NS_PER_MS);
	rd_loop_run(loop);
	assert_int_equal(s.calls, 1);
	/* One sleep to the hang-up, one to the timer; a third is no spinning. */
	assert_in_range(turns, 1, 3);
	rd_timer_close(&end.timer);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(sv[0]);
}

static void
hangup_can_be_asked_anew(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	struct rd_loop *loop = rd_loop_new();
	struct seen s;
	see(&s, loop, p[1], RD_HANGUP);
	rd_fd_want(&s.fd, 0);
	rd_fd_want(&s.fd, RD_HANGUP | RD_WRITE);
	rd_fd_want(&s.fd, RD_HANGUP);
	close(p[0]);
	assert_int_equal(rd_loop_run(loop), 7);
	assert_int_equal(s.events, RD_HANGUP);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(p[1]);
}

/* A traffic the watch does not want must not wake it: idle is idle. */
static void
traffic_does_not_wake_a_hangup_watch(void **state)
{
	(void)state;
	int sv[2], p[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	assert_int_equal(pipe(p), 0);
	struct rd_loop *loop = rd_loop_new();
	struct seen s, q;
	see(&s, loop, sv[0], RD_HANGUP);
	see(&q, loop, p[1], RD_HANGUP);
	assert_int_equal(write(sv[1], "abc", 3), 3);
	assert_int_equal(write(sv[0], "abc", 3), 3);
	assert_int_equal(write(p[1], "abc", 3), 3);
	unsigned turns = 0;
	rd_loop_prepare(loop, count_turn, &turns);
	struct end end;
	end_in(&end, loop, 5 * RD_NS_PER_MS);
	rd_loop_run(loop);
	assert_int_equal(s.calls + q.calls, 0);
	assert_int_equal(turns, 1);
	rd_timer_close(&end.timer);
	rd_fd_close(&s.fd);
	rd_fd_close(&q.fd);
	rd_loop_free(loop);
	close(sv[0]), close(sv[1]), close(p[0]), close(p[1]);
}

/* Two watches hang up at once and the first closes the other. */
struct pair {
	struct seen a, b;
};

static void
close_both(void *ctx, unsigned events)
{
	struct pair *p = ctx;
	assert_int_equal(events, RD_HANGUP);
	p->a.calls++;
	rd_fd_close(&p->a.fd);
	rd_fd_close(&p->b.fd);
}

static void
a_callback_may_close_other_watches(void **state)
{
	(void)state;
	int one[2], two[2];
	assert_int_equal(pipe(one), 0);
	assert_int_equal(pipe(two), 0);
	struct rd_loop *loop = rd_loop_new();
	struct pair p = {0};
	assert_int_equal(rd_fd_open(&p.a.fd, loop, one[1], close_both, &p), 0);
	assert_int_equal(rd_fd_open(&p.b.fd, loop, two[1], close_both, &p), 0);
	rd_fd_want(&p.a.fd, RD_HANGUP);
	rd_fd_want(&p.b.fd, RD_HANGUP);
	close(one[0]), close(two[0]);
	struct end end;
	end_in(&end, loop, 5 * RD_NS_PER_MS);
	assert_int_equal(rd_loop_run(loop), 1);
	assert_int_equal(p.a.calls, 1);
	rd_timer_close(&end.timer);
	rd_loop_free(loop);
	close(one[1]), close(two[1]);
}

struct tick {
	struct rd_timer timer;
	uint64_t at;
	unsigned fired;
};

static void
on_tick(void *ctx)
{
	struct tick *t = ctx;
	t->at = rd_clock_ns();
	t->fired++;
	assert_false(t->timer.set);
}

static void
timers_fire_once_and_never_early(void **state)
{
	(void)state;
	struct rd_loop *loop = rd_loop_new();
	struct tick a = {0}, b = {0}, c = {0};
	rd_timer_open(&a.timer, loop, on_tick, &a);
	rd_timer_open(&b.timer, loop, on_tick, &b);
	rd_timer_open(&c.timer, loop, on_tick, &c);
	uint64_t start = rd_loop_now(loop);
	rd_timer_set(&a.timer, 10 * RD_NS_PER_S);
	rd_timer_set(&a.timer, 2 * RD_NS_PER_MS + 1);
	rd_timer_set(&b.timer, RD_NS_PER_MS);
	rd_timer_clear(&b.timer);
	rd_timer_set(&c.timer, 0);
	assert_true(a.timer.set);
	assert_false(b.timer.set);
	struct end end;
	end_in(&end, loop, 10 * RD_NS_PER_MS);
	rd_loop_run(loop);
	assert_int_equal(a.fired, 1);
	assert_int_equal(b.fired, 0);
	assert_int_equal(c.fired, 1);
	assert_true(a.at - start >= 2 * RD_NS_PER_MS + 1);
	rd_timer_close(&a.timer);
	rd_timer_close(&b.timer);
	rd_timer_close(&c.timer);
	rd_timer_close(&end.timer);
	rd_loop_free(loop);
}

static void
on_signal(void *ctx, int number)
{
	rd_loop_stop(ctx, number);
}

static void
on_late(void *ctx, unsigned events)
{
	(void)events;
	rd_loop_stop(ctx, 0);
}

/* What a signal's coming did to others is told after it, even in the same turn. */
static void
signals_come_first(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct rd_loop *loop = rd_loop_new();
		struct rd_signal s;
		struct rd_fd late;
		int fds[2];
		assert_int_equal(pipe(fds), 0);
		rd_signal_open(&s, loop, SIGUSR1, on_signal, loop);
		assert_int_equal(rd_fd_open(&late, loop, fds[0], on_late, loop), 0);
		rd_fd_want(&late, RD_READ);
		raise(SIGUSR1);
		close(fds[1]);
		assert_int_equal(rd_loop_run(loop), SIGUSR1);
		rd_fd_close(&late);
		rd_signal_close(&s);
		rd_loop_free(loop);
		close(fds[0]);
	}
}

static void
signals_arrive(void **state)
{
	(void)state;
	struct rd_loop *loop = rd_loop_new();
	struct rd_signal s;
	rd_signal_open(&s, loop, SIGUSR1, on_signal, loop);
	raise(SIGUSR1);
	assert_true(rd_signal_came(SIGUSR1));
	assert_int_equal(rd_loop_run(loop), SIGUSR1);
	assert_true(rd_signal_came(SIGUSR1));
	assert_false(rd_signal_came(SIGUSR2));
	rd_signal_close(&s);
	rd_signal_close(&s);
	rd_loop_free(loop);
}

static void
broken_pipes_are_errors(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	struct rd_loop *loop = rd_loop_new();
	close(p[0]);
	assert_int_equal(write(p[1], "a", 1), -1);
	assert_int_equal(errno, EPIPE);
	rd_loop_free(loop);
	close(p[1]);
}

static void
the_first_stop_stands(void **state)
{
	(void)state;
	struct rd_loop *loop = rd_loop_new();
	assert_false(rd_loop_stopped(loop));
	rd_loop_stop(loop, 3);
	rd_loop_stop(loop, 4);
	assert_true(rd_loop_stopped(loop));
	assert_int_equal(rd_loop_run(loop), 3);
	rd_loop_free(loop);
	rd_loop_free(NULL);
}

/* A library with `queued` events of its own, one taken a call. */
struct library {
	struct rd_loop *loop;
	struct end *end;	/* set off when nothing is queued */
	unsigned queued;
	unsigned calls;
};

static bool
take_one(void *ctx)
{
	struct library *l = ctx;
	l->calls++;
	if (l->queued > 0) {
		l->queued--;
		return true;
	}
	if (l->end)
		end_in(l->end, l->loop, 1);
	return false;
}

static bool
stop_when_empty(void *ctx)
{
	struct library *l = ctx;
	if (l->queued == 0)
		rd_loop_stop(l->loop, 5);
	return false;
}

static void
prepare_is_called_until_idle(void **state)
{
	(void)state;
	struct rd_loop *loop = rd_loop_new();
	struct end end;
	struct library l = {.loop = loop, .end = &end, .queued = 3};
	rd_loop_prepare(loop, take_one, &l);
	rd_loop_run(loop);
	assert_int_equal(l.queued, 0);
	assert_int_equal(l.calls, 4); /* the last time before the sleep that the timer ends */
	rd_timer_close(&end.timer);
	rd_loop_free(loop);
}

static void
prepare_may_stop_the_loop(void **state)
{
	(void)state;
	struct rd_loop *loop = rd_loop_new();
	struct library l = {.loop = loop, .queued = 2};
	rd_loop_prepare(loop, take_one, &l);
	rd_loop_prepare(loop, stop_when_empty, &l);
	assert_int_equal(rd_loop_run(loop), 5);
	rd_loop_free(loop);
}

/* A library that always has something must not starve the rest. */
static bool
never_idle(void *ctx)
{
	(void)ctx;
	return true;
}

static void
a_busy_prepare_starves_nobody(void **state)
{
	(void)state;
	int p[2];
	assert_int_equal(pipe(p), 0);
	assert_int_equal(write(p[1], "a", 1), 1);
	struct rd_loop *loop = rd_loop_new();
	rd_loop_prepare(loop, never_idle, NULL);
	struct seen s;
	see(&s, loop, p[0], RD_READ);
	assert_int_equal(rd_loop_run(loop), 7);
	rd_fd_close(&s.fd);
	rd_loop_free(loop);
	close(p[0]), close(p[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_comes),
		cmocka_unit_test(wants_change),
		cmocka_unit_test(unwanted_is_silent),
		cmocka_unit_test(files_are_refused),
		cmocka_unit_test(pipe_reader_gone),
		cmocka_unit_test(pipe_reader_gone_while_full),
		cmocka_unit_test(socket_peer_gone),
		cmocka_unit_test(socket_peer_gone_with_unread_data),
		cmocka_unit_test(end_of_file_is_read),
		cmocka_unit_test(hangup_comes_once),
		cmocka_unit_test(hangup_can_be_asked_anew),
		cmocka_unit_test(traffic_does_not_wake_a_hangup_watch),
		cmocka_unit_test(a_callback_may_close_other_watches),
		cmocka_unit_test(timers_fire_once_and_never_early),
		cmocka_unit_test(signals_arrive),
		cmocka_unit_test(signals_come_first),
		cmocka_unit_test(broken_pipes_are_errors),
		cmocka_unit_test(the_first_stop_stands),
		cmocka_unit_test(prepare_is_called_until_idle),
		cmocka_unit_test(prepare_may_stop_the_loop),
		cmocka_unit_test(a_busy_prepare_starves_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
