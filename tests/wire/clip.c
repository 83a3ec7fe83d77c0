/*
 * Clipboards that talk to each other: ends in memory, joined by queues, on a clock
 * of the test's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/clip.h"

#define ENDS 5
#define MAX ((uint64_t)1 << 20)
#define SECOND UINT64_C(1000000000)

struct letter {
	struct letter *next;
	int to;
	uint8_t peer;		/* from whom, as the receiver calls it */
	uint16_t type;
	struct rd_buf body;
};

struct end {
	struct rd_clip *clip;
	int number;
	/* what a program has copied here */
	uint8_t *content;
	size_t len;
	struct { uint32_t id; size_t at; } job[2 * RD_CLIP_GIVES];
	bool mute;		/* … and does not give */
	/* what we own for somebody */
	struct rd_clip_offer owned;
	unsigned owns;		/* how often */
	/* the last answer to who pasted */
	uint8_t *got;
	size_t got_len;
	unsigned answers;
	bool empty;
	char line[256];
	enum rd_clip_why why;
	unsigned lines;
	struct rd_clip_took took;
	unsigned tooks;
	size_t kept;		/* bytes of all kinds */
	uint32_t keep_job;
	bool keep_later;
	uint64_t due_ns;
	bool full;
	unsigned sent[256];	/* messages, by the low byte of their type */
};

struct world {
	struct end end[ENDS];
	/* whom end i calls by peer p, and what that one calls it */
	struct { int to; uint8_t back; bool there; } way[ENDS][4];
	struct letter *first, **last;
	uint64_t now;
} w;

static struct end *
end_of(void *ctx)
{
	return ctx;
}

static void
send(void *ctx, uint8_t peer, uint16_t type, struct rd_buf *body)
{
	struct end *e = end_of(ctx);
	struct letter *l = calloc(1, sizeof(*l));
	assert_true(peer < 4 && w.way[e->number][peer].there);
	l->to = w.way[e->number][peer].to;
	l->peer = w.way[e->number][peer].back;
	l->type = type;
	rd_buf_bytes(&l->body, body->data, body->len);
	e->sent[type & 0xff]++;
	*w.last = l;
	w.last = &l->next;
}

static bool
room(void *ctx)
{
	return !end_of(ctx)->full;
}

static void
say(void *ctx, uint8_t peer, enum rd_clip_why why, const char *line)
{
	struct end *e = end_of(ctx);
	(void)peer;
	snprintf(e->line, sizeof(e->line), "%s", line);
	e->why = why;
	e->lines++;
}

static void
fate(void *ctx, uint8_t peer, const struct rd_clip_took *took)
{
	(void)peer;
	end_of(ctx)->took = *took;
	end_of(ctx)->tooks++;
}

static const struct rd_clip_ops ops = {.send = send, .room = room, .say = say, .fate = fate};

static void
own(void *ctx, const struct rd_clip_offer *o)
{
	end_of(ctx)->owned = *o;
	end_of(ctx)->owns++;
}

static int
job_of(const struct end *e, uint32_t id)
{
	for (int i = 0; i < 2 * RD_CLIP_GIVES; i++)
		if (e->job[i].id == id)
			return i;
	return -1;
}

static void
more(void *ctx, uint32_t job)
{
	struct end *e = end_of(ctx);
	int i = job_of(e, job);
	if (i < 0 || e->mute)
		return;
	size_t at = e->job[i].at, n = e->len - at < RD_CLIP_CHUNK ? e->len - at : RD_CLIP_CHUNK;
	e->job[i].at += n;
	bool last = e->job[i].at == e->len;
	if (last)
		e->job[i].id = 0;
	rd_clip_piece(e->clip, job, e->content + at, n, last, w.now);
}

static void
read_first(void *ctx, uint32_t job, uint8_t selection, const char *kind)
{
	struct end *e = end_of(ctx);
	int i = job_of(e, 0);
	(void)selection, (void)kind;
	assert_true(i >= 0);
	/* What is owned for another is asked for like a program does it. */
	if (e->owned.count) {
		rd_clip_unread(e->clip, job, RD_CLIP_NO_ANSWER);
		return;
	}
	e->job[i].id = job;
	e->job[i].at = 0;
	more(ctx, job);
}

