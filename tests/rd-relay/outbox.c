#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rd-relay/outbox.h"

/* By loopback: what arrives, in which order, whatever travelled together. */
struct outside {
	struct options opt;
	struct udp udp;
	struct counters counters;
	struct outbox out;
	int fd[2];
	struct rd_addr at[2];
};

static int
listener(struct rd_addr *at)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval patience = {.tv_sec = 20};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(rd_addr_from_sockaddr(at, (struct sockaddr *)&in, len), 0);
	return fd;
}

static int
open_outside(void **state)
{
	struct outside *o = xcalloc(1, sizeof(*o));
	*state = o;
	o->opt.udp.count = 1;
	o->opt.udp.at[0] = (struct rd_addr){.family = 4, .ip = {127, 0, 0, 1}};
	assert_int_equal(udp_listen(&o->udp, &o->opt, 1), 0);
	o->out.udp = &o->udp;
	o->out.counters = &o->counters;
	for (int i = 0; i < 2; i++)
		o->fd[i] = listener(&o->at[i]);
	return 0;
}

static int
close_outside(void **state)
{
	struct outside *o = *state;
	udp_close(&o->udp);
	close(o->fd[0]);
	close(o->fd[1]);
	free(o);
	return 0;
}

static void
expect(struct outside *o, int who, uint8_t first, size_t len)
{
	uint8_t data[4096];
	ssize_t n = recv(o->fd[who], data, sizeof(data), 0);
	assert_int_equal(n, len);
	assert_int_equal(data[0], first);
	assert_int_equal(data[len - 1], first);
}

/* Two flows that come mixed: each keeps its order, and is one letter as far as sizes allow. */
static void
joins_what_goes_to_one_address(void **state)
{
	struct outside *o = *state;
	static uint8_t data[20][1000];
	for (int i = 0; i < 20; i++) {
		memset(data[i], i, sizeof(data[i]));
		/* The tenth is shorter: nothing may follow it in its train. */
		size_t len = i == 10 ? 500 : 1000;
		outbox_put(&o->out, &o->at[i % 2], data[i], len, len);
	}
	assert_int_equal(o->out.count, 3);
	outbox_flush(&o->out);
	assert_int_equal(o->out.count, 0);
	for (int i = 0; i < 20; i++)
		expect(o, i % 2, (uint8_t)i, i == 10 ? 500 : 1000);
}

static void
sends_trains_as_they_came(void **state)
{
	struct outside *o = *state;
	static uint8_t data[2500];
	memset(data, 1, 1000);
	memset(data + 1000, 2, 1000);
	memset(data + 2000, 3, 500);
	outbox_put(&o->out, &o->at[0], data, sizeof(data), 1000);
	outbox_copy(&o->out, &o->at[0], data, 1000);
	outbox_flush(&o->out);
	expect(o, 0, 1, 1000);
	expect(o, 0, 2, 1000);
	expect(o, 0, 3, 500);
	expect(o, 0, 1, 1000);
}

static void
sends_more_than_it_holds(void **state)
{
	struct outside *o = *state;
	uint8_t data[64];
	for (int i = 0; i < 2000; i++) {
		size_t len = 32 + (size_t)i % 32;
		memset(data, i & 0xff, sizeof(data));
		outbox_copy(&o->out, &o->at[1], data, len);
		if (i % 100 == 99) {
			outbox_flush(&o->out);
			for (int k = i - 99; k <= i; k++)
				expect(o, 1, (uint8_t)k, 32 + (size_t)k % 32);
		}
	}
	for (int i = 0; i < OUT_LETTERS + 10; i++) {
		size_t len = 32 + (size_t)i % 32;
		memset(data, i & 0xff, sizeof(data));
		outbox_copy(&o->out, &o->at[i / 2 % 2], data, len);
	}
	outbox_flush(&o->out);
	for (int i = 0; i < OUT_LETTERS + 10; i++)
		expect(o, i / 2 % 2, (uint8_t)i, 32 + (size_t)i % 32);
	assert_int_equal(o->counters.send_errors, 0);
}

static void
counts_what_has_no_way(void **state)
{
	struct outside *o = *state;
	struct rd_addr v6 = {.family = 6, .port = 9, .ip = {[15] = 1}};
	outbox_copy(&o->out, &v6, (const uint8_t *)"x", 1);
	assert_int_equal(o->counters.send_errors, 1);
	assert_int_equal(o->out.count, 0);
}

static void
takes_no_port_that_another_has(void **state)
{
	struct outside *o = *state;
	struct options opt = {.udp = {.count = 1, .at = {o->udp.place[0].at}}};
	struct udp second = {0};
	assert_int_equal(udp_listen(&second, &opt, 2), 1);
	udp_close(&second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(joins_what_goes_to_one_address, open_outside,
			close_outside),
		cmocka_unit_test_setup_teardown(sends_trains_as_they_came, open_outside, close_outside),
		cmocka_unit_test_setup_teardown(sends_more_than_it_holds, open_outside, close_outside),
		cmocka_unit_test_setup_teardown(counts_what_has_no_way, open_outside, close_outside),
		cmocka_unit_test_setup_teardown(takes_no_port_that_another_has, open_outside,
			close_outside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
