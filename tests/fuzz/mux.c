#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/mux.h"
#include "net/reasm.h"

/*
 * The first byte says which of two games is played, and how.
 *
 * Even: a hostile peer. Packets of frames, each behind its length in a byte; a
 * length of 0 stands before a byte that says what becomes of a packet of ours,
 * or how much time passes. Nothing crashes, and what is kept for the peer
 * grows with what it sent.
 *
 * Odd: two muxes, and bytes that say what each does and what the network does
 * to its packets. What comes out is a prefix of what went in, and all of it
 * once the network is good again.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MS UINT64_C(1000000)
#define ROOM 1150
#define PACKETS 32
#define IDS 160		/* of streams, unused beyond */
#define UNITS 256
#define UNIT_MAX 300000

static void
must(bool good)
{
	if (!good)
		abort();
}

struct packet {
	bool filled, come;
	struct rd_sent sent;
	uint8_t data[ROOM];
	size_t len;
};

struct side {
	struct side *peer;	/* NULL: a hostile one */
	struct rd_mux *m;
	bool deaf;		/* deals with nothing that comes */
	struct packet packet[PACKETS];
	unsigned next;
	/* what this side sent … */
	uint64_t written[IDS];
	bool opened[IDS], ended[IDS], reset[IDS];
	unsigned units[2], events;
	/* … and what of the other side's came */
	uint64_t come[IDS];
	bool over[IDS];
	bool unit_come[2][UNITS];
	unsigned settled[2], events_come;
	uint64_t stream_owed[IDS], unit_owed;
};

static uint8_t
pattern(uint64_t which, uint64_t offset)
{
	return (uint8_t)(which * 59 + offset * 3 + (offset >> 8));
}

static void
check(const uint8_t *data, size_t len, uint64_t which, uint64_t offset)
{
	for (size_t i = 0; i < len; i++)
		must(data[i] == pattern(which, offset + i));
}

/* Reads all of it, so that a sanitizer sees what is not there. */
static void
read_all(const uint8_t *data, size_t len)
{
	volatile uint8_t all = 0;

	for (size_t i = 0; i < len; i++)
		all ^= data[i];
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct side *s = ctx;

	read_all(data, len);
	must(len || fin);
	if (!s->peer) {
		if (!s->deaf)
			rd_mux_consumed(s->m, id, len);
		return;
	}
	must(id < IDS && s->peer->opened[id] && !s->over[id]);
	check(data, len, id, s->come[id]);
	s->come[id] += len;
	s->stream_owed[id] += len;
	must(s->come[id] <= s->peer->written[id]);
	must(!fin || (s->peer->ended[id] && s->come[id] == s->peer->written[id]));
	s->over[id] |= fin;
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	struct side *s = ctx;

	if (!s->peer)
		return;
	must(id < IDS && s->peer->reset[id] && !s->over[id] && code == id);
	s->over[id] = true;
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct side *s = ctx;
	unsigned kind = traffic == RD_TRAFFIC_PICTURE;

	read_all(data, len);
	if (!s->peer) {
		if (!s->deaf)
			rd_mux_units_consumed(s->m, len);
		return;
	}
	must(len > 0);
	unsigned n = data[0];
	must(n < s->peer->units[kind] && !s->unit_come[kind][n]);
	must(kind == 0 || n == s->settled[kind]);
	check(data + 1, len - 1, n, 0);
	s->unit_come[kind][n] = true;
	s->settled[kind]++;
	s->unit_owed += len;
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	struct side *s = ctx;

	s->settled[traffic == RD_TRAFFIC_PICTURE]++;
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct side *s = ctx;

	read_all(data, len);
	if (s->peer)
		check(data, len, s->events_come, 0);
	s->events_come++;
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	struct side *s = ctx;

	must(tag < s->units[traffic == RD_TRAFFIC_PICTURE]);
}

static const struct rd_mux_ops ops = {
	.stream = on_stream,
	.reset = on_reset,
	.unit = on_unit,
	.gap = on_gap,
	.event = on_event,
	.dropped = on_dropped,
};

static void
start(struct side *s, bool initiator)
{
	const struct rd_mux_config cfg = {
		.initiator = initiator,
		.unit_max = UNIT_MAX,
		.peer_window = RD_MUX_WINDOW,
		.peer_stream_window = RD_MUX_STREAM_WINDOW,
		.peer_units_window = RD_MUX_UNITS_WINDOW,
		.peer_unit_max = UNIT_MAX,
	};

	s->m = rd_mux_new(&cfg, &ops, s);
	s->opened[0] = true;
}

/* --- what a side does --- */

static uint8_t scratch[UNIT_MAX];

static void
draw(uint8_t *out, size_t len, uint64_t which, uint64_t offset)
{
	for (size_t i = 0; i < len; i++)
		out[i] = pattern(which, offset + i);
}

