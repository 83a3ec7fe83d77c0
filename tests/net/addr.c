#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "net/addr.h"

static struct rd_addr
addr_of(const char *ip, uint16_t port, uint32_t scope)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port),
		.sin6_scope_id = scope };
	struct rd_addr a;

	if (inet_pton(AF_INET, ip, &in.sin_addr) == 1) {
		assert_int_equal(rd_addr_from_sockaddr(&a, (struct sockaddr *)&in, sizeof(in)), 0);
	} else {
		assert_int_equal(inet_pton(AF_INET6, ip, &in6.sin6_addr), 1);
		assert_int_equal(rd_addr_from_sockaddr(&a, (struct sockaddr *)&in6, sizeof(in6)), 0);
	}
	return a;
}

static void
text_is(const struct rd_addr *a, const char *want)
{
	char text[RD_ADDR_TEXT];

	assert_string_equal(rd_addr_text(a, text), want);
	assert_true(strlen(text) < RD_ADDR_TEXT);
}

static void
addresses_have_a_text(void **state)
{
	struct rd_addr a = addr_of("192.0.2.1", 21118, 0);

	(void)state;
	text_is(&a, "192.0.2.1:21118");
	a.stream = true;
	text_is(&a, "tcp 192.0.2.1:21118");
	a = addr_of("2001:db8::1", 1, 0);
	text_is(&a, "[2001:db8::1]:1");
	a = addr_of("fe80::1", 65535, 3);
	text_is(&a, "[fe80::1%3]:65535");
	a = addr_of("febf:1111:2222:3333:4444:5555:6666:7777", 65535, UINT32_MAX);
	a.stream = true;
	text_is(&a, "tcp [febf:1111:2222:3333:4444:5555:6666:7777%4294967295]:65535");
	a = addr_of("192.0.2.1", 21120, 0);
	a.relayed = true;
	a.carrier = 7;
	text_is(&a, "relay 192.0.2.1:21120");
	a = (struct rd_addr){0};
	text_is(&a, "nowhere");
}

static void
ipv4_in_ipv6_is_ipv4(void **state)
{
	struct rd_addr a = addr_of("192.0.2.1", 5, 0), b = addr_of("::ffff:192.0.2.1", 5, 7);

	(void)state;
	assert_true(rd_addr_equal(&a, &b));
	assert_int_equal(b.family, 4);
}

static void
everything_but_the_same_differs(void **state)
{
	const struct rd_addr a = addr_of("fe80::1", 5, 3);
	struct rd_addr b = a;

	(void)state;
	assert_true(rd_addr_equal(&a, &b));
	b.port++;
	assert_false(rd_addr_equal(&a, &b));
	assert_true(rd_addr_same_ip(&a, &b));
	b = a;
	b.carrier = 1;
	assert_false(rd_addr_equal(&a, &b));
	assert_true(rd_addr_same_ip(&a, &b));
	b = a;
	b.stream = true;
	assert_false(rd_addr_equal(&a, &b));
	b = a;
	b.relayed = true;
	assert_false(rd_addr_equal(&a, &b));
	/* how it is sent there is no part of the place */
	b = a;
	b.hops = 4;
	b.traffic = 3;
	assert_true(rd_addr_equal(&a, &b));
	b = a;
	b.scope = 4;
	assert_false(rd_addr_equal(&a, &b));
	assert_false(rd_addr_same_ip(&a, &b));
	b = a;
	b.ip[15] ^= 1;
	assert_false(rd_addr_equal(&a, &b));
	b = a;
	b.family = 4;
	assert_false(rd_addr_same_ip(&a, &b));
}

/* Only a link-local address means another machine on another interface. */
static void
a_scope_counts_where_it_means_something(void **state)
{
	struct rd_addr a = addr_of("2001:db8::1", 5, 3), b = addr_of("2001:db8::1", 5, 4);

	(void)state;
	assert_true(rd_addr_equal(&a, &b));
}

static void
they_go_to_sockets_and_back(void **state)
{
	static const char *const ips[] = { "192.0.2.1", "0.0.0.0", "2001:db8::1", "fe80::1", "::" };
	struct sockaddr_storage ss;

	(void)state;
	for (size_t i = 0; i < sizeof(ips) / sizeof(ips[0]); i++) {
		struct rd_addr a = addr_of(ips[i], 21118, 3), b;
		socklen_t n = rd_addr_to_sockaddr(&a, AF_INET6, &ss);
		assert_int_equal(n, sizeof(struct sockaddr_in6));
		assert_int_equal(rd_addr_from_sockaddr(&b, (struct sockaddr *)&ss, n), 0);
		assert_true(rd_addr_equal(&a, &b));
		n = rd_addr_to_sockaddr(&a, AF_INET, &ss);
		assert_int_equal(n, a.family == 4 ? sizeof(struct sockaddr_in) : 0);
		if (!n)
			continue;
		assert_int_equal(rd_addr_from_sockaddr(&b, (struct sockaddr *)&ss, n), 0);
		assert_true(rd_addr_equal(&a, &b));
	}
	assert_int_equal(rd_addr_to_sockaddr(&(struct rd_addr){0}, AF_INET6, &ss), 0);
}

