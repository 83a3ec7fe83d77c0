#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "desktop/held.h"

#define MAX 16

struct fixture {
	struct rd_held *h;
	struct rd_held_change out[MAX];
	int n;
	uint64_t now;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->h = rd_held_new();
	f->now = 1000;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	rd_held_free(f->h);
	free(f);
	return 0;
}

static void
key(struct fixture *f, uint8_t peer, uint16_t code, bool down)
{
	struct rd_input in = {.kind = RD_INPUT_KEY, .code = code, .down = down};

	f->n = rd_held_input(f->h, peer, &in, f->now, f->out, MAX);
}

static void
button(struct fixture *f, uint8_t peer, uint16_t code, bool down)
{
	struct rd_input in = {.kind = RD_INPUT_BUTTON, .code = code, .down = down};

	f->n = rd_held_input(f->h, peer, &in, f->now, f->out, MAX);
}

static void
held(struct fixture *f, uint8_t peer, const uint16_t *codes, int n, uint8_t buttons)
{
	struct rd_input in = {
		.kind = RD_INPUT_HELD,
		.held_count = (uint8_t)n,
		.buttons = buttons,
	};

	for (int i = 0; i < n; i++)
		in.held[i] = codes[i];
	f->n = rd_held_input(f->h, peer, &in, f->now, f->out, MAX);
}

static void
expire(struct fixture *f)
{
	f->n = rd_held_expire(f->h, f->now, f->out, MAX);
}

static void
expect_one(const struct fixture *f, bool is_button, uint16_t code, bool down)
{
	assert_int_equal(f->n, 1);
	assert_int_equal(f->out[0].button, is_button);
	assert_int_equal(f->out[0].code, code);
	assert_int_equal(f->out[0].down, down);
}

static void
goes_down_and_up(void **state)
{
	struct fixture *f = *state;

	for (uint16_t code = 1; code < 768; code++) {
		key(f, 0, code, true);
		expect_one(f, false, code, true);
		key(f, 0, code, false);
		expect_one(f, false, code, false);
	}
	for (uint16_t code = 0; code < RD_BUTTON_COUNT; code++) {
		button(f, 255, code, true);
		expect_one(f, true, code, true);
		button(f, 255, code, false);
		expect_one(f, true, code, false);
	}
	assert_true(rd_held_due(f->h) == UINT64_MAX);
}

static void
ignores_repeats(void **state)
{
	struct fixture *f = *state;

	key(f, 0, 30, false);
	assert_int_equal(f->n, 0);
	key(f, 0, 30, true);
	key(f, 0, 30, true);
	assert_int_equal(f->n, 0);
	key(f, 0, 30, false);
	key(f, 0, 30, false);
	assert_int_equal(f->n, 0);
}

static void
ignores_what_is_no_key(void **state)
{
	struct fixture *f = *state;
	static const uint16_t none[] = {0, 768, 1000, UINT16_MAX};

	for (int i = 0; i < 4; i++) {
		key(f, 0, none[i], true);
		assert_int_equal(f->n, 0);
	}
	button(f, 0, RD_BUTTON_COUNT, true);
	assert_int_equal(f->n, 0);
	button(f, 0, UINT16_MAX, true);
	assert_int_equal(f->n, 0);
	held(f, 0, none, 4, 0xff);
	assert_int_equal(f->n, 0);
	assert_true(rd_held_due(f->h) == UINT64_MAX);
}

static void
keeps_keys_and_buttons_apart(void **state)
{
	struct fixture *f = *state;

	key(f, 0, 2, true);
	button(f, 0, 2, true);
	expect_one(f, true, 2, true);
	key(f, 0, 2, false);
	expect_one(f, false, 2, false);
	button(f, 0, 2, false);
	expect_one(f, true, 2, false);
}

static void
goes_up_with_the_last_of_two_peers(void **state)
{
	struct fixture *f = *state;

	key(f, 1, 30, true);
	expect_one(f, false, 30, true);
	key(f, 2, 30, true);
	assert_int_equal(f->n, 0);
	key(f, 1, 30, false);
	assert_int_equal(f->n, 0);
	key(f, 3, 30, false);
	assert_int_equal(f->n, 0);
	key(f, 2, 30, false);
	expect_one(f, false, 30, false);
}