static void
open_stream(struct side *s, uint8_t how)
{
	static const enum rd_traffic kinds[] = {RD_TRAFFIC_CONTROL, RD_TRAFFIC_CLIPBOARD,
		RD_TRAFFIC_BULK};
	unsigned used = 0;

	for (unsigned i = 0; i < IDS; i++)
		used += s->opened[i];
	if (used >= IDS / 2 - 1)
		return;
	int64_t id = rd_mux_stream_open(s->m, kinds[how % 3]);
	if (id > 0)
		s->opened[id] = true;
}

static void
write_stream(struct side *s, uint64_t id, size_t len, bool fin)
{
	if (id >= IDS || !s->opened[id] || s->ended[id] || s->reset[id])
		return;
	draw(scratch, len, id, s->written[id]);
	must(rd_mux_stream_write(s->m, id, scratch, len, fin) == 0);
	s->written[id] += len;
	s->ended[id] = fin;
}

static void
reset_stream(struct side *s, uint64_t id)
{
	if (id >= IDS || !s->opened[id])
		return;
	s->reset[id] = true;
	rd_mux_stream_reset(s->m, id, id);
}

static void
add_unit(struct side *s, enum rd_traffic traffic, size_t len, uint64_t deadline_ns)
{
	unsigned *n = &s->units[traffic == RD_TRAFFIC_PICTURE];

	if (*n == UNITS)
		return;
	scratch[0] = (uint8_t)*n;
	draw(scratch + 1, len, *n, 0);
	must(rd_mux_unit(s->m, traffic, scratch, len + 1, deadline_ns, *n) == 0);
	++*n;
}

static void
add_event(struct side *s, size_t len)
{
	draw(scratch, len, s->events, 0);
	if (rd_mux_event(s->m, scratch, len, 0) == 0)
		s->events++;
}

static void
consume(struct side *s)
{
	for (uint64_t id = 0; id < IDS; id++) {
		rd_mux_consumed(s->m, id, s->stream_owed[id]);
		s->stream_owed[id] = 0;
	}
	rd_mux_units_consumed(s->m, s->unit_owed);
	s->unit_owed = 0;
}

/* The next packet; what became of the one whose place it takes was never known. */
static bool
fill(struct side *s, uint64_t now_ns)
{
	struct packet *p = &s->packet[s->next++ % PACKETS];

	if (p->filled)
		for (unsigned i = 0; i < p->sent.count; i++)
			rd_mux_lost(s->m, &p->sent.frames[i]);
	*p = (struct packet){.filled = true};
	bool pending = rd_mux_pending(s->m, now_ns);
	p->len = rd_mux_fill(s->m, p->data, ROOM, &p->sent, now_ns, 0);
	must(pending == (p->len > 0) && p->sent.count <= RD_SENT_FRAMES);
	return pending;
}

static void
deliver(struct side *s, struct packet *p)
{
	struct rd_reader r;
	struct rd_frame f;

	rd_reader_init(&r, p->data, p->len);
	while (rd_reader_left(&r)) {
		must(rd_frame_parse(&f, &r) == 0);
		must(rd_mux_frame(s->peer->m, &f, 0) == 0);
	}
	p->come = true;
}

static void
acked(struct side *s, const struct packet *p)
{
	for (unsigned i = 0; i < p->sent.count; i++)
		rd_mux_acked(s->m, &p->sent.frames[i]);
}

static void
lost(struct side *s, const struct packet *p)
{
	for (unsigned i = 0; i < p->sent.count; i++)
		rd_mux_lost(s->m, &p->sent.frames[i]);
}

static void
tick(struct side *s, uint64_t now_ns)
{
	rd_mux_tick(s->m, now_ns);
	must(rd_mux_deadline(s->m) > now_ns);
}

/* --- a hostile peer --- */

static void
occupy(struct side *s)
{
	open_stream(s, 0);
	open_stream(s, 2);
	for (uint64_t id = 0; id < 4; id++)
		write_stream(s, id, 3000, id == 3);
	add_unit(s, RD_TRAFFIC_PICTURE, 5000, 100 * MS);
	add_unit(s, RD_TRAFFIC_SOUND, 100, 50 * MS);
	add_event(s, 20);
}

static void
befall(struct side *s, uint8_t what, uint64_t *now_ns)
{
	struct packet *p = &s->packet[what % PACKETS];

	switch (what / PACKETS % 4) {
	case 0:
		fill(s, *now_ns);
		break;
	case 1:
		acked(s, p);
		break;
	case 2:
		lost(s, p);
		break;
	default:
		*now_ns += what % PACKETS * MS;
		tick(s, *now_ns);
	}
}

