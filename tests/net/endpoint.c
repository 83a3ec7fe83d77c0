#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/endpoint_priv.h"

/*
 * Two endpoints on loopback, and a test that goes on in steps: before every
 * sleep of the loop the present step is asked whether it is done. A datagram
 * is {type, u32 number, u32 length, bytes made from the number}.
 */
struct test;

struct end {
	struct test *t;
	struct rd_endpoint *e;
	struct rd_addr to;	/* where it sends */
	unsigned send, sent;	/* so many; the next one's number */
	size_t sizes[3];	/* in turn */
	bool echo;		/* answers each datagram where it came from */
	struct { struct rd_addr to; uint8_t data[64]; size_t len; } answers[256];
	unsigned answer, answer_count;
	unsigned got;
	bool ordered;		/* numbers come one after another */
	struct rd_addr from;	/* of the last */
	unsigned stands, ends;	/* of connections */
	int error;
	bool close_in_datagram, close_in_carrier;
};

struct test {
	struct rd_loop *loop;
	struct end a, b;
	bool (*const *steps)(struct test *t);
	unsigned step, count, turns;
	struct rd_timer watchdog;
	int raw;
	unsigned mark;
};

#define TYPE RD_PACKET_DATA
#define HEAD 9

static size_t
make(uint8_t *out, uint32_t number, size_t len)
{
	out[0] = TYPE;
	memcpy(out + 1, &number, 4);
	uint32_t n = (uint32_t)len;
	memcpy(out + 5, &n, 4);
	for (size_t i = HEAD; i < len; i++)
		out[i] = (uint8_t)(number * 31 + i);
	return len;
}

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct end *d = ctx;
	uint8_t want[RD_PACKET_MAX];
	uint32_t number;
	assert_true(len >= HEAD && len <= RD_PACKET_MAX);
	memcpy(&number, data + 1, 4);
	make(want, number, len);
	assert_memory_equal(data, want, len);
	if (d->ordered)
		assert_int_equal(number, d->got);
	d->got++;
	d->from = *from;
	if (d->echo && d->answer_count < 256) {
		d->answers[d->answer_count].to = *from;
		d->answers[d->answer_count++].len = make(d->answers[0].data, 7, 64);
	}
	if (d->close_in_datagram) {
		rd_endpoint_close(d->e);
		d->e = NULL;
	}
}

static void
on_turn(void *ctx)
{
	struct end *d = ctx;
	rd_endpoint_flush(d->e);
}

static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct end *d = ctx;
	assert_true(cap >= RD_PACKET_MAX);
	if (d->answer < d->answer_count) {
		*to = d->answers[d->answer++].to;
		return make(out, 7, 64);
	}
	if (d->sent == d->send || !rd_endpoint_can_send(d->e, &d->to))
		return 0;
	*to = d->to;
	size_t size = d->sizes[d->sent % 3];
	return make(out, d->sent++, size);
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	struct end *d = ctx;
	(void)peer;
	if (error)
		d->ends++;
	else
		d->stands++;
	d->error = error;
	if (d->close_in_carrier) {
		rd_endpoint_close(d->e);
		d->e = NULL;
	}
}

static const struct rd_endpoint_ops ops = {
	.datagram = on_datagram,
	.turn = on_turn,
	.next = next,
	.carrier = on_carrier,
};

static bool
on_prepare(void *ctx)
{
	struct test *t = ctx;
	t->turns++;
	while (t->step < t->count && t->steps[t->step](t))
		t->step++;
	if (t->step == t->count)
		rd_loop_stop(t->loop, 0);
	return false;
}

static void
on_watchdog(void *ctx)
{
	struct test *t = ctx;
	print_error("step %u never came: a sent %u got %u stands %u ends %u (%d); b sent %u got %u "
		"stands %u ends %u\n", t->step, t->a.sent, t->a.got, t->a.stands, t->a.ends,
		t->a.error, t->b.sent, t->b.got, t->b.stands, t->b.ends);
	rd_loop_stop(t->loop, 1);
}

static void
end_open(struct test *t, struct end *d)
{
	d->t = t;
	d->sizes[0] = d->sizes[1] = d->sizes[2] = 1200;
	assert_int_equal(rd_endpoint_open(&d->e, t->loop, &ops, d), 0);
}