static void
stop(void *ctx, uint32_t job)
{
	struct end *e = end_of(ctx);
	int i = job_of(e, job);
	if (i >= 0)
		e->job[i].id = 0;
}

static void
answer(void *ctx, uint32_t request, const uint8_t *data, size_t len)
{
	struct end *e = end_of(ctx);
	(void)request;
	free(e->got);
	e->got = data ? malloc(len + 1) : NULL;
	if (data)
		memcpy(e->got, data, len);
	e->got_len = len;
	e->empty = data == NULL;
	e->answers++;
}

static int
keep(void *ctx, uint32_t job, const struct rd_clip_offer *o, const struct rd_buf *bodies)
{
	for (int i = 0; i < o->count; i++)
		end_of(ctx)->kept += bodies[i].len;
	end_of(ctx)->keep_job = job;
	return end_of(ctx)->keep_later ? -EINPROGRESS : 0;
}

static const struct rd_clip_place place = {
	.own = own, .read = read_first, .more = more, .stop = stop, .answer = answer, .keep = keep,
};

static void
on_due(void *ctx, uint64_t ns)
{
	end_of(ctx)->due_ns = ns;
}

static void
open_end(int i, bool gives, bool takes)
{
	struct end *e = &w.end[i];
	const struct rd_clip_config cfg = {
		.gives = gives, .takes = takes, .max = MAX, .name = "build1", .ops = &ops, .ctx = e,
		.place = &place, .due = on_due, .place_ctx = e,
	};
	*e = (struct end){.number = i, .due_ns = UINT64_MAX};
	e->clip = rd_clip_new(&cfg);
}

static void
join(int host, uint8_t as, int viewer)
{
	w.way[host][as].to = viewer;
	w.way[host][as].back = 0;
	w.way[host][as].there = true;
	w.way[viewer][0].to = host;
	w.way[viewer][0].back = as;
	w.way[viewer][0].there = true;
	rd_clip_watches(w.end[viewer].clip, 0);
	rd_clip_offers_to(w.end[viewer].clip, 0);
}

static struct letter *
take(void)
{
	struct letter *l = w.first;
	if (!l)
		return NULL;
	w.first = l->next;
	if (!w.first)
		w.last = &w.first;
	return l;
}

/* Delivers what is under way until nothing is, or `most` were. Returns how many. */
static unsigned
deliver(unsigned most)
{
	unsigned n = 0;
	struct letter *l;
	while (n < most && (l = take())) {
		struct rd_msg m = {.type = l->type, .len = l->body.len, .data = l->body.data};
		assert_int_equal(rd_clip_message(w.end[l->to].clip, l->peer, &m, w.now), 0);
		rd_buf_finish(&l->body);
		free(l);
		n++;
	}
	return n;
}

static void
settle(void)
{
	assert_true(deliver(100000) < 100000);
}

static void
copy_kinds(int i, size_t len, uint64_t origin, const char *kind, const char *other)
{
	struct end *e = &w.end[i];
	struct rd_clip_offer o = {.origin = origin, .count = other ? 2 : 1};
	strcpy(o.kind[0].name, kind);
	strcpy(o.kind[1].name, other ? other : "");
	o.kind[0].size = o.kind[1].size = RD_CLIP_SIZE_UNKNOWN;
	free(e->content);
	e->content = malloc(len + 1);
	for (size_t k = 0; k < len; k++)
		e->content[k] = (uint8_t)(k * 7 + k / 251);
	e->len = len;
	e->owned.count = 0;
	rd_clip_copied(e->clip, &o, w.now);
}

static void
copy(int i, size_t len)
{
	static uint64_t origin = 1000;
	copy_kinds(i, len, ++origin, RD_CLIP_TEXT, NULL);
}

