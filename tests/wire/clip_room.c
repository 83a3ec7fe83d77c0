/*
 * A clipboard whose peer asks and asks, and does not read: what is sent although there
 * is no room is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "wire/clip.h"

#define OFTEN 20000
#define PEERS 3

static struct world {
	struct rd_clip *clip;
	size_t len, at[1024];		/* of the content; how far each job is read */
	bool full;
	bool late;			/* content is not there at once: `job` is to be read */
	uint32_t job;
	unsigned reads, datas, refused;
	enum rd_clip_why why;
	uint64_t content, words;	/* bytes sent without room */
	uint32_t id;
} w;

static void
send(void *ctx, uint8_t peer, uint16_t type, struct rd_buf *body)
{
	struct rd_clip_refuse no;
	(void)ctx, (void)peer;
	w.datas += type == RD_MSG_DATA;
	if (type == RD_MSG_REFUSE && rd_clip_refuse_parse(&no, body->data, body->len) == 0) {
		w.refused++;
		w.why = no.why;
	}
	if (w.full)
		*(type == RD_MSG_DATA ? &w.content : &w.words) += RD_MSG_HEADER_SIZE + body->len;
}

static bool
room(void *ctx)
{
	(void)ctx;
	return !w.full;
}

static void
say(void *ctx, uint8_t peer, enum rd_clip_why why, const char *line)
{
	(void)ctx, (void)peer, (void)why, (void)line;
}

static void
piece(uint32_t job)
{
	static const uint8_t bytes[RD_CLIP_CHUNK];
	size_t *at = &w.at[job % 1024], n = w.len - *at < sizeof(bytes) ? w.len - *at : sizeof(bytes);
	*at += n;
	rd_clip_piece(w.clip, job, bytes, n, *at == w.len, 1);
}

static void
more(void *ctx, uint32_t job)
{
	(void)ctx;
	if (w.late)
		w.job = job;
	else
		piece(job);
}

static void
read_first(void *ctx, uint32_t job, uint8_t selection, const char *kind)
{
	(void)selection;
	assert_string_equal(kind, RD_CLIP_TEXT);
	w.at[job % 1024] = 0;
	w.reads++;
	more(ctx, job);
}

static void
stop(void *ctx, uint32_t job)
{
	(void)ctx, (void)job;
}

static void
own(void *ctx, const struct rd_clip_offer *o)
{
	(void)ctx, (void)o;
}

static void
answer(void *ctx, uint32_t request, const uint8_t *data, size_t len)
{
	(void)ctx, (void)request, (void)data, (void)len;
}

static void
due(void *ctx, uint64_t ns)
{
	(void)ctx, (void)ns;
}

static const struct rd_clip_ops ops = {.send = send, .room = room, .say = say};
static const struct rd_clip_place place = {
	.own = own, .read = read_first, .more = more, .stop = stop, .answer = answer,
};

static void
copy(size_t len)
{
	const struct rd_clip_offer o = {.origin = 5, .count = 1, .kind = {{RD_CLIP_TEXT, len}}};
	w.len = len;
	rd_clip_copied(w.clip, &o, 1);
}

static int
set_up(void **state)
{
	const struct rd_clip_config cfg = {
		.gives = true, .takes = true, .name = "build1", .ops = &ops, .place = &place, .due = due,
	};
	(void)state;
	w = (struct world){.clip = rd_clip_new(&cfg)};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	rd_clip_free(w.clip);
	return 0;
}

static void
told(uint8_t peer, uint16_t type, struct rd_buf *b)
{
	const struct rd_msg m = {.type = type, .len = b->len, .data = b->data};
	assert_int_equal(rd_clip_message(w.clip, peer, &m, 1), 0);
	rd_buf_finish(b);
}

static void
want(uint8_t peer)
{
	struct rd_buf b = {0};
	const struct rd_clip_want want = {++w.id, rd_clip_here(w.clip, 0)->serial, UINT64_MAX, RD_CLIP_TEXT};
	rd_clip_want_pack(&b, &want);
	told(peer, RD_MSG_WANT, &b);
}

