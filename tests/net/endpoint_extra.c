#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/endpoint_priv.h"

/* An endpoint that sends from many sockets, and a bare one that answers or listens. */
struct test {
	struct rd_loop *loop;
	struct rd_timer watchdog;
	struct rd_endpoint *e;
	int raw;		/* on 127.0.0.1 */
	struct rd_addr to;	/* its address */
	struct { struct rd_addr to; size_t len; } out[600];
	unsigned out_count, sent;
	uint32_t from[600];	/* carriers of what came */
	unsigned got;
	uint32_t close_on_first;
	bool (*done)(struct test *t);
};

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct test *t = ctx;
	assert_true(len > 0 && data[0] == 'x');
	assert_true(t->got < 600);
	t->from[t->got++] = from->carrier;
	if (t->close_on_first)
		rd_endpoint_extra_close(t->e, t->close_on_first);
}

static void
on_turn(void *ctx)
{
	rd_endpoint_flush(((struct test *)ctx)->e);
}

static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct test *t = ctx;
	if (t->sent == t->out_count)
		return 0;
	*to = t->out[t->sent].to;
	size_t len = t->out[t->sent++].len;
	assert_true(len <= cap);
	memset(out, 'x', len);
	return len;
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	(void)ctx, (void)peer, (void)error;
	fail();
}

static const struct rd_endpoint_ops ops = {
	.datagram = on_datagram, .turn = on_turn, .next = next, .carrier = on_carrier,
};

static bool
on_prepare(void *ctx)
{
	struct test *t = ctx;
	if (t->done(t))
		rd_loop_stop(t->loop, 0);
	return false;
}

static void
on_watchdog(void *ctx)
{
	struct test *t = ctx;
	print_error("never done: sent %u got %u\n", t->sent, t->got);
	rd_loop_stop(t->loop, 1);
}

