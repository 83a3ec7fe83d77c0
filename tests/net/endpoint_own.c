#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "net/endpoint_priv.h"

static struct rd_addr
ip(const char *text)
{
	struct rd_addr a = {.family = strchr(text, ':') ? 6 : 4};
	assert_int_equal(inet_pton(a.family == 4 ? AF_INET : AF_INET6, text, a.ip), 1);
	return a;
}

/* --- which are told --- */

static void
choose(const char *const *in, const char *const *want)
{
	struct own_addr all[16];
	struct rd_addr out[16];
	unsigned n = 0, wanted = 0;
	for (; in[n]; n++) {
		all[n].temporary = in[n][0] == '~';
		all[n].ip = ip(in[n] + all[n].temporary);
	}
	while (want[wanted])
		wanted++;
	assert_int_equal(endpoint_own_choose(all, n, out, 16), wanted);
	for (unsigned i = 0; i < wanted; i++) {
		struct rd_addr expected = ip(want[i]);
		assert_true(rd_addr_equal(&out[i], &expected));
	}
	assert_int_equal(endpoint_own_choose(all, n, out, 1), wanted ? 1 : 0);
}

#define LIST(...) (const char *const[]){__VA_ARGS__, NULL}

static void
test_choose(void **state)
{
	(void)state;
	choose(LIST("127.0.0.1", "192.0.2.7", "::1", "fe80::1"), LIST("192.0.2.7"));
	choose(LIST("127.0.0.1", "::1"), LIST("127.0.0.1", "::1"));
	choose(LIST("127.0.0.1", "169.254.3.4", "::1", "fe80::1"), LIST("169.254.3.4", "fe80::1"));
	/* A temporary one first, and then its network's lasting one is not told. */
	choose(LIST("192.0.2.7", "2001:db8:1::1", "~2001:db8:1::abcd", "2001:db8:2::1", "fd00::1"),
		LIST("2001:db8:1::abcd", "192.0.2.7", "2001:db8:2::1", "fd00::1"));
	choose(LIST("10.0.0.1", "10.0.0.2"), LIST("10.0.0.1", "10.0.0.2"));
}

/* --- what the kernel says --- */

struct message {
	uint8_t bytes[128];
	size_t len;
};

static void
attribute(struct message *m, uint16_t type, const void *data, size_t len)
{
	struct rtattr attr = {.rta_len = (uint16_t)(sizeof(attr) + len), .rta_type = type};
	memcpy(m->bytes + m->len, &attr, sizeof(attr));
	memcpy(m->bytes + m->len + sizeof(attr), data, len);
	m->len += RTA_ALIGN(attr.rta_len);
}

static void
begin(struct message *m, uint8_t family, uint8_t flags)
{
	struct ifaddrmsg head = {.ifa_family = family, .ifa_flags = flags, .ifa_index = 3};
	memset(m, 0, sizeof(*m));
	memcpy(m->bytes, &head, sizeof(head));
	m->len = sizeof(head);
}

static void
test_parse(void **state)
{
	(void)state;
	struct message m;
	struct own_addr got;
	struct rd_addr mine = ip("10.1.2.3"), theirs = ip("10.1.2.4"), six = ip("2001:db8::5");
	struct rd_addr link = ip("fe80::7");
	uint32_t temporary = IFA_F_TEMPORARY, tentative = IFA_F_TENTATIVE;
	begin(&m, AF_INET, IFA_F_SECONDARY);
	attribute(&m, IFA_LOCAL, mine.ip, 4);
	attribute(&m, IFA_ADDRESS, theirs.ip, 4);
	assert_true(endpoint_own_parse(m.bytes, m.len, &got));
	assert_true(rd_addr_equal(&got.ip, &mine) && !got.temporary);
	/* Cut anywhere: less, or nothing, but never beyond. */
	for (size_t len = 0; len < m.len; len++)
		endpoint_own_parse(m.bytes, len, &got);
	begin(&m, AF_INET6, 0);
	attribute(&m, IFA_ADDRESS, six.ip, 16);
	attribute(&m, IFA_FLAGS, &temporary, 4);
	assert_true(endpoint_own_parse(m.bytes, m.len, &got));
	assert_true(rd_addr_equal(&got.ip, &six) && got.temporary);
	begin(&m, AF_INET6, 0);
	attribute(&m, IFA_ADDRESS, six.ip, 16);
	attribute(&m, IFA_FLAGS, &tentative, 4);
	assert_false(endpoint_own_parse(m.bytes, m.len, &got));
	begin(&m, AF_INET6, 0);
	attribute(&m, IFA_ADDRESS, link.ip, 16);
	assert_true(endpoint_own_parse(m.bytes, m.len, &got));
	assert_int_equal(got.ip.scope, 3);
	begin(&m, AF_INET, 0);
	attribute(&m, IFA_LOCAL, six.ip, 16);
	assert_false(endpoint_own_parse(m.bytes, m.len, &got));
	begin(&m, AF_UNIX, 0);
	attribute(&m, IFA_LOCAL, mine.ip, 4);
	assert_false(endpoint_own_parse(m.bytes, m.len, &got));
}