static void
lets_go_after_silence(void **state)
{
	struct fixture *f = *state;
	uint64_t start = f->now;

	assert_true(rd_held_due(f->h) == UINT64_MAX);
	key(f, 0, 42, true);
	assert_true(rd_held_due(f->h) == start + RD_INPUT_RELEASE_NS);
	f->now = start + RD_INPUT_RELEASE_NS - 1;
	expire(f);
	assert_int_equal(f->n, 0);
	f->now++;
	expire(f);
	expect_one(f, false, 42, false);
	assert_true(rd_held_due(f->h) == UINT64_MAX);
	expire(f);
	assert_int_equal(f->n, 0);
}

static void
hears_every_kind_of_input(void **state)
{
	struct fixture *f = *state;
	static const enum rd_input_kind kinds[] = {RD_INPUT_KEY, RD_INPUT_TEXT, RD_INPUT_POINTER,
		RD_INPUT_MOTION, RD_INPUT_WHEEL};

	key(f, 7, 42, true);
	for (int i = 0; i < 5; i++) {
		struct rd_input in = {.kind = kinds[i]};

		f->now += RD_INPUT_RELEASE_NS - 1;
		assert_int_equal(rd_held_input(f->h, 7, &in, f->now, NULL, 0), 0);
		assert_true(rd_held_due(f->h) == f->now + RD_INPUT_RELEASE_NS);
	}
	/* Another peer's words do not count. */
	key(f, 8, 30, true);
	key(f, 8, 30, false);
	f->now += RD_INPUT_RELEASE_NS - 1;
	key(f, 8, 30, true);
	f->now++;
	expire(f);
	expect_one(f, false, 42, false);
}

static void
lets_go_of_the_silent_peer_only(void **state)
{
	struct fixture *f = *state;

	key(f, 1, 42, true);
	key(f, 2, 42, true);
	key(f, 1, 30, true);
	f->now += RD_INPUT_RELEASE_NS / 2;
	key(f, 2, 31, true);
	f->now += RD_INPUT_RELEASE_NS / 2;
	expire(f);
	expect_one(f, false, 30, false);
	f->now += RD_INPUT_RELEASE_NS / 2;
	expire(f);
	assert_int_equal(f->n, 2);
}

static void
heals_by_snapshot(void **state)
{
	struct fixture *f = *state;

	key(f, 0, 30, true);
	key(f, 0, 42, true);
	button(f, 0, RD_BUTTON_LEFT, true);
	button(f, 0, RD_BUTTON_EXTRA, true);
	held(f, 0, (uint16_t[]){42, 30}, 2, 1u << RD_BUTTON_LEFT | 1u << RD_BUTTON_EXTRA);
	assert_int_equal(f->n, 0);
	held(f, 0, (uint16_t[]){42}, 1, 1u << RD_BUTTON_LEFT | 1u << RD_BUTTON_EXTRA);
	expect_one(f, false, 30, false);
	held(f, 0, (uint16_t[]){42}, 1, 1u << RD_BUTTON_LEFT);
	expect_one(f, true, RD_BUTTON_EXTRA, false);
	/* What it names in vain is not pressed. */
	held(f, 0, (uint16_t[]){42, 16}, 2, 0xff);
	assert_int_equal(f->n, 0);
	held(f, 0, NULL, 0, 0);
	assert_int_equal(f->n, 2);
	assert_true(rd_held_due(f->h) == UINT64_MAX);
}

static void
a_snapshot_is_its_peers_alone(void **state)
{
	struct fixture *f = *state;

	key(f, 1, 30, true);
	held(f, 2, NULL, 0, 0);
	assert_int_equal(f->n, 0);
	key(f, 2, 30, true);
	held(f, 1, NULL, 0, 0);
	assert_int_equal(f->n, 0);
	held(f, 2, NULL, 0, 0);
	expect_one(f, false, 30, false);
}

static int
drain(struct fixture *f, int (*more)(struct fixture *f, struct rd_held_change *out, int max))
{
	bool up[768] = {false};
	int total = 0, n;

	do {
		n = more(f, f->out, 7);
		for (int i = 0; i < n; i++) {
			assert_false(f->out[i].down);
			assert_false(up[f->out[i].code]);
			up[f->out[i].code] = true;
		}
		total += n;
	} while (n == 7);
	return total;
}