static void
paste(int i, const char *kind)
{
	static uint32_t request;
	rd_clip_ask(w.end[i].clip, ++request, RD_CLIP_CLIPBOARD, kind, w.now);
}

static void
pasted_is(int i, int from)
{
	assert_false(w.end[i].empty);
	assert_int_equal(w.end[i].got_len, w.end[from].len);
	assert_memory_equal(w.end[i].got, w.end[from].content, w.end[from].len);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	w.last = &w.first;
	w.now = SECOND;
	return 0;
}

static int
tear_down(void **state)
{
	struct letter *l;
	(void)state;
	for (int i = 0; i < ENDS; i++) {
		rd_clip_free(w.end[i].clip);
		free(w.end[i].content);
		free(w.end[i].got);
	}
	while ((l = take())) {
		rd_buf_finish(&l->body);
		free(l);
	}
	return 0;
}

static void
host_and_viewer(void)
{
	open_end(0, true, true);
	open_end(1, true, true);
	join(0, 0, 1);
	settle();
}

static void
content_travels_when_it_is_pasted(void **state)
{
	static const size_t sizes[] = {0, 1, RD_CLIP_CHUNK, RD_CLIP_CHUNK + 1, 300000, MAX};
	(void)state;
	host_and_viewer();
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++)
		for (int from = 0; from < 2; from++) {
			unsigned wants = w.end[!from].sent[RD_MSG_WANT & 0xff];
			copy(from, sizes[k]);
			settle();
			assert_int_equal(w.end[!from].owned.count, 1);
			assert_int_equal(w.end[!from].sent[RD_MSG_WANT & 0xff], wants);
			paste(!from, RD_CLIP_TEXT);
			settle();
			pasted_is(!from, from);
			/* Again at once: it is remembered for a while. */
			w.end[!from].answers = 0;
			paste(!from, RD_CLIP_TEXT);
			assert_int_equal(w.end[!from].answers, 1);
			pasted_is(!from, from);
			assert_int_equal(w.end[!from].sent[RD_MSG_WANT & 0xff], wants + 1);
		}
	/* Nothing is waited for that did not come. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(w.end[i].lines, 0);
		w.now += 60 * SECOND;
		rd_clip_tick(w.end[i].clip, w.now);
		assert_true(w.end[i].due_ns == UINT64_MAX);
	}
}

static void
what_is_too_large_stays(void **state)
{
	(void)state;
	host_and_viewer();
	copy(0, MAX + 1);
	settle();
	paste(1, RD_CLIP_TEXT);
	settle();
	assert_true(w.end[1].empty);
	assert_string_equal(w.end[1].line, "nothing was pasted: text from build1: it is too large: "
		"here 1048576 bytes may come");
	assert_int_equal(w.end[1].why, RD_CLIP_TOO_LARGE);

	/* Where that is known beforehand nothing travels. */
	struct rd_clip_offer o = {.origin = 5, .count = 1, .kind = {{RD_CLIP_PNG, MAX + 1}}};
	unsigned wants = w.end[1].sent[RD_MSG_WANT & 0xff];
	rd_clip_copied(w.end[0].clip, &o, w.now);
	settle();
	paste(1, RD_CLIP_PNG);
	assert_true(w.end[1].empty);
	assert_int_equal(w.end[1].lines, 2);
	assert_int_equal(w.end[1].sent[RD_MSG_WANT & 0xff], wants);
	paste(1, RD_CLIP_HTML);
	assert_int_equal(w.end[1].why, RD_CLIP_NO_KIND);
}

