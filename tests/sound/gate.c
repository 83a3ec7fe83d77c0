/* Which pieces are sent, and which times they have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sound/gate.h"
#include "sound/regular.h"

static const int16_t silence[RD_SOUND_SAMPLES];
static const int16_t loud[RD_SOUND_SAMPLES] = {[7] = 100};

static void
silence_before_sound_is_not_sent(void **state)
{
	struct rd_gate g = {0};
	struct rd_sound_msg m;
	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_false(rd_gate_piece(&g, silence, 2, &m));
	assert_false(rd_gate_close(&g, 2, &m));
	assert_true(rd_gate_piece(&g, loud, 2, &m));
	assert_int_equal(m.flags, RD_SOUND_FIRST);
	assert_int_equal(m.number, 1);
	assert_true(rd_gate_piece(&g, loud, 2, &m));
	assert_int_equal(m.flags, 0);
	assert_int_equal(m.number, 2);
}

static void
a_while_of_silence_is_and_ends_with_a_rest(void **state)
{
	struct rd_gate g = {0};
	struct rd_sound_msg m;
	unsigned sent = 0, rests = 0;
	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_true(rd_gate_piece(&g, loud, 2, &m));
		assert_int_equal(m.flags, RD_SOUND_FIRST);
		for (int i = 0; i < 500; i++)
			if (rd_gate_piece(&g, silence, 2, &m)) {
				sent++;
				rests += m.flags == RD_SOUND_REST;
			}
	}
	assert_int_equal(sent, 3 * RD_GATE_HANG);
	assert_int_equal(rests, 3);
	/* No number is left out: none was lost. */
	assert_int_equal(g.number, 3 * (1 + RD_GATE_HANG));
}

static void
what_is_cut_off_is_said_to_rest(void **state)
{
	struct rd_gate g = {0};
	struct rd_sound_msg m;
	(void)state;
	rd_gate_piece(&g, loud, 1, &m);
	assert_true(rd_gate_close(&g, 1, &m));
	assert_int_equal(m.flags, RD_SOUND_REST);
	assert_int_equal(m.channels, 1);
	assert_false(rd_gate_close(&g, 1, &m));
}

/* A microphone is never digitally silent; what is no louder than its floor is silence. */
static void
a_quiet_room_is_silence(void **state)
{
	static const int16_t hum[RD_SOUND_PIECE] = {[3] = RD_GATE_FLOOR_VOICE, [9] = -RD_GATE_FLOOR_VOICE};
	static const int16_t word[RD_SOUND_PIECE] = {[3] = -RD_GATE_FLOOR_VOICE - 1};
	struct rd_gate g = {.floor = RD_GATE_FLOOR_VOICE};
	struct rd_sound_msg m;
	unsigned sent = 0;
	(void)state;
	assert_false(rd_gate_piece(&g, hum, 1, &m));
	assert_true(rd_gate_piece(&g, word, 1, &m));
	for (int i = 0; i < 500; i++)
		sent += rd_gate_piece(&g, hum, 1, &m);
	assert_int_equal(sent, RD_GATE_HANG);
}

/* Only the first channel counts where there is only one. */
static void
only_what_there_is_counts(void **state)
{
	static const int16_t beyond[RD_SOUND_SAMPLES] = {[RD_SOUND_PIECE] = 1};
	struct rd_gate g = {0};
	struct rd_sound_msg m;
	(void)state;
	assert_false(rd_gate_piece(&g, beyond, 1, &m));
	assert_true(rd_gate_piece(&g, beyond, 2, &m));
}

static void
times_are_regular_and_follow(void **state)
{
	struct regular r = {0};
	uint64_t last = 0, at = 0;
	bool jumped;
	(void)state;
	/* Guesses that tremble by 5 ms, of a clock that is 0.1 % slower. */
	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t real = 1000000000 + i * 10010000, guess = real + (i % 2 ? 5000000 : 0);
		at = regular_time(&r, guess, &jumped);
		assert_true(jumped == (i == 0));
		if (i > 0)
			assert_true(at - last > 9800000 && at - last < 10200000);
		if (i > 1000)
			assert_true(at + 6000000 > real && at < real + 11000000);
		last = at;
	}
	/* A second was left out. */
	at = regular_time(&r, last + 1000000000, &jumped);
	assert_true(jumped);
	assert_true(at == last + 1000000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_before_sound_is_not_sent),
		cmocka_unit_test(a_while_of_silence_is_and_ends_with_a_rest),
		cmocka_unit_test(what_is_cut_off_is_said_to_rest),
		cmocka_unit_test(a_quiet_room_is_silence),
		cmocka_unit_test(only_what_there_is_counts),
		cmocka_unit_test(times_are_regular_and_follow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