/* --- a network of our own --- */

struct test {
	struct rd_loop *loop;
	struct rd_timer watchdog;
	struct rd_endpoint *e;
	unsigned changes;
};

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	(void)ctx, (void)from, (void)data, (void)len;
}

static void
on_turn(void *ctx)
{
	(void)ctx;
}

static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	(void)ctx, (void)to, (void)out, (void)cap;
	return 0;
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	(void)ctx, (void)peer, (void)error;
}

static const struct rd_endpoint_ops ops = {
	.datagram = on_datagram, .turn = on_turn, .next = next, .carrier = on_carrier,
};

static void
on_watchdog(void *ctx)
{
	rd_loop_stop(((struct test *)ctx)->loop, 1);
}

static void
on_change(void *ctx)
{
	struct test *t = ctx;
	t->changes++;
	rd_loop_stop(t->loop, 0);
}

static void
open_one(struct test *t)
{
	*t = (struct test){.loop = rd_loop_new()};
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	rd_timer_set(&t->watchdog, 60 * RD_NS_PER_S);
	assert_int_equal(rd_endpoint_open(&t->e, t->loop, &ops, t), 0);
	assert_int_equal(rd_endpoint_udp(t->e), 0);
}

static void
close_one(struct test *t)
{
	rd_endpoint_close(t->e);
	rd_timer_close(&t->watchdog);
	rd_loop_free(t->loop);
}

static bool
tells(struct test *t, const char *text)
{
	struct rd_addr out[8], want = ip(text);
	unsigned n = rd_endpoint_own(t->e, out, 8);
	for (unsigned i = 0; i < n; i++) {
		if (!rd_addr_same_ip(&out[i], &want))
			continue;
		assert_int_not_equal(out[i].port, 0);
		return true;
	}
	return false;
}

static bool alone;

static void
test_changes(void **state)
{
	(void)state;
	struct test t;
	if (!alone || system("ip link set lo up && ip address add 192.0.2.7/24 dev lo") != 0)
		skip();
	open_one(&t);
	assert_true(tells(&t, "192.0.2.7"));
	assert_false(tells(&t, "127.0.0.1"));
	assert_int_equal(system("ip address add 198.51.100.8/24 dev lo"), 0);
	assert_true(tells(&t, "198.51.100.8"));
	rd_endpoint_on_change(t.e, on_change, &t);
	assert_int_equal(system("ip address del 192.0.2.7/24 dev lo"), 0);
	assert_int_equal(rd_loop_run(t.loop), 0);
	assert_false(tells(&t, "192.0.2.7"));
	close_one(&t);
}

/* The socket that was opened before serves one endpoint after the other. */
static void
test_confined(void **state)
{
	(void)state;
	struct test t = {.loop = rd_loop_new()};
	if (!alone)
		skip();
	rd_endpoint_prepare();
	rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_NETWORK});
	for (int i = 0; i < 3; i++) {
		assert_int_equal(rd_endpoint_open(&t.e, t.loop, &ops, &t), 0);
		assert_int_equal(rd_endpoint_udp(t.e), 0);
		assert_int_equal(t.e->own.spare, socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) < 0);
		assert_true(tells(&t, "198.51.100.8"));
		rd_endpoint_on_change(t.e, on_change, &t);
		rd_endpoint_close(t.e);
	}
	rd_loop_free(t.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_confined),
	};
	alone = unshare(CLONE_NEWNET) == 0 ||
		(geteuid() != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