/* a listens on that address, b will send there. */
static struct test *
test_new(const char *where, bool udp, bool tcp)
{
	struct test *t = xcalloc(1, sizeof(*t));
	struct rd_addr at = {0};
	t->loop = rd_loop_new();
	t->raw = -1;
	rd_loop_prepare(t->loop, on_prepare, t);
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	end_open(t, &t->a);
	end_open(t, &t->b);
	if (strchr(where, ':')) {
		at.family = 6;
		assert_int_equal(inet_pton(AF_INET6, where, at.ip), 1);
	} else if (*where) {
		at.family = 4;
		assert_int_equal(inet_pton(AF_INET, where, at.ip), 1);
	}
	assert_int_equal(rd_endpoint_listen(t->a.e, &at, udp, tcp), 0);
	assert_int_not_equal(rd_endpoint_port(t->a.e), 0);
	if (at.family == 0) {
		at.family = 4;
		at.ip[0] = 127, at.ip[3] = 1;
	}
	at.port = rd_endpoint_port(t->a.e);
	t->b.to = at;
	return t;
}

static void
run(struct test *t, bool (*const *steps)(struct test *t), unsigned count)
{
	t->steps = steps;
	t->count = count;
	rd_timer_set(&t->watchdog, 60 * RD_NS_PER_S);
	assert_int_equal(rd_loop_run(t->loop), 0);
	rd_endpoint_close(t->a.e);
	rd_endpoint_close(t->b.e);
	rd_timer_close(&t->watchdog);
	if (t->raw >= 0)
		close(t->raw);
	rd_loop_free(t->loop);
	free(t);
}

#define RUN(t, ...) run(t, (bool (*const[])(struct test *)){__VA_ARGS__}, \
	sizeof((bool (*[])(struct test *)){__VA_ARGS__}) / sizeof(void *))

static void
send_now(struct end *d, unsigned n)
{
	d->send += n;
	rd_endpoint_flush(d->e);
}

/* --- UDP --- */

static bool
forty_came(struct test *t)
{
	return t->a.got == 40 && t->a.answer == 40 && t->b.got == 40;
}

static void
udp_there_and_back(const char *where)
{
	struct test *t = test_new(where, true, false);
	assert_int_equal(rd_endpoint_udp(t->b.e), 0);
	/* Trains end where a shorter one comes, or a longer one. */
	t->b.sizes[1] = 700;
	t->b.sizes[2] = 1300;
	t->a.echo = true;
	send_now(&t->b, 40);
	assert_int_equal(t->b.sent, 40);
	RUN(t, forty_came);
}

static void
test_udp(void **state)
{
	(void)state;
	udp_there_and_back("127.0.0.1");
	udp_there_and_back("");
}

static bool
has_ipv6(void)
{
	struct sockaddr_in6 sa = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0;
	if (fd >= 0)
		close(fd);
	return has;
}

static void
test_udp6(void **state)
{
	(void)state;
	if (!has_ipv6())
		skip();
	udp_there_and_back("::1");
}

static bool
sixty_four_came(struct test *t)
{
	return t->a.got == 64;
}

/* Also where a kernel knows nothing of segments. */
static void
test_udp_singly(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", true, false);
	assert_int_equal(rd_endpoint_udp(t->b.e), 0);
	for (unsigned i = 0; i < t->b.e->udp_count; i++)
		t->b.e->udp[i].gso = false;
	send_now(&t->b, 64);
	RUN(t, sixty_four_came);
}

static bool
one_came(struct test *t)
{
	return t->a.got == 1;
}

/* A datagram larger than any path, one to nowhere: lost, and what follows is sent. */
static void
test_udp_lost(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", true, false);
	struct rd_addr to = t->b.to;
	assert_int_equal(rd_endpoint_udp(t->b.e), 0);
	/* Broadcast without leave: EACCES. */
	t->b.to = (struct rd_addr){.family = 4, .port = 9, .ip = {255, 255, 255, 255}};
	send_now(&t->b, 3);
	/* A port that nobody listens at: ECONNREFUSED, if anything. */
	t->b.to = (struct rd_addr){.family = 4, .port = 1, .ip = {127, 0, 0, 1}};
	send_now(&t->b, 3);
	t->b.to = to;
	send_now(&t->b, 1);
	assert_int_equal(t->b.sent, 7);
	RUN(t, one_came);
}