static void
cancel(uint8_t peer)
{
	struct rd_buf b = {0};
	rd_clip_cancel_pack(&b, w.id);
	told(peer, RD_MSG_CANCEL, &b);
}

static void
there_is_room(void)
{
	w.full = false;
	rd_clip_room(w.clip, 1);
}

/* Whatever is asked, of small content and of large. */
static void
no_content_without_room(void **state)
{
	static const size_t sizes[] = {1, RD_CLIP_CHUNK, RD_CLIP_CHUNK + 1, 1 << 20};
	(void)state;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		copy(sizes[k]);
		w.full = true;
		for (int i = 0; i < OFTEN; i++) {
			want((uint8_t)(i % PEERS));
			if (i % 2)
				cancel((uint8_t)(i % PEERS));
		}
		assert_int_equal(w.content, 0);
		assert_true(w.words <= PEERS * RD_CLIP_LOOSE);
		/* Those that waited get it. */
		unsigned before = w.datas;
		there_is_room();
		assert_true(w.datas > before);
		for (uint8_t p = 0; p < PEERS; p++)
			rd_clip_peer_gone(w.clip, p);
		w.words = 0;
	}
}

/* What is under way already when the room ends is little, and after it nothing begins. */
static void
what_is_being_read_comes(void **state)
{
	(void)state;
	w.late = true;
	copy(5);
	for (int i = 0; i < OFTEN; i++) {
		want(0);
		w.full = true;
		piece(w.job);
	}
	assert_int_equal(w.reads, 1);
	assert_true(w.content <= RD_CLIP_CHUNK);
}

/* Offers, refusals and the fate of offers: of no such thing any number waits. */
static void
few_answers_without_room(void **state)
{
	const struct rd_clip_want nothing = {7, 77777, 1, RD_CLIP_TEXT};
	struct rd_clip_offer o = {.origin = 9, .count = 1, .kind = {{RD_CLIP_TEXT, 5}}};
	struct rd_buf b = {0};
	(void)state;
	copy(5);
	w.full = true;
	for (int i = 0; i < OFTEN; i++) {
		rd_clip_want_pack(&b, &nothing);
		told(0, RD_MSG_WANT, &b);
		rd_clip_watch_pack(&b, 1);
		told(1, RD_MSG_WATCH, &b);
		o.origin++;
		o.serial++;
		rd_clip_offer_pack(&b, &o);
		told(2, RD_MSG_OFFER, &b);
	}
	assert_true(w.words > RD_CLIP_LOOSE / 2 && w.words <= 3 * RD_CLIP_LOOSE);
	/* Nobody else has to do without one for that. */
	uint64_t said = w.words;
	rd_clip_want_pack(&b, &nothing);
	told(3, RD_MSG_WANT, &b);
	assert_true(w.words > said);
	/* With room it is answered again. */
	unsigned before = w.refused;
	there_is_room();
	rd_clip_want_pack(&b, &nothing);
	told(0, RD_MSG_WANT, &b);
	assert_int_equal(w.refused, before + 1);
}

static void
what_is_gone_when_there_is_room_is_refused(void **state)
{
	(void)state;
	copy(5);
	w.full = true;
	want(0);
	copy(6);
	there_is_room();
	assert_int_equal(w.reads, 0);
	assert_int_equal(w.refused, 1);
	assert_int_equal(w.why, RD_CLIP_GONE);
	want(0);
	assert_int_equal(w.datas, 1);
}

/* Who has taken nothing of a large one still gets a small one. */
static void
the_first_piece_needs_no_window(void **state)
{
	(void)state;
	copy(1 << 20);
	want(0);
	want(0);
	unsigned window = w.datas;
	assert_true(window >= 2 && window * RD_CLIP_CHUNK <= RD_CLIP_WINDOW + RD_CLIP_CHUNK);
	copy(1);
	want(0);
	assert_int_equal(w.datas, window + 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_content_without_room),
		TEST(what_is_being_read_comes),
		TEST(few_answers_without_room),
		TEST(what_is_gone_when_there_is_room_is_refused),
		TEST(the_first_piece_needs_no_window),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
