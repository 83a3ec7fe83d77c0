/*
 * The jitter buffer on a virtual clock: what comes late, twice, in another order
 * or not at all, clocks that run differently, pictures that take longer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "codec/jitter.h"

#define MS ((int64_t)RD_NS_PER_MS)
#define DEVICE_NS (20 * MS)
#define PIECES_MAX 40000

/* A way on which piece i is sent at sent(i), takes delay(i), and is played every 10 ms. */
struct way {
	double rate;		/* pieces of the source in 10 ms of ours */
	int (*delay_ms)(unsigned i);	/* -1: lost */
	int copies;
	uint64_t zero_ns;	/* of the stream, by our clock */
};

/* What the player saw. */
struct seen {
	unsigned pieces, lost, drawn, waits, overs;
	int64_t lag_ns;		/* of the last piece */
	int64_t most_ns, least_ns; /* of the second half */
	uint32_t newest;
	bool in_order;
};

static void
send(struct rd_jitter *j, uint32_t i, uint64_t time_ns, uint64_t now_ns, uint8_t flags)
{
	const uint8_t body[] = {1, 2, 3};
	const struct rd_sound_msg m = {.number = i, .flags = flags, .channels = 2, .data = body,
		.len = sizeof(body)};
	rd_jitter_put(j, &m, RD_MSG_OPUS, time_ns, now_ns);
}

/* All pieces that arrive in this millisecond, the newest first where several do. */
static void
arrive(struct rd_jitter *j, const struct way *w, unsigned n, uint64_t now_ns, uint8_t last)
{
	unsigned newest = (unsigned)((double)(now_ns - w->zero_ns) / 1e7 * w->rate) + 2;
	unsigned oldest = newest > 120 ? newest - 120 : 0;
	for (unsigned i = newest < n ? newest : n; i-- > oldest;) {
		int delay = w->delay_ms(i);
		uint64_t at = w->zero_ns + (uint64_t)(i * 1e7 / w->rate) + (uint64_t)(delay * MS);
		if (delay < 0 || at / RD_NS_PER_MS != now_ns / RD_NS_PER_MS)
			continue;
		for (int c = 0; c < w->copies; c++)
			send(j, i, i * RD_SOUND_PIECE_NS, now_ns, i + 1 == n ? last : 0);
	}
}

static struct seen
run(struct rd_jitter *j, const struct way *w, unsigned n, uint8_t last)
{
	struct seen seen = {.in_order = true, .least_ns = INT64_MAX, .most_ns = INT64_MIN};
	double owed = 0;	/* samples that the device is ahead of what we gave it */
	for (uint64_t ms = 0; ms < (uint64_t)n * 10 + 1000; ms++) {
		uint64_t now = w->zero_ns + ms * RD_NS_PER_MS;
		arrive(j, w, n, now, last);
		for (owed += 48; owed > 0;) {
			struct rd_jitter_turn t;
			rd_jitter_take(j, now, DEVICE_NS, &t);
			owed -= RD_SOUND_PIECE - t.faster;
			seen.waits += t.what == RD_JITTER_WAIT;
			seen.drawn += t.what == RD_JITTER_DRAW;
			seen.lost += t.what == RD_JITTER_LOST;
			seen.overs += t.what == RD_JITTER_OVER;
			if (t.what != RD_JITTER_PIECE)
				continue;
			uint32_t number = (uint32_t)(t.slot->time_ns / RD_SOUND_PIECE_NS);
			seen.in_order &= seen.pieces == 0 || number > seen.newest;
			seen.newest = number;
			seen.pieces++;
			seen.lag_ns = (int64_t)(now + DEVICE_NS - t.slot->time_ns - w->zero_ns);
			if (seen.pieces <= n / 2)
				continue;
			seen.most_ns = seen.lag_ns > seen.most_ns ? seen.lag_ns : seen.most_ns;
			seen.least_ns = seen.lag_ns < seen.least_ns ? seen.lag_ns : seen.least_ns;
		}
	}
	return seen;
}

static struct seen
over(const struct way *w, unsigned n)
{
	struct rd_jitter *j = calloc(1, sizeof(*j));
	struct seen seen = run(j, w, n, RD_SOUND_REST);
	rd_jitter_finish(j);
	free(j);
	return seen;
}