/* A connected socket takes only what comes from where it sends to. */
static bool
answer_from_there(struct test *t)
{
	uint8_t buf[128];
	ssize_t n = recv(t->raw, buf, sizeof(buf), MSG_DONTWAIT);
	return n == 64;
}

static void
test_udp_source(void **state)
{
	(void)state;
	struct test *t = test_new("", true, false);
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(rd_endpoint_port(t->a.e)),
		.sin_addr.s_addr = htonl(0x7f000002),
	};
	uint8_t data[100];
	t->raw = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(t->raw, (struct sockaddr *)&sa, sizeof(sa)), 0);
	t->a.echo = true;
	assert_int_equal(send(t->raw, data, make(data, 1, 100), 0), 100);
	RUN(t, answer_from_there);
}

static void
on_late(void *ctx)
{
	*(bool *)ctx = true;
}

static bool late;
static bool
late_came(struct test *t)
{
	(void)t;
	return late;
}

/* With nothing to do nothing wakes. */
static void
test_idle(void **state)
{
	(void)state;
	struct test *t = test_new("", true, true);
	struct rd_timer timer;
	late = false;
	assert_int_equal(rd_endpoint_udp(t->b.e), 0);
	rd_timer_open(&timer, t->loop, on_late, &late);
	rd_timer_set(&timer, 200 * RD_NS_PER_MS);
	unsigned turns;
	t->steps = (bool (*const[])(struct test *)){late_came};
	t->count = 1;
	assert_int_equal(rd_loop_run(t->loop), 0);
	turns = t->turns;
	assert_true(turns <= 3);
	rd_timer_close(&timer);
	rd_endpoint_close(t->a.e);
	rd_endpoint_close(t->b.e);
	rd_timer_close(&t->watchdog);
	rd_loop_free(t->loop);
	free(t);
}

static bool
closed_itself(struct test *t)
{
	return t->a.e == NULL;
}

static void
test_close_inside(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", true, true);
	assert_int_equal(rd_endpoint_udp(t->b.e), 0);
	t->a.close_in_datagram = true;
	send_now(&t->b, 30);
	RUN(t, closed_itself);
}

/* --- TCP --- */

static bool
stands(struct test *t)
{
	return t->b.stands == 1;
}

static bool
sends_much(struct test *t)
{
	t->a.ordered = true;
	t->b.sizes[0] = HEAD;
	t->b.sizes[1] = RD_PACKET_MAX;
	t->b.sizes[2] = 1500;
	send_now(&t->b, 3000);
	/* The kernel does not take all of it: the rest was not asked for. */
	assert_true(t->b.sent < 3000);
	return true;
}

static bool
much_came(struct test *t)
{
	return t->a.got == 3000;
}

static bool
answers(struct test *t)
{
	t->a.to = t->a.from;
	assert_true(t->a.to.stream);
	t->b.ordered = true;
	send_now(&t->a, 500);
	return true;
}

static bool
answers_came(struct test *t)
{
	return t->b.got == 500;
}

static bool
hangs_up(struct test *t)
{
	/* The last words arrive. */
	send_now(&t->a, 1);
	rd_endpoint_hang_up(t->a.e, t->a.to.carrier);
	assert_false(rd_endpoint_can_send(t->a.e, &t->a.to));
	return true;
}

static bool
last_words_came(struct test *t)
{
	return t->b.got == 501 && t->b.ends == 1;
}

static bool
nothing_left(struct test *t)
{
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++)
		if (t->a.e->streams[i] || t->b.e->streams[i])
			return false;
	assert_int_equal(t->a.ends, 0);
	return true;
}

static void
test_tcp(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", false, true);
	assert_int_equal(rd_endpoint_connect(t->b.e, &t->b.to), 0);
	assert_true(t->b.to.stream && t->b.to.carrier != 0);
	assert_false(rd_endpoint_can_send(t->b.e, &t->b.to));
	RUN(t, stands, sends_much, much_came, answers, answers_came, hangs_up, last_words_came,
		nothing_left);
}

