#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "chan/cache.h"
#include "wire/msg_picture.h"

/* What a replay says: "B1s E2 S" is BEGIN 1 with SYNC, an EXACT of 2 bytes, SHOW. */
struct said {
	char text[512];
	unsigned most;		/* messages it takes before it fails */
};

static int
put(void *ctx, const struct rd_msg *m)
{
	struct said *s = ctx;
	char *at = s->text + strlen(s->text);
	size_t room = sizeof(s->text) - strlen(s->text);
	struct rd_begin b;
	const char *gap = s->text[0] ? " " : "";

	if (s->most-- == 0)
		return -ENOSPC;
	switch (m->type) {
	case RD_MSG_BEGIN:
		assert_int_equal(rd_begin_parse(&b, m->data, m->len), 0);
		snprintf(at, room, "%s%u:B%u%s", gap, m->channel, b.number,
			b.flags & RD_BEGIN_SYNC ? "s" : "");
		break;
	case RD_MSG_SHOW:
		snprintf(at, room, "%s%u:S", gap, m->channel);
		break;
	default:
		snprintf(at, room, "%s%u:%s%zu", gap, m->channel, rd_msg_name(m->type), m->len);
	}
	return 0;
}

static void
say(struct rd_cache *c, uint8_t channel, uint16_t type, size_t len)
{
	uint8_t *data = calloc(1, len + 1);
	rd_cache_message(c, &(struct rd_msg){
		.type = type, .channel = channel, .data = data, .len = len});
	free(data);
}

static void
begin(struct rd_cache *c, uint8_t channel, uint32_t number, bool sync)
{
	struct rd_buf b = {0};
	rd_begin_pack(&b, &(struct rd_begin){.number = number, .base = sync ? 0 : number - 1,
		.width = 8, .height = 8, .flags = sync ? RD_BEGIN_SYNC : 0});
	rd_cache_message(c, &(struct rd_msg){.type = RD_MSG_BEGIN, .channel = channel,
		.data = b.data, .len = b.len});
	rd_buf_finish(&b);
}

static void
frame(struct rd_cache *c, uint8_t channel, uint32_t number, bool sync, size_t len)
{
	begin(c, channel, number, sync);
	say(c, channel, RD_MSG_EXACT, len);
	say(c, channel, RD_MSG_SHOW, 1);
}

static void
expect(const struct rd_cache *c, const char *text)
{
	struct said s = {.most = 1000};
	assert_int_equal(rd_cache_replay(c, put, &s), 0);
	assert_string_equal(s.text, text);
}

static void
test_from_the_last_sync_point(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	assert_false(rd_cache_ready(c));
	expect(c, "");
	frame(c, 0, 1, true, 2);
	assert_true(rd_cache_ready(c));
	frame(c, 0, 2, false, 3);
	expect(c, "0:B1s 0:EXACT2 0:S 0:B2 0:EXACT3 0:S");
	frame(c, 0, 3, true, 4);
	expect(c, "0:B3s 0:EXACT4 0:S");
	rd_cache_free(c);
}

/* A stream joined in the middle shows nothing before its first sync point. */
static void
test_no_sync_point(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	frame(c, 0, 7, false, 3);
	assert_false(rd_cache_ready(c));
	expect(c, "");
	frame(c, 0, 8, true, 3);
	assert_true(rd_cache_ready(c));
	rd_cache_free(c);
}

static void
test_half_a_frame(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	assert_true(rd_cache_between(c));
	frame(c, 0, 1, true, 2);
	begin(c, 0, 2, false);
	say(c, 0, RD_MSG_EXACT, 5);
	assert_false(rd_cache_between(c));
	assert_true(rd_cache_ready(c));
	expect(c, "0:B1s 0:EXACT2 0:S");
	say(c, 0, RD_MSG_SHOW, 1);
	assert_true(rd_cache_between(c));
	expect(c, "0:B1s 0:EXACT2 0:S 0:B2 0:EXACT5 0:S");
	/* a sync point that is coming in: there is nothing to tell until it is whole */
	begin(c, 0, 3, true);
	assert_false(rd_cache_ready(c));
	expect(c, "");
	say(c, 0, RD_MSG_SHOW, 1);
	assert_true(rd_cache_ready(c));
	expect(c, "0:B3s 0:S");
	/* a frame that was cut off: what follows stands on nothing */
	begin(c, 0, 4, false);
	frame(c, 0, 5, false, 1);
	assert_false(rd_cache_ready(c));
	rd_cache_free(c);
}