static int
packet_comes(struct side *s, const uint8_t *data, size_t len, size_t *frames)
{
	struct rd_reader r;
	struct rd_frame f;

	rd_reader_init(&r, data, len);
	while (rd_reader_left(&r) && rd_frame_parse(&f, &r) == 0) {
		int err = rd_mux_frame(s->m, &f, 0);
		if (err)
			return err;
		++*frames;
	}
	return 0;
}

static void
hostile(uint8_t how, const uint8_t *data, size_t size)
{
	struct side *s = calloc(1, sizeof(*s));
	uint64_t now_ns = 0;
	size_t frames = 0;

	must(s != NULL);
	s->deaf = how & 4;
	start(s, how & 2);
	occupy(s);
	struct rd_reader r;
	rd_reader_init(&r, data, size);
	while (rd_reader_left(&r)) {
		size_t len = rd_reader_u8(&r);
		if (len == 0) {
			befall(s, rd_reader_u8(&r), &now_ns);
			continue;
		}
		if (len > rd_reader_left(&r))
			len = rd_reader_left(&r);
		if (packet_comes(s, rd_reader_bytes(&r, len), len, &frames))
			break;
		/* two pages and a record for a frame, and all streams by a single one */
		must(rd_mux_memory(s->m).received <= frames * (2 * RD_REASM_PAGE * 5 / 4 + 256) +
				2 * size + (RD_MUX_STREAMS + 1) * 256);
	}
	rd_mux_free(s->m);
	free(s);
}

/* --- two muxes --- */

static void
act(struct side *s, uint8_t what, uint8_t how, uint64_t *now_ns)
{
	struct packet *p = &s->packet[how % PACKETS];

	switch (what % 16) {
	case 0:
		write_stream(s, how % 16 * 2 + (s->opened[3] && how % 16), (size_t)how * 40, false);
		break;
	case 1:
		open_stream(s, how);
		break;
	case 2:
		write_stream(s, how, how, true);
		break;
	case 3:
		reset_stream(s, how % 8 ? how : 2);
		break;
	case 4:
		add_unit(s, RD_TRAFFIC_PICTURE, (size_t)how * how * 4,
			how % 2 ? UINT64_MAX : *now_ns + how * MS);
		break;
	case 5:
		add_unit(s, RD_TRAFFIC_SOUND, how * 2, how % 2 ? UINT64_MAX : *now_ns + how * MS);
		break;
	case 6:
		add_event(s, how * 4);
		break;
	case 7:
		rd_mux_drop_units(s->m, how % 2 ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND);
		break;
	case 8:
	case 9:
	case 10:
		fill(s, *now_ns);
		break;
	case 11:
	case 12:
		deliver(s, p);
		break;
	case 13:
		if (p->come)
			acked(s, p);
		break;
	case 14:
		lost(s, p);
		break;
	default:
		*now_ns += how * MS / 4;
		tick(s, *now_ns);
		consume(s);
	}
}

/* Nothing is lost from now on. */
static void
settle(struct side *a, uint64_t *now_ns)
{
	bool busy = true;

	for (unsigned i = 0; i < PACKETS; i++)
		for (unsigned n = 0; n < 2; n++)
			lost(&a[n], &a[n].packet[i]);
	for (unsigned rounds = 0; busy; rounds++) {
		must(rounds < 100000);
		busy = false;
		*now_ns += 50 * MS;
		for (unsigned n = 0; n < 2; n++) {
			struct side *s = &a[n];
			tick(s, *now_ns);
			consume(s);
			while (fill(s, *now_ns)) {
				struct packet *p = &s->packet[(s->next - 1) % PACKETS];
				deliver(s, p);
				acked(s, p);
				p->filled = false;
				busy = true;
			}
			s->packet[(s->next - 1) % PACKETS].filled = false;
		}
	}
}

static void
check_end(const struct side *from, const struct side *to)
{
	for (unsigned id = 0; id < IDS; id++) {
		must(to->over[id] == (from->ended[id] || from->reset[id]));
		must(from->reset[id] || to->come[id] == from->written[id]);
	}
	must(to->settled[0] == from->units[0] && to->settled[1] == from->units[1]);
	must(to->events_come == from->events);
}

static void
friends(const uint8_t *data, size_t size)
{
	struct side *a = calloc(2, sizeof(*a));
	uint64_t now_ns = 0;

	must(a != NULL);
	for (unsigned n = 0; n < 2; n++) {
		a[n].peer = &a[1 - n];
		start(&a[n], n == 0);
	}
	for (size_t i = 0; i + 1 < size; i += 2)
		act(&a[data[i] >> 4 & 1], data[i], data[i + 1], &now_ns);
	settle(a, &now_ns);
	check_end(&a[0], &a[1]);
	check_end(&a[1], &a[0]);
	for (unsigned n = 0; n < 2; n++)
		rd_mux_free(a[n].m);
	free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] % 2)
		friends(data + 1, size - 1);
	else
		hostile(data[0], data + 1, size - 1);
	return 0;
}
