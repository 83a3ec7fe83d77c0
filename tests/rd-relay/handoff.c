#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "rd-relay/handoff.h"

#define MANY 20000

static size_t
len_of(unsigned i)
{
	return 1 + i * 37 % 1500;
}

static void
gives_what_it_was_given(void **state)
{
	struct handoff h;
	struct handed what;
	uint8_t data[2048], out[2048];
	(void)state;
	assert_int_equal(handoff_open(&h, -1), 0);
	/* Round the ring several times, a few at once. */
	for (unsigned i = 0; i < MANY; i++) {
		memset(data, (int)i, sizeof(data));
		assert_true(handoff_put(&h, i, data, len_of(i), i));
		if (i < 3)
			continue;
		assert_true(handoff_take(&h, &what, out, sizeof(out)));
		assert_int_equal(what.carrier, i - 3);
		assert_int_equal(what.len, len_of(i - 3));
		assert_int_equal(what.now_ns, i - 3);
		assert_int_equal(out[what.len - 1], (uint8_t)(i - 3));
	}
	handoff_close(&h);
}

static void
refuses_when_it_is_full(void **state)
{
	struct handoff h;
	struct handed what;
	uint8_t data[1000] = {0};
	unsigned n = 0;
	(void)state;
	assert_int_equal(handoff_open(&h, -1), 0);
	while (handoff_put(&h, n, data, sizeof(data), 0))
		n++;
	assert_in_range(n, 900, HANDOFF_SIZE / 1000);
	assert_true(handoff_take(&h, &what, data, sizeof(data)));
	assert_true(handoff_put(&h, n, data, sizeof(data), 0));
	handoff_close(&h);
}

static void
passes_over_what_is_too_long_to_take(void **state)
{
	struct handoff h;
	struct handed what;
	uint8_t data[100] = {7};
	(void)state;
	assert_int_equal(handoff_open(&h, -1), 0);
	handoff_put(&h, 1, data, 100, 0);
	handoff_put(&h, 2, data, 50, 0);
	assert_true(handoff_take(&h, &what, data, 60));
	assert_int_equal(what.len, 0);
	assert_true(handoff_take(&h, &what, data, 60));
	assert_int_equal(what.carrier, 2);
	assert_false(handoff_take(&h, &what, data, 60));
	handoff_close(&h);
}

static void *
write_many(void *ctx)
{
	struct handoff *h = ctx;
	uint8_t data[1500];
	for (unsigned i = 0; i < MANY; i++) {
		memset(data, (int)i, sizeof(data));
		while (!handoff_put(h, i, data, len_of(i), 0))
			sched_yield();
		handoff_poke(h);
	}
	return NULL;
}

static void
passes_from_thread_to_thread(void **state)
{
	struct handoff h;
	struct handed what;
	pthread_t thread;
	uint8_t out[2048];
	uint64_t pokes = 0;
	int wake = eventfd(0, EFD_NONBLOCK);
	(void)state;
	assert_int_equal(handoff_open(&h, wake), 0);
	assert_int_equal(pthread_create(&thread, NULL, write_many, &h), 0);
	for (unsigned i = 0; i < MANY;) {
		if (!handoff_take(&h, &what, out, sizeof(out))) {
			sched_yield();
			continue;
		}
		assert_int_equal(what.carrier, i);
		assert_int_equal(what.len, len_of(i));
		assert_int_equal(out[0], (uint8_t)i);
		i++;
	}
	pthread_join(thread, NULL);
	assert_int_equal(read(wake, &pokes, sizeof(pokes)), sizeof(pokes));
	assert_int_equal(pokes, MANY);
	handoff_close(&h);
	close(wake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_it_was_given),
		cmocka_unit_test(refuses_when_it_is_full),
		cmocka_unit_test(passes_over_what_is_too_long_to_take),
		cmocka_unit_test(passes_from_thread_to_thread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