static void
test_cursor(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	struct said s = {.most = 1000};
	say(c, 0, RD_MSG_SHAPE, 9);
	say(c, 0, RD_MSG_POINTER_AT, 9);
	say(c, 0, RD_MSG_SHAPE, 12);
	say(c, 0, RD_MSG_NOTICE, 4);
	frame(c, 0, 1, true, 2);
	expect(c, "0:B1s 0:EXACT2 0:S 0:SHAPE12 0:POINTER_AT9");
	assert_int_equal(rd_cache_replay_state(c, put, &s), 0);
	assert_string_equal(s.text, "0:SHAPE12 0:POINTER_AT9");
	rd_cache_free(c);
}

/* Who joins knows where the monitors are before there is a picture of them. */
static void
test_monitors(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	struct said s = {.most = 1000};
	say(c, 0, RD_MSG_MONITORS, 20);
	expect(c, "0:MONITORS20");
	frame(c, 0, 1, true, 2);
	say(c, 0, RD_MSG_POINTER_AT, 9);
	say(c, 0, RD_MSG_MONITORS, 40);
	expect(c, "0:MONITORS40 0:B1s 0:EXACT2 0:S 0:POINTER_AT9");
	assert_int_equal(rd_cache_replay_state(c, put, &s), 0);
	assert_string_equal(s.text, "0:MONITORS40 0:POINTER_AT9");
	assert_true(rd_cache_keeps(RD_MSG_MONITORS) && rd_cache_keeps(RD_MSG_SHAPE));
	assert_false(rd_cache_keeps(RD_MSG_NOTICE) || rd_cache_keeps(RD_MSG_BEGIN));
	rd_cache_free(c);
}

static void
test_screens(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	frame(c, 0, 1, true, 2);
	begin(c, 3, 1, true);
	assert_false(rd_cache_ready(c));
	say(c, 3, RD_MSG_SHOW, 1);
	assert_true(rd_cache_ready(c));
	frame(c, 0, 2, true, 5);
	expect(c, "0:B2s 0:EXACT5 0:S 3:B1s 3:S");
	/* beyond the screens there are */
	frame(c, RD_CACHE_CHANNELS, 1, false, 2);
	assert_true(rd_cache_ready(c));
	rd_cache_free(c);
}

static void
test_bound(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	frame(c, 0, 1, true, 2);
	for (uint32_t n = 2; n < 400; n++) {
		frame(c, 0, n, false, RD_MSG_MAX_UPDATE);
		assert_true(rd_cache_bytes(c) <= RD_CACHE_MAX);
	}
	assert_false(rd_cache_ready(c));
	expect(c, "");
	frame(c, 0, 400, true, 2);
	assert_true(rd_cache_ready(c));
	rd_cache_free(c);
}

static void
test_replay_stops(void **state)
{
	(void)state;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	frame(c, 0, 1, true, 2);
	say(c, 0, RD_MSG_SHAPE, 9);
	for (unsigned most = 0; most < 4; most++) {
		struct said s = {.most = most};
		assert_int_equal(rd_cache_replay(c, put, &s), -ENOSPC);
	}
	rd_cache_free(c);
}

/* What is not kept is not copied first, either: this cannot be read. */
static void
test_too_large_is_not_looked_at(void **state)
{
	(void)state;
	size_t len = RD_MSG_MAX_RAW;
	struct rd_cache *c = rd_cache_new(RD_CACHE_MAX);
	uint8_t *data = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(data != MAP_FAILED);
	frame(c, 0, 1, true, 10);
	begin(c, 0, 2, true);
	rd_cache_message(c, &(struct rd_msg){.type = RD_MSG_RAW, .data = data, .len = len});
	assert_int_equal(rd_cache_bytes(c), 0);
	assert_false(rd_cache_ready(c));
	say(c, 0, RD_MSG_SHOW, 1);
	frame(c, 0, 3, true, 3);
	expect(c, "0:B3s 0:EXACT3 0:S");
	munmap(data, len);
	rd_cache_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_the_last_sync_point),
		cmocka_unit_test(test_no_sync_point),
		cmocka_unit_test(test_half_a_frame),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_monitors),
		cmocka_unit_test(test_screens),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_too_large_is_not_looked_at),
		cmocka_unit_test(test_replay_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