static bool
refused(struct test *t)
{
	return t->b.ends == 1 && t->b.error == -ECONNREFUSED;
}

static void
test_tcp_refused(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", true, false);
	assert_int_equal(rd_endpoint_connect(t->b.e, &t->b.to), 0);
	RUN(t, refused);
}

static bool
gone_in_carrier(struct test *t)
{
	return t->b.e == NULL;
}

static void
test_tcp_close_inside(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", true, false);
	t->b.close_in_carrier = true;
	assert_int_equal(rd_endpoint_connect(t->b.e, &t->b.to), 0);
	RUN(t, gone_in_carrier);
}

static int
raw_connect(const struct test *t)
{
	struct sockaddr_storage sa;
	socklen_t len = rd_addr_to_sockaddr(&t->b.to, AF_INET, &sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

static bool
hung_up_on(int fd)
{
	char c;
	ssize_t n = recv(fd, &c, 1, MSG_DONTWAIT);
	return n == 0 || (n < 0 && errno == ECONNRESET);
}

static bool
three_came(struct test *t)
{
	return t->a.got == 3;
}

/* A byte at a time, as a network may bring it. */
static bool
drips(struct test *t)
{
	uint8_t bytes[3 * 102], *p = bytes;
	for (uint32_t i = 0; i < 3; i++) {
		*p++ = 100;
		*p++ = 0;
		p += make(p, i, 100);
	}
	if (t->mark < sizeof(bytes))
		assert_int_equal(send(t->raw, bytes + t->mark++, 1, 0), 1);
	return t->mark == sizeof(bytes);
}

static bool
keeps_turning(void *ctx)
{
	(void)ctx;
	return true;
}

static void
test_tcp_drips(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", false, true);
	t->raw = raw_connect(t);
	t->a.ordered = true;
	rd_loop_prepare(t->loop, keeps_turning, NULL);
	RUN(t, drips, three_came);
}

static bool
raw_hung_up_on(struct test *t)
{
	return hung_up_on(t->raw);
}

/* What no datagram of ours begins with ends the connection; nothing waits for the rest. */
static void
test_tcp_nonsense(void **state)
{
	(void)state;
	static const uint8_t starts[][3] = {
		{0, 0, TYPE},			/* empty */
		{0xff, 0xff, TYPE},		/* longer than any */
		{0x01, 0x40, TYPE},		/* by one */
		{0xb1, 0x04, RD_PACKET_INIT},	/* 1201: longer than a handshake */
		{'G', 'E', 'T'},
	};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		struct test *t = test_new("127.0.0.1", false, true);
		t->raw = raw_connect(t);
		assert_int_equal(send(t->raw, starts[i], 3, 0), 3);
		RUN(t, raw_hung_up_on);
	}
}

static unsigned
streams(const struct rd_endpoint *e)
{
	unsigned n = 0;
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++)
		n += e->streams[i] != NULL;
	return n;
}

static int many[RD_ENDPOINT_STREAMS_EACH + 1];

static bool
as_many_as_may_be(struct test *t)
{
	unsigned over = 0;
	for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++)
		over += hung_up_on(many[i]);
	return over == 1 && streams(t->a.e) == RD_ENDPOINT_STREAMS_EACH;
}

static void
test_tcp_one_source(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", false, true);
	for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++)
		many[i] = raw_connect(t);
	RUN(t, as_many_as_may_be);
	for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++)
		close(many[i]);
}

static bool
two_there(struct test *t)
{
	return streams(t->a.e) == 2 && t->b.stands == 1;
}

static bool
one_speaks(struct test *t)
{
	send_now(&t->b, 1);
	return true;
}

/* One has proven itself; for both the ten seconds are over now. */
static bool
time_passes(struct test *t)
{
	rd_endpoint_proven(t->a.e, t->a.from.carrier);
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++) {
		struct stream *s = t->a.e->streams[i];
		if (!s)
			continue;
		assert_true(s->deadline_ns <= rd_clock_ns() + (s->proven
			? 2 * RD_CONN_DEAD_NS : RD_ENDPOINT_STREAM_PROOF_NS));
		if (!s->proven)
			s->deadline_ns = rd_clock_ns();
	}
	endpoint_schedule(t->a.e);
	return true;
}