/* A number that looks like chance and is always the same. */
static unsigned
dice(unsigned i, unsigned sides)
{
	uint32_t x = i * 2654435761u + 12345;
	x ^= x >> 15;
	x *= 2246822519u;
	x ^= x >> 13;
	return x % sides;
}

static int
steady(unsigned i)
{
	(void)i;
	return 5;
}

static void
a_steady_way_costs_little(void **state)
{
	(void)state;
	struct seen s = over(&(struct way){1, steady, 1, 1000 * RD_NS_PER_S}, 3000);
	assert_int_equal(s.pieces, 3000);
	assert_int_equal(s.lost + s.drawn, 0);
	assert_true(s.in_order);
	/* The way and the device take 25 ms of it. */
	assert_true(s.most_ns <= 25 * MS + 12 * MS);
	/* A rest was told: nothing sounds on. */
	assert_true(s.overs > 50);
}

static int
shaky(unsigned i)
{
	return 5 + (int)dice(i, 31);
}

static void
a_shaky_way_is_waited_for(void **state)
{
	(void)state;
	struct seen s = over(&(struct way){1, shaky, 1, 7}, 6000);
	assert_true(s.in_order);
	/* 3 % may be late once the way is known. */
	assert_true(s.lost + s.drawn < 6000 * 4 / 100);
	assert_true(s.pieces > 6000 * 96 / 100);
	assert_true(s.most_ns <= (5 + 30 + 20 + 15) * MS);
}

static int
shaky_first(unsigned i)
{
	return i < 1000 ? shaky(i) : steady(i);
}

static void
a_way_that_gets_better_is_followed(void **state)
{
	(void)state;
	struct seen s = over(&(struct way){1, shaky_first, 1, 0}, 8000);
	assert_true(s.lag_ns <= 25 * MS + 12 * MS);
}

static int
lossy(unsigned i)
{
	return dice(i, 10) ? 5 : -1;
}

static void
what_is_lost_is_said_once(void **state)
{
	(void)state;
	unsigned gone = 0;
	for (unsigned i = 0; i < 3000; i++)
		gone += lossy(i) < 0;
	struct seen s = over(&(struct way){1, lossy, 1, 0}, 3000);
	assert_int_equal(s.pieces, 3000 - gone);
	assert_true(s.in_order);
	/* Of each either the next one told, or the sound was drawn out until that was there. */
	assert_true(s.lost + s.drawn >= gone - 5 && s.lost + s.drawn <= gone + gone / 10 + 25);
	assert_true(s.most_ns <= 25 * MS + 24 * MS);
}

static void
copies_change_nothing(void **state)
{
	(void)state;
	struct seen s = over(&(struct way){1, steady, 3, 0}, 1000);
	assert_int_equal(s.pieces, 1000);
	assert_int_equal(s.lost + s.drawn, 0);
}

/* Every second piece overtakes the one before it. */
static int
swapped(unsigned i)
{
	return i % 2 ? 5 : 18;
}

static void
order_is_restored(void **state)
{
	(void)state;
	struct seen s = over(&(struct way){1, swapped, 1, 0}, 2000);
	assert_true(s.in_order);
	assert_true(s.lost + s.drawn <= 10);
	assert_true(s.pieces >= 1990);
}

/* Clocks that differ by half a thousandth: ten times what quartz does. */
static void
clocks_that_drift_are_followed(void **state)
{
	(void)state;
	static const double rates[] = {1.0005, 0.9995};
	for (int i = 0; i < 2; i++) {
		struct seen s = over(&(struct way){rates[i], steady, 1, 0}, 30000);
		assert_int_equal(s.lost, 0);
		assert_true(s.drawn <= 2);
		assert_int_equal(s.pieces, 30000);
	}
}

static int
with_a_stall(unsigned i)
{
	/* For 300 ms nothing comes, and then all of it. */
	return i >= 500 && i < 530 ? 5 + (int)(530 - i) * 10 : 5;
}

static void
a_stall_is_made_good(void **state)
{
	(void)state;
	struct seen s = over(&(struct way){1, with_a_stall, 1, 0}, 4000);
	assert_true(s.in_order);
	/* Thirty seconds later the sound is as near as before. */
	assert_true(s.lag_ns <= 25 * MS + 15 * MS);
}

