#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "desktop/inject.h"

/* A desktop that writes down what is done to it. */
#define NOTES 1024

struct desktop {
	struct rd_inject base;
	struct rd_input note[NOTES];
	int n;
	int error;	/* what input returns next, once */
	bool *closed;
	struct rd_loop *stop_at_up;
};

static int
fake_open(struct rd_inject **out, struct rd_loop *loop, const char *display, char **why)
{
	struct desktop *d;

	(void)loop;
	if (display) {
		*why = xstrdup("no such desktop");
		return -ENXIO;
	}
	d = xcalloc(1, sizeof(*d));
	*out = &d->base;
	return 0;
}

static int
fake_input(struct rd_inject *i, const struct rd_input *in)
{
	struct desktop *d = (struct desktop *)i;
	int err = d->error;

	assert_true(d->n < NOTES);
	d->note[d->n++] = *in;
	d->error = 0;
	if (d->stop_at_up && !in->down)
		rd_loop_stop(d->stop_at_up, 0);
	return err;
}

static void
fake_close(struct rd_inject *i)
{
	struct desktop *d = (struct desktop *)i;

	if (d->closed) {
		*d->closed = true;
		for (int k = 0; k < d->n; k++)
			assert_false(d->note[k].down);
	}
	free(d);
}

static const struct rd_inject_ops fake = {
	.name = "fake",
	.open = fake_open,
	.input = fake_input,
	.close = fake_close,
};

struct fixture {
	struct rd_loop *loop;
	struct rd_inject *inject;
	struct desktop *d;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char *why = NULL;

	f->loop = rd_loop_new();
	if (rd_inject_open(&f->inject, &fake, f->loop, NULL, &why) != 0)
		return -1;
	f->d = (struct desktop *)f->inject;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	rd_inject_close(f->inject);
	rd_loop_free(f->loop);
	free(f);
	return 0;
}

static int
key(struct fixture *f, uint8_t peer, uint16_t code, bool down)
{
	struct rd_input in = {.kind = RD_INPUT_KEY, .code = code, .keysym = 'a', .down = down};

	return rd_inject_input(f->inject, peer, &in);
}

static void
point(struct fixture *f, int32_t x, int32_t y)
{
	struct rd_input in = {.kind = RD_INPUT_POINTER, .x = x, .y = y};

	assert_int_equal(rd_inject_input(f->inject, 0, &in), 0);
}

static const struct rd_input *
last(const struct fixture *f)
{
	assert_true(f->d->n > 0);
	return &f->d->note[f->d->n - 1];
}

static void
passes_on_what_changes(void **state)
{
	struct fixture *f = *state;

	key(f, 0, 30, true);
	assert_int_equal(last(f)->keysym, 'a');
	assert_true(last(f)->down);
	key(f, 0, 30, true);
	key(f, 1, 30, true);
	key(f, 0, 30, false);
	assert_int_equal(f->d->n, 1);
	key(f, 1, 30, false);
	assert_int_equal(f->d->n, 2);
	assert_int_equal(last(f)->code, 30);
	assert_false(last(f)->down);
	assert_int_equal(last(f)->keysym, 0);
}

static void
keys_without_a_code_come_once(void **state)
{
	struct fixture *f = *state;

	key(f, 0, 0, true);
	key(f, 0, 0, true);
	key(f, 0, 0, false);
	assert_int_equal(f->d->n, 2);
	assert_true(last(f)->down);
}

static void
keeps_the_pointer_in_its_area(void **state)
{
	struct fixture *f = *state;

	point(f, -5, 70000);
	assert_int_equal(last(f)->x, -5);
	assert_int_equal(last(f)->y, 70000);
	rd_inject_area(f->inject, (struct rd_rect){100, 200, 30, 40});
	point(f, 0, 39);
	assert_int_equal(last(f)->x, 100);
	assert_int_equal(last(f)->y, 239);
	point(f, INT32_MAX, INT32_MIN);
	assert_int_equal(last(f)->x, 129);
	assert_int_equal(last(f)->y, 200);
	point(f, INT32_MIN, INT32_MAX);
	assert_int_equal(last(f)->x, 100);
	assert_int_equal(last(f)->y, 239);
}

/*
 * What was held when the picture went away is let go, and locks are set, which the viewer
 * takes to be so; nothing else is done.
 */
static void
does_nothing_blindly(void **state)
{
	struct fixture *f = *state;
	const struct rd_input deeds[] = {
		{.kind = RD_INPUT_KEY, .code = 31, .keysym = 'b', .down = true},
		{.kind = RD_INPUT_KEY, .keysym = 'b', .down = true},
		{.kind = RD_INPUT_BUTTON, .code = 1, .down = true},
		{.kind = RD_INPUT_TEXT, .text = "x", .text_len = 1},
		{.kind = RD_INPUT_MOTION, .x = 1},
		{.kind = RD_INPUT_WHEEL, .y = 120},
	};
	const struct rd_input locks = {.kind = RD_INPUT_LOCKS, .locks = {RD_LOCK_CAPS, RD_LOCK_CAPS}};

	key(f, 0, 30, true);
	rd_inject_blind(f->inject, true);
	for (size_t i = 0; i < sizeof(deeds) / sizeof(*deeds); i++)
		assert_int_equal(rd_inject_input(f->inject, 0, &deeds[i]), 0);
	point(f, 5, 5);
	assert_int_equal(f->d->n, 1);
	key(f, 0, 30, false);
	assert_int_equal(f->d->n, 2);
	assert_false(last(f)->down);
	assert_int_equal(rd_inject_input(f->inject, 0, &locks), 0);
	assert_int_equal(f->d->n, 3);
	assert_int_equal(last(f)->kind, RD_INPUT_LOCKS);
	rd_inject_blind(f->inject, false);
	point(f, 5, 5);
	assert_int_equal(f->d->n, 4);
}