static bool
other_lives(struct test *t)
{
	return t->b.ends == 0 && streams(t->a.e) == 1;
}

static void
test_tcp_unproven(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", false, true);
	t->raw = raw_connect(t);
	assert_int_equal(rd_endpoint_connect(t->b.e, &t->b.to), 0);
	RUN(t, two_there, one_speaks, one_came, time_passes, raw_hung_up_on, other_lives);
}

static rlim_t limit;

static bool
paused_without_spinning(struct test *t)
{
	if (!t->a.e->accept_ns)
		return false;
	t->mark = t->turns;
	struct rlimit r;
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = limit;
	setrlimit(RLIMIT_NOFILE, &r);
	return true;
}

static bool
accepted_later(struct test *t)
{
	return streams(t->a.e) == 1;
}

static bool
turned_little(struct test *t)
{
	assert_true(t->turns - t->mark < 10);
	return true;
}

/* A process without a free descriptor. */
static void
test_tcp_no_descriptors(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", false, true);
	struct rlimit r;
	t->raw = raw_connect(t);
	int lowest_free = dup(0);
	close(lowest_free);
	getrlimit(RLIMIT_NOFILE, &r);
	limit = r.rlim_cur;
	r.rlim_cur = (rlim_t)lowest_free;
	setrlimit(RLIMIT_NOFILE, &r);
	RUN(t, paused_without_spinning, accepted_later, turned_little);
}

static bool
full_then_ended(struct test *t)
{
	return t->b.ends == 1 && t->b.error == -ENOBUFS;
}

/* Somebody who never reads, and an owner who does not ask whether it may send. */
static void
test_tcp_never_read(void **state)
{
	(void)state;
	struct test *t = test_new("127.0.0.1", false, true);
	uint8_t data[RD_PACKET_MAX];
	assert_int_equal(rd_endpoint_connect(t->b.e, &t->b.to), 0);
	make(data, 0, sizeof(data));
	endpoint_enter(t->b.e);
	struct stream *s = endpoint_stream(t->b.e, t->b.to.carrier);
	for (int i = 0; i < 1000 && s->state != STREAM_DEAD; i++) {
		assert_true(s->out.len <= ENDPOINT_QUEUE + 2 * ENDPOINT_GATHER);
		endpoint_stream_put(s, data, sizeof(data));
	}
	endpoint_leave(t->b.e);
	RUN(t, full_then_ended);
}

static void
test_ports(void **state)
{
	(void)state;
	struct test *t = test_new("", true, true);
	struct rd_endpoint *other;
	struct rd_addr at = {.port = rd_endpoint_port(t->a.e)};
	/* All sockets are on the one port. */
	for (unsigned i = 0; i < t->a.e->udp_count; i++) {
		struct sockaddr_storage sa;
		struct rd_addr bound;
		socklen_t len = sizeof(sa);
		assert_int_equal(getsockname(t->a.e->udp[i].fd, (struct sockaddr *)&sa, &len), 0);
		assert_int_equal(rd_addr_from_sockaddr(&bound, (struct sockaddr *)&sa, len), 0);
		assert_int_equal(bound.port, at.port);
	}
	assert_int_equal(t->a.e->udp_count, t->a.e->listener_count);
	assert_int_equal(rd_endpoint_open(&other, t->loop, &ops, &t->b), 0);
	assert_int_equal(rd_endpoint_listen(other, &at, true, true), -EADDRINUSE);
	rd_endpoint_close(other);
	RUN(t, nothing_left);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_udp6),
		cmocka_unit_test(test_udp_singly),
		cmocka_unit_test(test_udp_lost),
		cmocka_unit_test(test_udp_source),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_close_inside),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_tcp_refused),
		cmocka_unit_test(test_tcp_close_inside),
		cmocka_unit_test(test_tcp_drips),
		cmocka_unit_test(test_tcp_nonsense),
		cmocka_unit_test(test_tcp_one_source),
		cmocka_unit_test(test_tcp_unproven),
		cmocka_unit_test(test_tcp_no_descriptors),
		cmocka_unit_test(test_tcp_never_read),
		cmocka_unit_test(test_ports),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