static void
a_direction_can_be_off(void **state)
{
	const struct rd_clip_want want = {1, 1, MAX, RD_CLIP_TEXT};
	struct rd_buf b = {0};
	(void)state;
	open_end(0, false, false);
	open_end(1, true, true);
	join(0, 0, 1);
	copy(1, 5);
	settle();
	assert_int_equal(w.end[0].owns, 0);
	assert_int_equal(w.end[1].took.fate, RD_CLIP_REFUSED);
	assert_int_equal(w.end[1].took.why, RD_CLIP_OFF);
	copy(0, 5);
	settle();
	assert_int_equal(w.end[1].owns, 0);
	/* One that wants it all the same does not get it. */
	rd_clip_want_pack(&b, &want);
	struct rd_msg m = {.type = RD_MSG_WANT, .len = b.len, .data = b.data};
	assert_int_equal(rd_clip_message(w.end[0].clip, 0, &m, w.now), 0);
	assert_int_equal(w.end[0].sent[RD_MSG_REFUSE & 0xff], 1);
	assert_int_equal(w.end[0].sent[RD_MSG_DATA & 0xff], 0);
	rd_buf_finish(&b);
}

/* On two displays each looks at the other: 0 and 3 are at one, 1 and 2 at the other. */
static void
what_was_copied_here_does_not_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		open_end(i, true, true);
	join(0, 0, 1);
	join(2, 0, 3);
	settle();
	copy_kinds(0, 9, 77, RD_CLIP_TEXT, NULL);
	copy_kinds(3, 9, 77, RD_CLIP_TEXT, NULL);
	settle();
	assert_int_equal(w.end[1].owns, 1);
	/* At that display 2 sees that 1 owns it, and for whom. */
	struct rd_clip_offer seen = w.end[1].owned;
	unsigned owns = w.end[3].owns;
	rd_clip_copied(w.end[2].clip, &seen, w.now);
	settle();
	assert_int_equal(w.end[3].owns, owns);
	assert_int_equal(rd_clip_holder(w.end[3].clip, 0), -1);

	/* From one to the next it goes on, and not for ever. */
	seen.origin = 78;
	seen.hops = RD_CLIP_HOPS - 1;
	rd_clip_copied(w.end[2].clip, &seen, w.now);
	settle();
	assert_int_equal(w.end[3].owned.hops, RD_CLIP_HOPS);
	owns = w.end[1].owns;
	rd_clip_copied(w.end[0].clip, &w.end[3].owned, w.now);
	settle();
	assert_int_equal(w.end[1].owns, owns);
}

static void
little_is_under_way(void **state)
{
	(void)state;
	host_and_viewer();
	copy(0, MAX);
	settle();
	paste(1, RD_CLIP_TEXT);
	/* What is sent is held back: GOT does not come. */
	assert_int_equal(deliver(1), 1);
	unsigned pieces = w.end[0].sent[RD_MSG_DATA & 0xff];
	assert_true(pieces >= 2 && pieces * RD_CLIP_CHUNK <= RD_CLIP_WINDOW);
	rd_clip_room(w.end[0].clip, w.now);
	assert_int_equal(w.end[0].sent[RD_MSG_DATA & 0xff], pieces);
	/* Without room on the link nothing is added. */
	w.end[0].full = true;
	settle();
	assert_int_equal(w.end[0].sent[RD_MSG_DATA & 0xff], pieces);
	w.end[0].full = false;
	rd_clip_room(w.end[0].clip, w.now);
	settle();
	pasted_is(1, 0);
}

static void
who_does_not_answer_is_not_waited_for(void **state)
{
	(void)state;
	host_and_viewer();
	copy(0, 100);
	settle();
	w.end[0].mute = true;
	paste(1, RD_CLIP_TEXT);
	settle();
	assert_int_equal(w.end[1].answers, 0);
	assert_true(w.end[1].due_ns == w.now + RD_CLIP_UNANSWERED_NS);
	w.now = w.end[1].due_ns;
	rd_clip_tick(w.end[1].clip, w.now);
	assert_int_equal(w.end[1].answers, 1);
	assert_true(w.end[1].empty);
	assert_int_equal(w.end[1].why, RD_CLIP_NO_ANSWER);
	settle();
	/* Who gave it has stopped. */
	assert_int_equal(job_of(&w.end[0], 1), -1);
	assert_true(w.end[0].due_ns == UINT64_MAX);
}

