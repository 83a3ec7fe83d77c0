#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/clip.h"

/*
 * A clipboard with two peers that say anything, while programs here copy, paste and
 * do not answer: steps of {u8 what, u8 peer, u8 length, bytes}. Nothing is answered
 * twice, no more is held than may be, and little is sent where there is no room.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define ASKED 256

struct world {
	struct rd_clip *clip;
	uint32_t job;		/* that is to give a piece; 0: none */
	bool open[ASKED];	/* requests that have no answer yet */
	uint32_t asked;
	uint64_t now;
	bool full;
	unsigned pieces;	/* sent since then, */
	size_t words;		/* and bytes of all else */
};

static void
send(void *ctx, uint8_t peer, uint16_t type, struct rd_buf *body)
{
	struct world *w = ctx;
	(void)peer;
	if (body->len > rd_msg_limit(type))
		abort();
	if (!w->full)
		return;
	if (type == RD_MSG_DATA)
		w->pieces++;
	else
		w->words += RD_MSG_HEADER_SIZE + body->len;
	if (w->pieces > 2 * RD_CLIP_GIVES || w->words > RD_CLIP_LOOSE)
		abort();
}

static bool
room(void *ctx)
{
	return !((struct world *)ctx)->full;
}

static void
say(void *ctx, uint8_t peer, enum rd_clip_why why, const char *line)
{
	(void)ctx, (void)peer, (void)why;
	if (strlen(line) > 255)
		abort();
}

static void
own(void *ctx, const struct rd_clip_offer *o)
{
	(void)ctx;
	if (o->count > RD_CLIP_KINDS)
		abort();
}

static void
read_one(void *ctx, uint32_t job, uint8_t selection, const char *kind)
{
	(void)selection, (void)kind;
	((struct world *)ctx)->job = job;
}

static void
more(void *ctx, uint32_t job)
{
	((struct world *)ctx)->job = job;
}

static void
answer(void *ctx, uint32_t request, const uint8_t *data, size_t len)
{
	struct world *w = ctx;
	if (!w->open[request % ASKED] || (data && len > 100000))
		abort();
	w->open[request % ASKED] = false;
}

static int
keep(void *ctx, uint32_t job, const struct rd_clip_offer *o, const struct rd_buf *bodies)
{
	(void)ctx, (void)job;
	return !o->count ? 0 : bodies[0].len % 3 == 1 ? -1 : bodies[0].len % 3 ? -EINPROGRESS : 0;
}

static void
due(void *ctx, uint64_t ns)
{
	(void)ctx, (void)ns;
}

static const struct rd_clip_ops ops = {.send = send, .room = room, .say = say};
static const struct rd_clip_place place = {
	.own = own, .read = read_one, .more = more, .stop = more, .answer = answer, .keep = keep,
};

static void
step(struct world *w, uint8_t what, uint8_t peer, const uint8_t *data, size_t len)
{
	static const uint16_t types[] = {
		RD_MSG_OFFER, RD_MSG_DATA, RD_MSG_REFUSE, RD_MSG_WATCH, RD_MSG_WANT, RD_MSG_GOT,
		RD_MSG_CANCEL, RD_MSG_TOOK, 0x0642,
	};
	static const char *const kinds[] = {RD_CLIP_TEXT, RD_CLIP_HTML, RD_CLIP_PNG, "x/y"};
	struct rd_clip_offer o = {.origin = what, .count = 1, .kind = {{RD_CLIP_TEXT, 10}}};
	struct rd_msg m = {.data = data, .len = len};
	uint32_t job = w->job;
	w->now += (uint64_t)1 << (what % 40);
	switch (what % 16) {
	case 0:
		rd_clip_tick(w->clip, w->now);
		return;
	case 1:
		if (peer & 8)
			rd_clip_looking(w->clip, 0, peer & 16);
		else
			rd_clip_copied(w->clip, &o, w->now);
		return;
	case 2:
		if (w->open[w->asked % ASKED])
			return;
		w->open[w->asked % ASKED] = true;
		rd_clip_ask(w->clip, w->asked++, peer % 2, kinds[len % 4], w->now);
		return;
	case 3:
		w->job = 0;
		if (job)
			rd_clip_piece(w->clip, job, data, len, peer & 2, w->now);
		return;
	case 4:
		w->full = !w->full;
		w->pieces = 0;
		w->words = 0;
		rd_clip_room(w->clip, w->now);
		return;
	case 5:
		if (peer & 4)
			rd_clip_peer_gone(w->clip, peer & 1);
		else
			rd_clip_unread(w->clip, job, RD_CLIP_NO_ANSWER);
		return;
	default:
		m.type = types[(what % 16 - 6) % 9];
		rd_clip_message(w->clip, peer & 1, &m, w->now);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct world w = {.now = 1};
	const struct rd_clip_config cfg = {
		.gives = len % 3 != 0, .takes = len % 5 != 0, .primary = len % 2, .max = 100000,
		.ops = &ops, .ctx = &w, .place = &place, .due = due, .place_ctx = &w,
	};
	struct rd_reader r;
	w.clip = rd_clip_new(&cfg);
	rd_clip_offers_to(w.clip, 0);
	rd_reader_init(&r, data, len);
	while (rd_reader_left(&r) > 3) {
		uint8_t what = rd_reader_u8(&r), peer = rd_reader_u8(&r);
		size_t n = rd_reader_u8(&r);
		n = n < rd_reader_left(&r) ? n : rd_reader_left(&r);
		const uint8_t *body = rd_reader_bytes(&r, n);
		if (n)
			step(&w, what, peer, body, n);
	}
	rd_clip_free(w.clip);
	return 0;
}