static void
a_rest_ends_and_a_first_begins(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	struct rd_jitter_turn t;
	send(j, 1, 0, 0, RD_SOUND_FIRST | RD_SOUND_REST);
	rd_jitter_take(j, 60 * RD_NS_PER_MS, 0, &t);
	assert_int_equal(t.what, RD_JITTER_PIECE);
	rd_jitter_take(j, 70 * RD_NS_PER_MS, 0, &t);
	assert_int_equal(t.what, RD_JITTER_OVER);
	/* An hour later, and a clock that has drifted by a second meanwhile. */
	uint64_t later = 3600 * RD_NS_PER_S;
	send(j, 2, later - RD_NS_PER_S, later, RD_SOUND_FIRST);
	rd_jitter_take(j, later, 0, &t);
	assert_int_equal(t.what, RD_JITTER_WAIT);
	rd_jitter_take(j, later + 20 * RD_NS_PER_MS, 0, &t);
	assert_int_equal(t.what, RD_JITTER_PIECE);
	rd_jitter_finish(j);
	free(j);
}

static void
silence_that_was_not_told_ends_too(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	struct rd_jitter_turn t = {.what = RD_JITTER_WAIT};
	send(j, 9, 0, 0, RD_SOUND_FIRST);
	unsigned turns = 0;
	for (uint64_t now = 30 * RD_NS_PER_MS; t.what != RD_JITTER_OVER; now += RD_SOUND_PIECE_NS) {
		rd_jitter_take(j, now, 0, &t);
		assert_true(turns++ < 30);
	}
	rd_jitter_finish(j);
	free(j);
}

static void
sound_waits_for_slow_pictures(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	for (int i = 0; i < 100; i++) {
		uint64_t time = (uint64_t)i * RD_SOUND_PIECE_NS;
		send(j, (uint32_t)i, time, time + 5 * RD_NS_PER_MS, 0);
		rd_jitter_picture(j, time, time + 200 * RD_NS_PER_MS);
	}
	int64_t wanted = rd_jitter_wanted_ns(j);
	assert_true(wanted <= 200 * MS && wanted >= 200 * MS - 40 * MS);
	/* … but not for ever. */
	for (int i = 0; i < 1000; i++)
		rd_jitter_picture(j, 0, 60 * RD_NS_PER_S);
	assert_true(rd_jitter_wanted_ns(j) <= 600 * MS);
	rd_jitter_finish(j);
	free(j);
}

/* Of a recording all of a second is read at once, and played when its picture is. */
static void
a_recording_is_played_at_its_time(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	struct rd_jitter_turn t;
	uint64_t zero = 50 * RD_NS_PER_S;
	rd_jitter_pace(j, zero);
	for (uint32_t i = 0; i < 100; i++)
		send(j, i, i * RD_SOUND_PIECE_NS, zero, 0);
	unsigned played = 0;
	for (uint64_t now = zero - DEVICE_NS; played < 100; now += RD_NS_PER_MS * 10) {
		rd_jitter_take(j, now, DEVICE_NS, &t);
		if (t.what == RD_JITTER_WAIT) {
			assert_int_equal(played, 0);
			continue;
		}
		assert_int_equal(t.what, RD_JITTER_PIECE);
		int64_t lag = (int64_t)(now + DEVICE_NS - zero - t.slot->time_ns);
		assert_true(lag >= -1 * MS && lag <= 40 * MS);
		played++;
	}
	rd_jitter_finish(j);
	free(j);
}

static void
numbers_may_wrap_and_jump(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	struct rd_jitter_turn t;
	uint64_t now = RD_NS_PER_S;
	static const uint32_t from[] = {UINT32_MAX - 2, 77, 1u << 31, 5};
	for (unsigned k = 0; k < 4; k++) {
		for (uint32_t i = 0; i < 6; i++)
			send(j, from[k] + i, now + i * RD_SOUND_PIECE_NS, now, 0);
		unsigned pieces = 0;
		for (int i = 0; i < 12; i++) {
			now += RD_SOUND_PIECE_NS;
			rd_jitter_take(j, now, 0, &t);
			pieces += t.what == RD_JITTER_PIECE;
		}
		assert_int_equal(pieces, 6);
		now += RD_NS_PER_S;
	}
	rd_jitter_finish(j);
	free(j);
}