/* A host, 0, and 1 to 3 at it. */
static void
open_three_viewers(void)
{
	open_end(0, true, true);
	for (int i = 1; i < 4; i++) {
		open_end(i, true, true);
		join(0, (uint8_t)i, i);
	}
	settle();
}

static void
several_viewers_share_it(void **state)
{
	(void)state;
	open_three_viewers();
	copy(2, 40);
	settle();
	/* The host has it, and so have the other two, but it is not said back. */
	assert_int_equal(rd_clip_holder(w.end[0].clip, 0), 2);
	assert_int_equal(w.end[1].owns, 1);
	assert_int_equal(w.end[3].owns, 1);
	assert_int_equal(w.end[2].owns, 0);
	assert_int_equal(w.end[2].took.fate, RD_CLIP_OWNED);
	paste(0, RD_CLIP_TEXT);
	settle();
	pasted_is(0, 2);
	/* Another one copies: the first hears that its is no more. */
	copy(3, 50);
	settle();
	assert_int_equal(w.end[2].took.fate, RD_CLIP_LOST);
	assert_int_equal(rd_clip_holder(w.end[0].clip, 0), 3);
	assert_int_equal(rd_clip_holder(w.end[2].clip, 0), 0);
	/* It goes, in the midst of a paste. */
	w.end[3].mute = true;
	paste(0, RD_CLIP_TEXT);
	rd_clip_peer_gone(w.end[0].clip, 3);
	assert_true(w.end[0].empty);
	assert_int_equal(w.end[0].owned.count, 0);
	settle();
	assert_int_equal(w.end[1].owned.count, 0);
}

static void
who_joins_keeps_what_he_has(void **state)
{
	(void)state;
	open_end(0, true, true);
	open_end(1, true, true);
	open_end(2, false, true);
	copy(0, 5);
	copy(1, 6);
	copy(2, 7);
	join(0, 1, 1);
	settle();
	assert_int_equal(w.end[1].owns, 0);
	assert_int_equal(rd_clip_holder(w.end[0].clip, 0), 1);
	/* One that gives nothing has nothing in the way. */
	join(0, 2, 2);
	settle();
	assert_int_equal(w.end[2].owns, 1);
}

static void
told(int to, uint8_t peer, uint16_t type, struct rd_buf *body)
{
	const struct rd_msg m = {.type = type, .len = body->len, .data = body->data};
	assert_int_equal(rd_clip_message(w.end[to].clip, peer, &m, w.now), 0);
	rd_buf_finish(body);
}

/* As rd-send does it when a host is paused, and goes on. */
static void
part(uint8_t viewer)
{
	const struct rd_clip_offer nothing = {0};
	for (int i = 0; i < 2; i++) {
		struct rd_buf b = {0};
		rd_clip_watch_pack(&b, 0);
		told(i ? viewer : 0, i ? 0 : viewer, RD_MSG_WATCH, &b);
		rd_clip_offer_pack(&b, &nothing);
		told(i ? viewer : 0, i ? 0 : viewer, RD_MSG_OFFER, &b);
	}
	settle();
}

static void
meet_again(uint8_t viewer)
{
	for (int i = 0; i < 2; i++) {
		struct rd_buf b = {0};
		rd_clip_watch_pack(&b, 1 | RD_CLIP_AGAIN);
		told(i ? viewer : 0, i ? 0 : viewer, RD_MSG_WATCH, &b);
	}
}

static void
what_is_copied_apart_is_news(void **state)
{
	(void)state;
	open_end(0, true, true);
	open_end(1, true, true);
	join(0, 1, 1);
	for (int from = 0; from < 2; from++) {
		part(1);
		/* One has its own, of before … */
		copy(!from, 5);
		part(1);
		copy(from, 6);
		unsigned owns = w.end[from].owns;
		meet_again(1);
		settle();
		/* … and the newer one both, once. */
		assert_int_equal(rd_clip_holder(w.end[!from].clip, 0), from);
		assert_int_equal(rd_clip_holder(w.end[from].clip, 0), -1);
		assert_int_equal(w.end[from].owns, owns);
		paste(!from, RD_CLIP_TEXT);
		settle();
		pasted_is(!from, from);
	}
}

