#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-record/ring.h"

#define S RD_NS_PER_S

static void
put(struct ring *r, uint64_t time_ns, bool key, size_t len)
{
	static uint8_t data[1 << 20];
	const struct piece p = {.time_ns = time_ns, .key = key, .data = data, .len = len};
	ring_put(r, &p);
}

/* A key picture every second, ten pictures a second, for so long. */
static void
fill(struct ring *r, unsigned seconds, size_t len)
{
	for (unsigned i = 0; i < seconds * 10; i++)
		put(r, i * S / 10, i % 10 == 0, len);
}

static void
what_is_old_is_forgotten(void **state)
{
	(void)state;
	struct ring r = {.keep_ns = 3 * S};
	fill(&r, 3, 1000);
	size_t all = r.bytes;
	fill(&r, 60, 1000);
	/* Three seconds, and what of a fourth it takes to begin with a key picture. */
	assert_in_range(r.bytes, all, all * 4 / 3);
	ring_finish(&r);
	assert_int_equal(r.bytes, 0);
	assert_null(r.first);
}

static void
memory_is_bounded(void **state)
{
	(void)state;
	struct ring r = {.keep_ns = 3600 * S};
	fill(&r, 60, 1 << 20);
	assert_in_range(r.bytes, RING_BYTES_MAX / 2, RING_BYTES_MAX);
	ring_finish(&r);
	/* Also where no second key picture ever comes. */
	for (unsigned i = 0; i < 600; i++)
		put(&r, i * S / 10, i == 0, 1 << 20);
	assert_in_range(r.bytes, 1, RING_BYTES_MAX);
	ring_finish(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_old_is_forgotten),
		cmocka_unit_test(memory_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