static void
lets_go_of_many_keys_by_one_snapshot(void **state)
{
	struct fixture *f = *state;
	struct rd_input nothing = {.kind = RD_INPUT_HELD};
	bool up[201] = {false};

	for (uint16_t code = 1; code <= 200; code++)
		key(f, 9, code, true);
	f->d->n = 0;
	rd_inject_input(f->inject, 9, &nothing);
	assert_int_equal(f->d->n, 200);
	for (int i = 0; i < 200; i++) {
		assert_false(f->d->note[i].down);
		assert_false(up[f->d->note[i].code]);
		up[f->d->note[i].code] = true;
	}
}

static void
watches_silence_only_while_something_is_held(void **state)
{
	struct fixture *f = *state;

	point(f, 1, 1);
	assert_false(f->inject->silence.set);
	key(f, 0, 30, true);
	assert_true(f->inject->silence.set);
	key(f, 0, 30, false);
	assert_false(f->inject->silence.set);
}

static void
lets_go_when_a_peer_falls_silent(void **state)
{
	struct fixture *f = *state;

	key(f, 0, 30, true);
	f->d->stop_at_up = f->loop;
	uint64_t start = rd_loop_now(f->loop);
	rd_loop_run(f->loop);
	assert_true(rd_loop_now(f->loop) - start >= RD_INPUT_RELEASE_NS);
	assert_int_equal(f->d->n, 2);
	assert_int_equal(last(f)->code, 30);
	assert_false(f->inject->silence.set);
}

static void
tells_errors(void **state)
{
	struct fixture *f = *state;
	char *why = NULL;
	struct rd_inject *none;

	f->d->error = -EPIPE;
	assert_int_equal(key(f, 0, 30, true), -EPIPE);
	f->d->error = -EPIPE;
	assert_int_equal(key(f, 0, 30, false), -EPIPE);
	assert_int_equal(rd_inject_open(&none, &fake, f->loop, ":0", &why), -ENXIO);
	assert_string_equal(why, "no such desktop");
	free(why);
}

static void
lets_go_of_all_at_the_end(void **state)
{
	struct fixture *f = *state;
	struct rd_inject *i;
	struct desktop *d;
	char *why = NULL;
	bool closed = false;

	assert_int_equal(rd_inject_open(&i, &fake, f->loop, NULL, &why), 0);
	d = (struct desktop *)i;
	for (uint16_t code = 1; code <= 100; code++) {
		struct rd_input in = {.kind = RD_INPUT_KEY, .code = code, .down = true};

		rd_inject_input(i, (uint8_t)code, &in);
	}
	d->n = 0;
	d->closed = &closed;
	rd_inject_close(i);
	assert_true(closed);
	rd_inject_close(NULL);
}

static void
note_taken(void *ctx, uint64_t token)
{
	*(uint64_t *)ctx = token;
}

/* A TAKE is an injector's to answer, and changes nothing that is held. */
static void
passes_take_on(void **state)
{
	struct fixture *f = *state;
	const struct rd_input take = {.kind = RD_INPUT_TAKE, .token = 77};
	uint64_t token = 0;

	rd_inject_taken(f->inject, 1);
	rd_inject_on_taken(f->inject, note_taken, &token);
	assert_int_equal(key(f, 0, 30, true), 0);
	assert_int_equal(rd_inject_input(f->inject, 0, &take), 0);
	assert_int_equal(f->d->n, 2);
	assert_int_equal(last(f)->kind, RD_INPUT_TAKE);
	assert_true(last(f)->token == 77);
	assert_true(token == 0);
	rd_inject_taken(f->inject, 77);
	assert_true(token == 77);
	f->d->n = 0;
	assert_int_equal(key(f, 0, 30, false), 0);
	assert_int_equal(f->d->n, 1);
}

static void
are_found_by_name(void **state)
{
	(void)state;

	assert_ptr_equal(rd_inject_find("x11"), rd_inject_table[0]);
	assert_string_equal(rd_inject_find("log")->name, "log");
	assert_null(rd_inject_find("fake"));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(passes_on_what_changes),
		TEST(keys_without_a_code_come_once),
		TEST(keeps_the_pointer_in_its_area),
		TEST(does_nothing_blindly),
		TEST(lets_go_of_many_keys_by_one_snapshot),
		TEST(watches_silence_only_while_something_is_held),
		TEST(lets_go_when_a_peer_falls_silent),
		TEST(tells_errors),
		TEST(lets_go_of_all_at_the_end),
		TEST(passes_take_on),
		TEST(are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