static void
what_both_have_copied_apart_stays(void **state)
{
	(void)state;
	open_three_viewers();
	for (uint8_t i = 1; i < 4; i++)
		part(i);
	copy(0, 3);
	copy(1, 4);
	for (uint8_t i = 1; i < 4; i++)
		meet_again(i);
	settle();
	assert_int_equal(rd_clip_holder(w.end[0].clip, 0), -1);
	assert_int_equal(rd_clip_holder(w.end[1].clip, 0), -1);
	assert_int_equal(rd_clip_holder(w.end[2].clip, 0), 0);

	/* Of two viewers, which of them is heard first: the other has it as all have. */
	for (uint8_t i = 1; i < 4; i++)
		part(i);
	copy(1, 4);
	copy(2, 5);
	for (uint8_t i = 1; i < 4; i++)
		meet_again(i);
	settle();
	int from = rd_clip_holder(w.end[0].clip, 0);
	assert_true(from == 1 || from == 2);
	assert_int_equal(rd_clip_holder(w.end[from].clip, 0), -1);
	assert_int_equal(rd_clip_holder(w.end[3 - from].clip, 0), 0);
	assert_int_equal(rd_clip_holder(w.end[3].clip, 0), 0);
}

/* Its OFFER without kinds says so, as rd-send does for a viewer that left. */
static void
who_has_nothing_any_more_is_not_waited_for(void **state)
{
	const struct rd_clip_offer nothing = {0};
	(void)state;
	host_and_viewer();
	copy(0, 100);
	settle();
	w.end[0].mute = true;
	paste(1, RD_CLIP_TEXT);
	settle();
	assert_int_equal(w.end[1].answers, 0);
	rd_clip_copied(w.end[0].clip, &nothing, w.now);
	settle();
	assert_int_equal(w.end[1].answers, 1);
	assert_true(w.end[1].empty);
	assert_int_equal(w.end[1].why, RD_CLIP_GONE);
	assert_int_equal(w.end[1].owned.count, 0);
	assert_int_equal(rd_clip_holder(w.end[1].clip, 0), -1);
}

/* What comes back from afar is there before it is known what was copied here. */
static void
what_is_copied_is_looked_at_first(void **state)
{
	(void)state;
	host_and_viewer();
	rd_clip_looking(w.end[1].clip, 0, false);
	copy_kinds(0, 5, 321, RD_CLIP_TEXT, NULL);
	settle();
	assert_int_equal(w.end[1].owns, 0);
	unsigned tooks = w.end[0].tooks;
	copy_kinds(1, 5, 321, RD_CLIP_TEXT, NULL);
	settle();
	assert_int_equal(w.end[1].owns, 0);
	assert_int_equal(rd_clip_holder(w.end[0].clip, 0), -1);
	assert_int_equal(w.end[0].tooks, tooks);
	/* Something else that came meanwhile is the newer. */
	rd_clip_looking(w.end[1].clip, 0, false);
	copy_kinds(0, 6, 322, RD_CLIP_TEXT, NULL);
	settle();
	assert_int_equal(w.end[1].owns, 0);
	copy_kinds(1, 5, 323, RD_CLIP_TEXT, NULL);
	assert_int_equal(w.end[1].owns, 1);
}

static void
a_giver_that_goes_leaves_all(void **state)
{
	struct rd_clip_offer o = {.origin = 5, .flags = RD_CLIP_KEEP, .count = 2,
		.kind = {{RD_CLIP_PNG, 20000}, {RD_CLIP_TEXT, 20000}}};
	(void)state;
	host_and_viewer();
	copy(1, 20000);
	settle();
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_KEPT);
	assert_int_equal(w.end[0].kept, 40000);
	/* Together they are too large. */
	o.origin++;
	o.kind[1].size = o.kind[0].size = MAX - 1;
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_REFUSED);
	assert_int_equal(w.end[1].took.why, RD_CLIP_TOO_LARGE);
	/* It says less than it has. */
	o.origin++;
	o.kind[1].size = o.kind[0].size = 10;
	w.end[1].len = 0;
	copy(1, 3 * MAX);
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_REFUSED);
	assert_int_equal(w.end[0].kept, 40000);
}