/* The host's program was started anew: it counts from 1, and its times go on. */
static void
a_source_that_begins_anew_is_heard(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	struct rd_jitter_turn t;
	uint64_t now = RD_NS_PER_S;
	for (uint32_t i = 0; i < 300; i++, now += RD_SOUND_PIECE_NS) {
		send(j, 1 + i % 200, now, now, 0);
		rd_jitter_take(j, now, 0, &t);
	}
	assert_int_equal(t.what, RD_JITTER_PIECE);
	assert_true(j->count.played > 280);
	assert_int_equal(j->count.late, 0);
	rd_jitter_finish(j);
	free(j);
}

/* Nobody takes anything for a long time: memory is bounded, and then the newest counts. */
static void
what_nobody_takes_is_dropped(void **state)
{
	(void)state;
	struct rd_jitter *j = calloc(1, sizeof(*j));
	for (uint32_t i = 0; i < PIECES_MAX; i++)
		send(j, i, i * RD_SOUND_PIECE_NS, i * RD_SOUND_PIECE_NS, 0);
	assert_true(rd_jitter_depth(j) <= RD_JITTER_SLOTS);
	rd_jitter_finish(j);
	free(j);
}

/* As far off as numbers go, in any order: what is kept of the way stays in its place. */
static void
a_peer_may_name_any_time(void **state)
{
	static const uint64_t times[] = {0, UINT64_MAX, UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1,
		UINT64_C(1) << 62, 3};
	struct rd_jitter_turn t;
	(void)state;
	for (unsigned a = 0; a < 6; a++)
		for (unsigned b = 0; b < 6; b++) {
			struct rd_jitter *j = calloc(1, sizeof(*j));
			uint64_t now = 5 * RD_NS_PER_S;
			send(j, 1, now + times[a], now, RD_SOUND_FIRST);
			send(j, 2, now + times[b], now, 0);
			rd_jitter_picture(j, times[b], now);
			for (unsigned i = 0; i < 50; i++)
				rd_jitter_take(j, now + i * RD_SOUND_PIECE_NS, DEVICE_NS, &t);
			double sum = 0;
			for (unsigned i = 0; i < RD_JITTER_BINS; i++) {
				assert_true(j->bins[i] >= 0);
				sum += j->bins[i];
			}
			assert_true(sum < 1);
			rd_jitter_finish(j);
			free(j);
		}
}

/* Of a recording two sounds are read ahead, with a rest between them: both are heard. */
static void
the_next_sound_waits_behind_a_rest(void **state)
{
	struct rd_jitter *j = calloc(1, sizeof(*j));
	const uint64_t zero = RD_NS_PER_S;
	unsigned pieces = 0, waits = 0;
	struct rd_jitter_turn t;
	(void)state;
	rd_jitter_pace(j, zero);
	for (uint32_t i = 0; i < 20; i++)
		send(j, i, (i + (i < 10 ? 0 : 100)) * RD_SOUND_PIECE_NS, zero,
			(i % 10 == 0 ? RD_SOUND_FIRST : 0) | (i % 10 == 9 ? RD_SOUND_REST : 0));
	for (unsigned i = 0; i < 200; i++) {
		rd_jitter_take(j, zero + i * RD_SOUND_PIECE_NS, DEVICE_NS, &t);
		pieces += t.what == RD_JITTER_PIECE;
		waits += t.what == RD_JITTER_WAIT;
	}
	assert_int_equal(pieces, 20);
	assert_in_range(waits, 80, 110);
	assert_int_equal(rd_jitter_depth(j), 0);
	rd_jitter_finish(j);
	free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_steady_way_costs_little),
		cmocka_unit_test(a_shaky_way_is_waited_for),
		cmocka_unit_test(a_way_that_gets_better_is_followed),
		cmocka_unit_test(what_is_lost_is_said_once),
		cmocka_unit_test(copies_change_nothing),
		cmocka_unit_test(order_is_restored),
		cmocka_unit_test(clocks_that_drift_are_followed),
		cmocka_unit_test(a_stall_is_made_good),
		cmocka_unit_test(a_rest_ends_and_a_first_begins),
		cmocka_unit_test(silence_that_was_not_told_ends_too),
		cmocka_unit_test(sound_waits_for_slow_pictures),
		cmocka_unit_test(a_recording_is_played_at_its_time),
		cmocka_unit_test(numbers_may_wrap_and_jump),
		cmocka_unit_test(a_source_that_begins_anew_is_heard),
		cmocka_unit_test(what_nobody_takes_is_dropped),
		cmocka_unit_test(a_peer_may_name_any_time),
		cmocka_unit_test(the_next_sound_waits_behind_a_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