static int
more_expired(struct fixture *f, struct rd_held_change *out, int max)
{
	return rd_held_expire(f->h, f->now, out, max);
}

static int
more_of_all(struct fixture *f, struct rd_held_change *out, int max)
{
	return rd_held_release_all(f->h, out, max);
}

static int
more_by_snapshot(struct fixture *f, struct rd_held_change *out, int max)
{
	struct rd_input in = {.kind = RD_INPUT_HELD};

	return rd_held_input(f->h, 1, &in, f->now, out, max);
}

static void
gives_many_changes_in_parts(void **state)
{
	struct fixture *f = *state;

	for (int round = 0; round < 3; round++) {
		for (uint16_t code = 1; code < 768; code++)
			key(f, 1, code, true);
		if (round == 0) {
			f->now += RD_INPUT_RELEASE_NS;
			assert_int_equal(drain(f, more_expired), 767);
		} else {
			assert_int_equal(drain(f, round == 1 ? more_of_all : more_by_snapshot), 767);
		}
		assert_true(rd_held_due(f->h) == UINT64_MAX);
	}
}

/* Against a model of four peers and eight keys that knows only who holds what. */
struct model {
	bool down[4][8];
	uint64_t heard[4];
};

static bool
model_holds(const struct model *m, int code)
{
	return m->down[0][code] || m->down[1][code] || m->down[2][code] || m->down[3][code];
}

static void
model_silence(struct model *m, uint64_t now)
{
	for (int p = 0; p < 4; p++) {
		if (m->heard[p] + RD_INPUT_RELEASE_NS <= now)
			memset(m->down[p], 0, sizeof(m->down[p]));
	}
}

static void
model_due(const struct model *m, const struct fixture *f)
{
	uint64_t due = UINT64_MAX;

	for (int p = 0; p < 4; p++) {
		for (int k = 0; k < 8; k++) {
			if (m->down[p][k] && m->heard[p] + RD_INPUT_RELEASE_NS < due)
				due = m->heard[p] + RD_INPUT_RELEASE_NS;
		}
	}
	assert_true(rd_held_due(f->h) == due);
}

static void
random_step(struct fixture *f, struct model *m)
{
	int peer = rand() % 4, code = rand() % 8, what = rand() % 8;
	uint16_t codes[8];
	int n = 0;

	f->now += (uint64_t)(rand() % 1000) * 1000 * 1000;
	if (what == 0) {
		model_silence(m, f->now);
		expire(f);
		return;
	}
	m->heard[peer] = f->now;
	if (what == 1) {
		for (int k = 0; k < 8; k++) {
			if (rand() % 2)
				codes[n++] = (uint16_t)(k + 1);
			else
				m->down[peer][k] = false;
		}
		held(f, (uint8_t)peer, codes, n, 0);
		return;
	}
	m->down[peer][code] = what < 5;
	key(f, (uint8_t)peer, (uint16_t)(code + 1), what < 5);
}

static void
agrees_with_a_model(void **state)
{
	struct fixture *f = *state;
	struct model m = {0};
	bool desktop[8] = {false};

	srand(1);
	for (int i = 0; i < 20000; i++) {
		random_step(f, &m);
		for (int c = 0; c < f->n; c++) {
			assert_int_not_equal(desktop[f->out[c].code - 1], f->out[c].down);
			desktop[f->out[c].code - 1] = f->out[c].down;
		}
		for (int k = 0; k < 8; k++)
			assert_int_equal(desktop[k], model_holds(&m, k));
		model_due(&m, f);
	}
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(goes_down_and_up),
		TEST(ignores_repeats),
		TEST(ignores_what_is_no_key),
		TEST(keeps_keys_and_buttons_apart),
		TEST(goes_up_with_the_last_of_two_peers),
		TEST(lets_go_after_silence),
		TEST(hears_every_kind_of_input),
		TEST(lets_go_of_the_silent_peer_only),
		TEST(heals_by_snapshot),
		TEST(a_snapshot_is_its_peers_alone),
		TEST(gives_many_changes_in_parts),
		TEST(agrees_with_a_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