static void
what_is_kept_later_is_told_then(void **state)
{
	struct rd_clip_offer o = {.origin = 5, .flags = RD_CLIP_KEEP, .count = 1,
		.kind = {{RD_CLIP_TEXT, 20000}}};
	(void)state;
	host_and_viewer();
	w.end[0].keep_later = true;
	w.end[1].took.fate = RD_CLIP_FATES;
	copy(1, 20000);
	settle();
	w.end[1].took.fate = RD_CLIP_FATES;
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	assert_int_equal(w.end[0].kept, 20000);
	/* Of another job nothing is known. */
	rd_clip_kept(w.end[0].clip, w.end[0].keep_job + 1, 0);
	rd_clip_kept(w.end[0].clip, 0, 0);
	settle();
	assert_int_not_equal(w.end[1].took.fate, RD_CLIP_KEPT);
	rd_clip_kept(w.end[0].clip, w.end[0].keep_job, 0);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_KEPT);
	o.origin++;
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	rd_clip_kept(w.end[0].clip, w.end[0].keep_job, -EIO);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_REFUSED);
	/* Something else is offered before it is kept: that is not told of any more. */
	o.origin++;
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	uint32_t before = w.end[0].keep_job;
	o.origin++;
	rd_clip_copied(w.end[1].clip, &o, w.now);
	settle();
	w.end[1].took.fate = RD_CLIP_FATES;
	rd_clip_kept(w.end[0].clip, before, 0);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_FATES);
	rd_clip_kept(w.end[0].clip, w.end[0].keep_job, 0);
	settle();
	assert_int_equal(w.end[1].took.fate, RD_CLIP_KEPT);
}

/* --- a peer that means harm --- */

static int
says(int i, uint16_t type, struct rd_buf *b)
{
	struct rd_msg m = {.type = type, .len = b->len, .data = b->data};
	int err = rd_clip_message(w.end[i].clip, 0, &m, w.now);
	rd_buf_finish(b);
	return err;
}

static void
nonsense_is_refused(void **state)
{
	struct rd_buf b = {0};
	(void)state;
	host_and_viewer();
	copy(0, MAX);
	w.end[0].mute = true;
	settle();
	uint32_t serial = rd_clip_here(w.end[0].clip, 0)->serial;
	for (uint32_t id = 0; id < 100; id++) {
		rd_clip_want_pack(&b, &(struct rd_clip_want){id, serial, MAX, RD_CLIP_TEXT});
		assert_int_equal(says(0, RD_MSG_WANT, &b), 0);
	}
	assert_int_equal(w.end[0].sent[RD_MSG_REFUSE & 0xff], 100 - RD_CLIP_GIVES);
	rd_clip_want_pack(&b, &(struct rd_clip_want){3, serial, MAX, RD_CLIP_TEXT});
	assert_int_equal(says(0, RD_MSG_WANT, &b), -EPROTO);
	rd_clip_got_pack(&b, &(struct rd_clip_got){3, 1000});
	assert_int_equal(says(0, RD_MSG_GOT, &b), -EPROTO);
	rd_clip_got_pack(&b, &(struct rd_clip_got){3000, 1000});
	assert_int_equal(says(0, RD_MSG_GOT, &b), 0);
	/* Nobody has asked for that. */
	rd_clip_data_pack(&b, &(struct rd_clip_data){77, true, (const uint8_t *)"x", 1});
	assert_int_equal(says(0, RD_MSG_DATA, &b), 0);
	rd_clip_refuse_pack(&b, &(struct rd_clip_refuse){77, 200, 1});
	assert_int_equal(says(0, RD_MSG_REFUSE, &b), 0);
	assert_int_equal(w.end[0].lines, 0);
	/* Given up one by one when nothing of it is taken. */
	w.now += RD_CLIP_UNTAKEN_NS;
	rd_clip_tick(w.end[0].clip, w.now);
	assert_true(w.end[0].due_ns == UINT64_MAX);
	settle();
}