static void
other_families_and_short_ones_are_refused(void **state)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct rd_addr a;

	(void)state;
	assert_int_equal(rd_addr_from_sockaddr(&a, (struct sockaddr *)&in6, sizeof(in6) - 1),
		-EAFNOSUPPORT);
	assert_int_equal(rd_addr_from_sockaddr(&a, (struct sockaddr *)&in6, 0), -EAFNOSUPPORT);
	in6.sin6_family = AF_UNIX;
	assert_int_equal(rd_addr_from_sockaddr(&a, (struct sockaddr *)&in6, sizeof(in6)),
		-EAFNOSUPPORT);
	assert_int_equal(a.family, 0);
}

static void
a_source_is_an_address_or_a_network(void **state)
{
	struct rd_addr a = addr_of("192.0.2.1", 5, 0);
	uint8_t out[RD_ADDR_SOURCE_MAX];

	(void)state;
	assert_int_equal(rd_addr_source(&a, out), 5);
	assert_memory_equal(out, "\x04\xc0\x00\x02\x01", 5);
	a = addr_of("2001:db8:1:2:3:4:5:6", 5, 0);
	assert_int_equal(rd_addr_source(&a, out), 9);
	assert_memory_equal(out, "\x06\x20\x01\x0d\xb8\x00\x01\x00\x02", 9);
	/* All who come through a relay have its address. */
	a.relayed = true;
	a.carrier = 0x01020304;
	assert_int_equal(rd_addr_source(&a, out), 5);
	assert_memory_equal(out, "\xff\x04\x03\x02\x01", 5);
}

static void
names_are_taken_apart(void **state)
{
	static const struct { const char *text, *host; uint16_t port; } good[] = {
		{ "build1", "build1", 21118 },
		{ "build1:9", "build1", 9 },
		{ "build1.example.org:65535", "build1.example.org", 65535 },
		{ "192.0.2.1:0", "192.0.2.1", 0 },
		{ ":21119", "", 21119 },
		{ "2001:db8::1", "2001:db8::1", 21118 },
		{ "[2001:db8::1]", "2001:db8::1", 21118 },
		{ "[2001:db8::1]:7", "2001:db8::1", 7 },
		{ "[fe80::1%eth0]:7", "fe80::1%eth0", 7 },
		{ "fe80::1%eth0", "fe80::1%eth0", 21118 },
		{ "::", "::", 21118 },
		{ "[::]:00080", "::", 80 },
	};
	static const char *const bad[] = {
		"", ":", "host:", "host:x", "host:-1", "host:+1", "host: 1", "host:65536", "host:99999",
		"host:000001", "a:b:c", "1:2:3", "[", "[]", "[]:1", "[::1", "[::1]x", "[::1]:",
		"[::1]:x", "[host]:1", "[192.0.2.1]:1", "ho st", "host\n", "a/b", "[::1%]:1", "::1%",
		"\"host\"", "a[b]",
	};
	struct rd_host_port out;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (rd_host_port_parse(&out, good[i].text, RD_PORT))
			fail_msg("%s is refused", good[i].text);
		assert_string_equal(out.host, good[i].host);
		assert_int_equal(out.port, good[i].port);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (rd_host_port_parse(&out, bad[i], RD_PORT) != -EINVAL)
			fail_msg("%s is taken", bad[i]);
}

static void
a_host_has_at_most_255_bytes(void **state)
{
	char text[300];
	struct rd_host_port out;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[255] = 0;
	assert_int_equal(rd_host_port_parse(&out, text, 1), 0);
	text[255] = 'a';
	text[256] = 0;
	assert_int_equal(rd_host_port_parse(&out, text, 1), -EINVAL);
	strcpy(text + 255, ":7");
	assert_int_equal(rd_host_port_parse(&out, text, 1), 0);
	assert_int_equal(out.port, 7);
}

static void
a_loopback_is_this_machine(void **state)
{
	const struct rd_addr near4 = {.family = 4, .ip = {127, 8, 0, 1}};
	const struct rd_addr near6 = {.family = 6, .ip = {[15] = 1}};
	const struct rd_addr far4 = {.family = 4, .ip = {[3] = 1}};
	const struct rd_addr far6 = {.family = 6, .ip = {127, [15] = 1}};

	(void)state;
	assert_true(rd_addr_is_loopback(&near4));
	assert_true(rd_addr_is_loopback(&near6));
	assert_false(rd_addr_is_loopback(&far4));
	assert_false(rd_addr_is_loopback(&far6));
	assert_false(rd_addr_is_loopback(&(struct rd_addr){0}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_have_a_text),
		cmocka_unit_test(ipv4_in_ipv6_is_ipv4),
		cmocka_unit_test(everything_but_the_same_differs),
		cmocka_unit_test(a_scope_counts_where_it_means_something),
		cmocka_unit_test(they_go_to_sockets_and_back),
		cmocka_unit_test(other_families_and_short_ones_are_refused),
		cmocka_unit_test(a_source_is_an_address_or_a_network),
		cmocka_unit_test(a_loopback_is_this_machine),
		cmocka_unit_test(names_are_taken_apart),
		cmocka_unit_test(a_host_has_at_most_255_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
