#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "net/packet.h"

static const uint8_t key[RD_PACKET_KEY] = {1, 2, 3};
static const char text[] = "said";

/* One that says `text`; its length. */
static size_t
sealed(uint8_t *datagram)
{
	const struct rd_packet p = {.type = RD_PACKET_DATA, .epoch = 2, .receiver = 0x01020304,
		.number = UINT64_C(0x0102030405060708)};
	memcpy(datagram + RD_PACKET_DATA_HEADER, text, sizeof(text));
	return rd_packet_seal(&p, datagram, sizeof(text), key);
}

static bool
opens(uint8_t *datagram, size_t len, const uint8_t with[static RD_PACKET_KEY])
{
	struct rd_packet p;
	size_t n;
	if (rd_packet_parse(&p, datagram, len) != 0)
		return false;
	const uint8_t *plain = rd_packet_open(&p, datagram, &n, with);
	if (!plain)
		return false;
	assert_int_equal(n, sizeof(text));
	assert_memory_equal(plain, text, n);
	return true;
}

static void
what_is_sealed_opens(void **state)
{
	static const uint8_t head[] = {4, 2, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1};
	uint8_t datagram[64];
	size_t len = sealed(datagram);

	(void)state;
	assert_int_equal(len, sizeof(text) + RD_PACKET_OVERHEAD);
	assert_memory_equal(datagram, head, sizeof(head));
	assert_true(opens(datagram, len, key));
}

static void
nothing_else_does(void **state)
{
	static const uint8_t other[RD_PACKET_KEY] = {1, 2, 4};
	uint8_t datagram[64];

	(void)state;
	assert_false(opens(datagram, sealed(datagram), other));
	assert_false(opens(datagram, sealed(datagram) - 1, key));
	for (unsigned bit = 0; bit < (sizeof(text) + RD_PACKET_OVERHEAD) * 8; bit++) {
		size_t len = sealed(datagram);
		datagram[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(opens(datagram, len, key));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sealed_opens),
		cmocka_unit_test(nothing_else_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