static void
bodies_that_cannot_be(void **state)
{
	struct rd_buf b = {0};
	struct rd_clip_offer o = {.count = 1};
	struct rd_clip_offer back;
	(void)state;
	static const char *const bad[] = {"", "text", "a b/c", "text/\x1b[2J", "\xc3\xa4/b"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strcpy(o.kind[0].name, bad[i]);
		rd_clip_offer_pack(&b, &o);
		assert_int_equal(rd_clip_offer_parse(&back, b.data, b.len), -EPROTO);
		rd_buf_reset(&b);
	}
	strcpy(o.kind[0].name, "a/b");
	o.selection = 2;
	rd_clip_offer_pack(&b, &o);
	assert_int_equal(rd_clip_offer_parse(&back, b.data, b.len), -ENOTSUP);
	rd_buf_reset(&b);
	o = (struct rd_clip_offer){.count = 2, .kind = {{"a/b", 1}, {"a/b", 1}}};
	rd_clip_offer_pack(&b, &o);
	assert_int_equal(rd_clip_offer_parse(&back, b.data, b.len), -EPROTO);
	rd_buf_reset(&b);
	/* A piece is no larger than a piece. */
	uint8_t *piece = calloc(1, RD_CLIP_CHUNK + 1);
	struct rd_clip_data d = {1, false, piece, RD_CLIP_CHUNK + 1}, parsed;
	rd_clip_data_pack(&b, &d);
	assert_int_equal(rd_clip_data_parse(&parsed, b.data, b.len), -EPROTO);
	assert_int_equal(rd_clip_data_parse(&parsed, b.data, b.len - 1), 0);
	/* One of nothing is the last, or it would only keep somebody waiting. */
	for (int last = 0; last <= 1; last++) {
		rd_buf_reset(&b);
		rd_clip_data_pack(&b, &(struct rd_clip_data){1, last != 0, piece, 0});
		assert_int_equal(rd_clip_data_parse(&parsed, b.data, b.len), last ? 0 : -EPROTO);
	}
	free(piece);
	rd_buf_finish(&b);
}

static void
many_pastes_at_once(void **state)
{
	static const char *const kinds[] = {RD_CLIP_TEXT, RD_CLIP_HTML};
	(void)state;
	host_and_viewer();
	copy_kinds(0, 1000, 9, RD_CLIP_TEXT, RD_CLIP_HTML);
	settle();
	for (int i = 0; i < 2 * RD_CLIP_ASKERS; i++)
		paste(1, kinds[i % 2]);
	/* Of each kind it is fetched once; who comes when the room is full gets nothing. */
	assert_int_equal(w.end[1].answers, RD_CLIP_ASKERS);
	assert_int_equal(w.end[1].why, RD_CLIP_BUSY);
	settle();
	assert_int_equal(w.end[1].answers, 2 * RD_CLIP_ASKERS);
	assert_int_equal(w.end[1].sent[RD_MSG_WANT & 0xff], 2);
	pasted_is(1, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(content_travels_when_it_is_pasted),
		TEST(what_is_too_large_stays),
		TEST(a_direction_can_be_off),
		TEST(what_was_copied_here_does_not_come_back),
		TEST(little_is_under_way),
		TEST(who_does_not_answer_is_not_waited_for),
		TEST(several_viewers_share_it),
		TEST(who_joins_keeps_what_he_has), TEST(what_is_kept_later_is_told_then),
		TEST(what_is_copied_apart_is_news), TEST(what_both_have_copied_apart_stays),
		TEST(who_has_nothing_any_more_is_not_waited_for),
		TEST(what_is_copied_is_looked_at_first),
		TEST(a_giver_that_goes_leaves_all),
		TEST(nonsense_is_refused),
		TEST(bodies_that_cannot_be),
		TEST(many_pastes_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
