#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-relay/tls_queue.h"

#define SIZE 1000

static unsigned
put(struct tls_queue *q, unsigned class, uint8_t number, uint64_t now)
{
	static const uint8_t handle[RD_HANDLE] = {1};
	uint8_t data[SIZE] = {0};
	rd_relayed_put(data, class, false, handle);
	data[RD_RELAYED_HEADER] = number;
	return tls_queue_put(q, data, sizeof(data), now);
}

/* The number of the next one, or -1. */
static int
take(struct tls_queue *q, uint64_t now, bool *marked)
{
	struct tls_waiting *w = tls_queue_take(q, now);
	if (!w)
		return -1;
	int number = w->data[RD_RELAYED_HEADER];
	*marked = w->data[0] & 8;
	free(w);
	return number;
}

static void
keeps_the_order_of_all_classes(void **state)
{
	struct tls_queue q = {0};
	bool marked;
	(void)state;
	for (uint8_t i = 0; i < 12; i++)
		assert_int_equal(put(&q, i * 7 % 4, i, 0), 0);
	for (int i = 0; i < 12; i++)
		assert_int_equal(take(&q, 0, &marked), i);
	assert_int_equal(take(&q, 0, &marked), -1);
	assert_int_equal(q.bytes, 0);
}

static void
marks_what_has_waited(void **state)
{
	struct tls_queue q = {0};
	bool marked = false;
	(void)state;
	put(&q, 2, 1, 0);
	put(&q, 2, 2, 3 * RD_NS_PER_MS);
	take(&q, 6 * RD_NS_PER_MS, &marked);
	assert_true(marked);
	take(&q, 6 * RD_NS_PER_MS, &marked);
	assert_false(marked);
	/* What the relay says itself has no such bit. */
	uint8_t own[40] = {RD_RELAY_BOUND};
	tls_queue_put(&q, own, sizeof(own), 0);
	struct tls_waiting *w = tls_queue_take(&q, RD_NS_PER_S);
	assert_non_null(w);
	assert_int_equal(w->data[0], RD_RELAY_BOUND);
	free(w);
}

static void
drops_the_least_urgent_first(void **state)
{
	struct tls_queue q = {0};
	bool marked;
	unsigned dropped = 0, bulk = 0, got[4] = {0};
	(void)state;
	/* 80 KB of each class and more: bulk goes, then pictures. */
	for (unsigned i = 0; i < 320; i++)
		dropped += put(&q, i % 4, (uint8_t)(i % 4), 0);
	assert_int_equal(dropped, 320 - TLS_QUEUE_MAX / SIZE);
	assert_true(q.bytes <= TLS_QUEUE_MAX);
	for (int n; (n = take(&q, 0, &marked)) >= 0;)
		got[n]++;
	bulk = got[3];
	assert_int_equal(got[0], 80);
	assert_int_equal(got[1], 80);
	assert_int_equal(got[2], 80);
	assert_int_equal(bulk, 80 - dropped);
}

static void
drops_itself_where_all_else_is_more_urgent(void **state)
{
	struct tls_queue q = {0};
	(void)state;
	while (q.bytes + SIZE <= TLS_QUEUE_MAX)
		put(&q, 0, 0, 0);
	assert_int_equal(put(&q, 3, 9, 0), 1);
	assert_null(q.of[3].first);
	tls_queue_finish(&q);
	assert_int_equal(q.bytes, 0);
}

/* A leg of 1 Mbit/s: 200 ms of it are 25 KB. */
static void
is_as_long_as_its_rate_allows(void **state)
{
	struct tls_queue q = {0};
	bool marked;
	uint64_t now = 0;
	(void)state;
	for (unsigned i = 0; i < 2000; i++, now += 8 * RD_NS_PER_MS) {
		put(&q, 2, 0, now);
		put(&q, 2, 0, now);
		take(&q, now, &marked);
	}
	assert_in_range(q.bytes, 20000, 30000);
	tls_queue_finish(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_order_of_all_classes),
		cmocka_unit_test(marks_what_has_waited),
		cmocka_unit_test(drops_the_least_urgent_first),
		cmocka_unit_test(drops_itself_where_all_else_is_more_urgent),
		cmocka_unit_test(is_as_long_as_its_rate_allows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