static struct test *
test_new(void)
{
	struct test *t = calloc(1, sizeof(*t));
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	int big = 1 << 20;
	assert_non_null(t);
	t->loop = rd_loop_new();
	rd_loop_prepare(t->loop, on_prepare, t);
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	t->raw = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(t->raw, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
	assert_int_equal(bind(t->raw, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(getsockname(t->raw, (struct sockaddr *)&sa, &len), 0);
	assert_int_equal(rd_addr_from_sockaddr(&t->to, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(rd_endpoint_open(&t->e, t->loop, &ops, t), 0);
	assert_int_equal(rd_endpoint_udp(t->e), 0);
	return t;
}

static void
run(struct test *t, bool (*done)(struct test *t))
{
	t->done = done;
	rd_timer_set(&t->watchdog, 60 * RD_NS_PER_S);
	assert_int_equal(rd_loop_run(t->loop), 0);
}

static void
test_end(struct test *t)
{
	rd_endpoint_close(t->e);
	rd_timer_close(&t->watchdog);
	rd_loop_free(t->loop);
	close(t->raw);
	free(t);
}

static void
put(struct test *t, uint32_t carrier, uint8_t hops, size_t len)
{
	struct rd_addr to = t->to;
	to.carrier = carrier;
	to.hops = hops;
	t->out[t->out_count].to = to;
	t->out[t->out_count++].len = len;
}

/* Sends back what lies there; how many datagrams. */
static unsigned
echo(struct test *t)
{
	uint8_t data[2048];
	struct sockaddr_storage sa;
	socklen_t size = sizeof(sa);
	unsigned count = 0;
	ssize_t n;
	while ((n = recvfrom(t->raw, data, sizeof(data), MSG_DONTWAIT, (struct sockaddr *)&sa,
			&size)) >= 0) {
		sendto(t->raw, data, (size_t)n, 0, (struct sockaddr *)&sa, size);
		count++;
		size = sizeof(sa);
	}
	return count;
}

static bool
all_came_back(struct test *t)
{
	echo(t);
	return t->got == t->out_count;
}

/* What comes to a socket names it, and what names it leaves from there. */
static void
test_many(void **state)
{
	(void)state;
	struct test *t = test_new();
	uint32_t carriers[256];
	assert_int_equal(rd_endpoint_extra(t->e, 4, carriers, 256), 256);
	for (unsigned i = 0; i < 256; i++)
		put(t, carriers[i], 0, 60);
	put(t, 0, 0, 60);
	rd_endpoint_flush(t->e);
	run(t, all_came_back);
	unsigned seen = 0;
	for (unsigned i = 0; i < 256; i++)
		for (unsigned k = 0; k < t->got; k++)
			seen += t->from[k] == carriers[i];
	assert_int_equal(seen, 256);
	test_end(t);
}

static void
test_limit(void **state)
{
	(void)state;
	struct test *t = test_new();
	uint32_t carriers[RD_ENDPOINT_EXTRAS + 10], again;
	assert_int_equal(rd_endpoint_extra(t->e, 4, carriers, RD_ENDPOINT_EXTRAS + 10),
		RD_ENDPOINT_EXTRAS);
	assert_int_equal(rd_endpoint_extra(t->e, 4, &again, 1), 0);
	rd_endpoint_extra_close(t->e, carriers[7]);
	rd_endpoint_extra_close(t->e, carriers[7]);
	rd_endpoint_extra_close(t->e, 0);
	rd_endpoint_extra_close(t->e, 1);
	assert_int_equal(rd_endpoint_extra(t->e, 4, &again, 1), 1);
	assert_int_not_equal(again, carriers[7]);
	assert_true(endpoint_extra_is(again));
	test_end(t);
}

static bool
one_of_two_came(struct test *t)
{
	echo(t);
	return t->got == 2;
}

/* What is sent to a socket that is gone is lost; closing inside of a callback is allowed. */
static void
test_closed(void **state)
{
	(void)state;
	struct test *t = test_new();
	uint32_t carriers[2];
	assert_int_equal(rd_endpoint_extra(t->e, 4, carriers, 2), 2);
	rd_endpoint_extra_close(t->e, carriers[0]);
	put(t, carriers[0], 0, 60);
	put(t, carriers[1], 0, 60);
	/* A second one finds its socket closed by the first, or not, as they are read. */
	put(t, 0, 0, 60);
	t->close_on_first = carriers[1];
	rd_endpoint_flush(t->e);
	run(t, one_of_two_came);
	assert_null(endpoint_extra(t->e, carriers[1]));
	test_end(t);
}

/* A full socket that is closed holds up nobody. */
static void
test_closed_full(void **state)
{
	(void)state;
	struct test *t = test_new();
	uint32_t carrier;
	assert_int_equal(rd_endpoint_extra(t->e, 4, &carrier, 1), 1);
	t->e->batch.held = true;
	t->e->batch.to = t->to;
	t->e->batch.to.carrier = carrier;
	assert_false(rd_endpoint_can_send(t->e, &t->to));
	rd_endpoint_extra_close(t->e, carrier);
	assert_true(rd_endpoint_can_send(t->e, &t->to));
	put(t, 0, 0, 60);
	run(t, all_came_back);
	test_end(t);
}

/* The TTL with which the next datagram came, or 0: none is there. */
static int
next_ttl(int fd)
{
	uint8_t data[2048];
	union { struct cmsghdr head; char space[128]; } control;
	struct iovec iov = {data, sizeof(data)};
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int ttl = 0;
	if (recvmsg(fd, &m, MSG_DONTWAIT) < 0)
		return 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
	return ttl;
}

static void
test_hops(void **state)
{
	(void)state;
	static const uint8_t hops[] = {0, 3, 3, 0, 0, 7, 0};
	struct test *t = test_new();
	uint32_t carrier;
	int one = 1;
	assert_int_equal(rd_endpoint_extra(t->e, 4, &carrier, 1), 1);
	assert_int_equal(setsockopt(t->raw, IPPROTO_IP, IP_RECVTTL, &one, sizeof(one)), 0);
	put(t, 0, 0, 500);
	rd_endpoint_flush(t->e);
	int usual = next_ttl(t->raw);
	assert_true(usual > 7);
	for (unsigned way = 0; way < 2; way++) {
		/* All of one size: only hops tell them apart. */
		for (size_t i = 0; i < sizeof(hops); i++)
			put(t, way ? carrier : 0, hops[i], 500);
		rd_endpoint_flush(t->e);
		for (size_t i = 0; i < sizeof(hops); i++)
			assert_int_equal(next_ttl(t->raw), hops[i] ? hops[i] : usual);
		assert_int_equal(next_ttl(t->raw), 0);
	}
	test_end(t);
}

static int
receive_buffer(int fd)
{
	int size = 0;
	socklen_t len = sizeof(size);
	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len);
	return size;
}

/* One that goes on to carry a session has the buffers for it. */
static void
test_buffers(void **state)
{
	(void)state;
	struct test *t = test_new();
	uint32_t carrier;
	assert_int_equal(rd_endpoint_extra(t->e, 4, &carrier, 1), 1);
	int fd = endpoint_extra(t->e, carrier)->fd, small = receive_buffer(fd);
	put(t, carrier, 0, 60);
	rd_endpoint_flush(t->e);
	assert_int_equal(receive_buffer(fd), small);
	for (size_t i = 0; i < 80; i++)
		put(t, carrier, 0, 60 + i % 2);
	rd_endpoint_flush(t->e);
	assert_true(receive_buffer(fd) > small);
	test_end(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_closed_full),
		cmocka_unit_test(test_hops),
		cmocka_unit_test(test_buffers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
