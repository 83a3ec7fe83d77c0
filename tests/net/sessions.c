/*
 * Whole sessions over bad networks, thousands of them, each from its own seed:
 * loss, duplicates, other orders, cut and changed datagrams, replays,
 * reflections, moves of both ends, broken TCP connections, rekeyings, and
 * traffic of every kind. Of each is asked that it carries what it promised and
 * ends.
 *
 *	RD_SEED=n	the first one's seed; the others' follow it
 *	RD_SESSIONS=n	how many
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "net/pair.h"

/* Under sanitizers each takes several times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SESSIONS 2500
#else
#define SESSIONS 10000
#endif

#define STREAMS 12
#define UNITS 64
#define ACTIONS_MAX 40		/* of each end */
#define EVENT_MAX 40
#define UNIT_MAX 30000
#define LIMIT_NS (240 * S)	/* of virtual time, for what was begun to arrive */
#define MEMORY_MAX (RD_MUX_WINDOW + RD_MUX_STREAM_WINDOW + RD_MUX_UNITS_WINDOW + (1 << 20))
#define DIALS 5

struct sent_stream {
	int64_t id;
	uint64_t bytes;
	bool fin, reset;
	/* and what the peer has seen of it */
	uint64_t got;
	bool got_fin, got_reset;
};

struct sent_unit {
	enum rd_traffic traffic;
	size_t len;
	bool dropped, got;
};

struct world;

struct side {
	struct party party;	/* first: pair.h's callbacks find it here */
	struct world *world;
	struct side *peer;
	bool established;
	struct sent_stream streams[STREAMS + 1]; /* the first is stream 0 */
	unsigned stream_count;
	struct sent_unit units[UNITS];
	unsigned unit_count;
	uint32_t events, events_got;
	int64_t last_picture;
	uint64_t unconsumed[STREAMS + 1], units_unconsumed;
	bool holding;		/* what comes is not dealt with for now */
	unsigned actions;
	uint64_t act_ns;
	uint64_t salt;
};

struct world {
	struct pair pair;
	struct side viewer, host;
	uint64_t seed;
	uint32_t carrier;	/* 0: datagrams */
	uint16_t ports;		/* used so far */
	bool by_password;
	unsigned dials;
};

static uint64_t first_seed;
static struct {
	uint64_t moves, rekeyings, breaks, units, units_lost, bytes, events, redials, harmed;
} sum;

static void
fail_session(const struct world *w, const char *what)
{
	print_message("a session of seed 0x%" PRIx64 ": %s\n", w->seed, what);
	if (w->viewer.party.closed || w->host.party.closed)
		print_message("viewer: %s, host: %s\n",
			w->viewer.party.closed ? rd_close_name(w->viewer.party.code) : "open",
			w->host.party.closed ? rd_close_name(w->host.party.code) : "open");
	print_message("again: RD_SEED=0x%" PRIx64 " RD_SESSIONS=1\n", w->seed);
	fail();
}

#define check(w, condition) \
	do { \
		if (!(condition)) \
			fail_session(w, #condition); \
	} while (0)

static uint8_t
content(uint64_t salt, uint64_t of, uint64_t at)
{
	return (uint8_t)((salt + of * 0x9e3779b1 + at) * UINT64_C(0x2545f4914f6cdd1d) >> 53);
}

/* --- what comes --- */

static void
consume(struct side *s)
{
	struct rd_mux *m = rd_conn_mux(s->party.conn);
	if (!m)
		return;
	for (unsigned i = 0; i <= STREAMS; i++) {
		if (s->unconsumed[i])
			rd_mux_consumed(m, (uint64_t)s->peer->streams[i].id, s->unconsumed[i]);
		s->unconsumed[i] = 0;
	}
	if (s->units_unconsumed)
		rd_mux_units_consumed(m, s->units_unconsumed);
	s->units_unconsumed = 0;
}

/* The peer's record of a stream. */
static unsigned
stream_of(const struct side *s, uint64_t id)
{
	for (unsigned i = 0; i < s->peer->stream_count; i++)
		if (s->peer->streams[i].id == (int64_t)id)
			return i;
	fail_session(s->world, "a stream that nobody opened");
	return 0;
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct side *s = ctx;
	unsigned i = stream_of(s, id);
	struct sent_stream *t = &s->peer->streams[i];
	check(s->world, !t->got_fin && !t->got_reset);
	check(s->world, t->got + len <= t->bytes);
	for (size_t at = 0; at < len; at++)
		if (data[at] != content(s->peer->salt, id, t->got + at))
			fail_session(s->world, "a wrong byte");
	t->got += len;
	t->got_fin = fin;
	check(s->world, !fin || (t->fin && t->got == t->bytes));
	s->unconsumed[i] += len;
	sum.bytes += len;
	if (!s->holding)
		consume(s);
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	struct side *s = ctx;
	struct sent_stream *t = &s->peer->streams[stream_of(s, id)];
	check(s->world, t->reset && !t->got_reset && !t->got_fin && code == id);
	t->got_reset = true;
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct side *s = ctx;
	check(s->world, len >= 4);
	uint32_t tag;
	memcpy(&tag, data, 4);
	check(s->world, tag < s->peer->unit_count);
	struct sent_unit *u = &s->peer->units[tag];
	check(s->world, u->traffic == traffic && u->len == len && !u->got);
	for (size_t at = 4; at < len; at++)
		if (data[at] != content(s->peer->salt, tag, at))
			fail_session(s->world, "a wrong byte in a unit");
	u->got = true;
	if (traffic == RD_TRAFFIC_PICTURE) {
		check(s->world, (int64_t)tag > s->last_picture);
		s->last_picture = tag;
	}
	s->units_unconsumed += len;
	if (!s->holding)
		consume(s);
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	struct side *s = ctx;
	bool any = false;
	for (unsigned i = 0; i < s->peer->unit_count; i++)
		any = any || (s->peer->units[i].dropped && s->peer->units[i].traffic == traffic);
	check(s->world, any);
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct side *s = ctx;
	uint32_t number;
	check(s->world, len >= 4);
	memcpy(&number, data, 4);
	check(s->world, number == s->events_got && number < s->peer->events);
	for (size_t at = 4; at < len; at++)
		check(s->world, data[at] == content(s->peer->salt, number, at));
	s->events_got++;
	sum.events++;
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	struct side *s = ctx;
	check(s->world, tag < s->unit_count && s->units[tag].traffic == traffic);
	check(s->world, !s->units[tag].dropped);
	s->units[tag].dropped = true;
}

static void
on_established(void *ctx)
{
	struct side *s = ctx;
	check(s->world, !s->established);
	s->established = true;
}

static const struct rd_conn_ops conn_ops = {
	.mux = {
		.stream = on_stream,
		.reset = on_reset,
		.unit = on_unit,
		.gap = on_gap,
		.event = on_event,
		.dropped = on_dropped,
	},
	.established = on_established,
	.moved = pair_moved,
	.silent = pair_silent,
	.closed = pair_closed,
};

static bool
on_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct world *w = ctx;
	*ops = conn_ops;
	*conn_ctx = &w->host;
	w->host.party.conn = w->pair.host_end.session = conn;
	return true;
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct world *w = ctx;
	(void)conn, (void)conn_ctx;
	w->host.party.gone++;
	w->host.party.conn = w->pair.host_end.session = NULL;
}

static const struct rd_server_ops server_ops = {.accept = on_accept, .gone = on_gone};

static bool
on_stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	const struct side *s = ctx;
	check(s->world, memcmp(salt, s->world->pair.salt, 16) == 0);
	memcpy(prs, s->world->pair.prs, RD_CONN_PRF_SIZE);
	return true;
}

/* --- what an end does --- */

static void
write_some(struct side *s, struct sent_stream *t, size_t len, bool fin)
{
	uint8_t data[20000];
	for (size_t i = 0; i < len; i++)
		data[i] = content(s->salt, (uint64_t)t->id, t->bytes + i);
	t->bytes += len;
	t->fin = fin;
	check(s->world, rd_mux_stream_write(rd_conn_mux(s->party.conn), (uint64_t)t->id, data, len,
		fin) == 0);
}

static size_t
some_length(size_t most)
{
	return dice_below(4) ? dice_below(most / 20 + 1) : dice_below(most + 1);
}

static void
act_stream(struct side *s)
{
	struct rd_mux *m = rd_conn_mux(s->party.conn);
	if (s->stream_count <= STREAMS && dice_below(3) == 0) {
		int64_t id = rd_mux_stream_open(m, dice_below(2) ? RD_TRAFFIC_BULK : RD_TRAFFIC_CLIPBOARD);
		check(s->world, id > 0);
		s->streams[s->stream_count++] = (struct sent_stream){.id = id};
	}
	unsigned i = (unsigned)dice_below(s->stream_count);
	struct sent_stream *t = &s->streams[i];
	if (t->fin || t->reset)
		return;
	if (i > 0 && dice_below(12) == 0) {
		rd_mux_stream_reset(m, (uint64_t)t->id, (uint64_t)t->id);
		t->reset = true;
		return;
	}
	write_some(s, t, some_length(20000), i > 0 && dice_below(4) == 0);
}

static void
act_unit(struct side *s)
{
	uint8_t data[UNIT_MAX + 4];
	if (s->unit_count == UNITS)
		return;
	uint32_t tag = s->unit_count++;
	struct sent_unit *u = &s->units[tag];
	u->traffic = dice_below(2) ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND;
	u->len = 4 + some_length(u->traffic == RD_TRAFFIC_PICTURE ? UNIT_MAX : 400);
	memcpy(data, &tag, 4);
	for (size_t at = 4; at < u->len; at++)
		data[at] = content(s->salt, tag, at);
	uint64_t now = s->world->pair.net.now_ns;
	uint64_t late = dice_below(4) ? now + (20 + dice_below(300)) * MS : UINT64_MAX;
	check(s->world, rd_mux_unit(rd_conn_mux(s->party.conn), u->traffic, data, u->len, late, tag) == 0);
	sum.units++;
}

static void
act_events(struct side *s)
{
	uint8_t data[EVENT_MAX];
	for (unsigned n = 1 + (unsigned)dice_below(5); n > 0; n--) {
		size_t len = 4 + dice_below(EVENT_MAX - 3);
		memcpy(data, &s->events, 4);
		for (size_t at = 4; at < len; at++)
			data[at] = content(s->salt, s->events, at);
		int err = rd_mux_event(rd_conn_mux(s->party.conn), data, len, s->world->pair.net.now_ns);
		check(s->world, err == 0);
		s->events++;
	}
}

static void
act_drop(struct side *s)
{
	enum rd_traffic traffic = dice_below(2) ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND;
	rd_mux_drop_units(rd_conn_mux(s->party.conn), traffic);
	/* Of those that are still there nothing is told. */
	for (unsigned i = 0; i < s->unit_count; i++)
		if (s->units[i].traffic == traffic)
			s->units[i].dropped = true;
}

static bool
same_place(const struct rd_addr *a, const struct rd_addr *b)
{
	return rd_addr_same_ip(a, b) && a->port == b->port;
}

/* Each end knows where the other lives: if both moved at once nobody would find anybody. */
static bool
healed(const struct world *w)
{
	const struct rd_addr *to_host = rd_conn_path(w->viewer.party.conn);
	const struct rd_addr *to_viewer = rd_conn_path(w->host.party.conn);
	return same_place(to_host, &w->pair.host_end.addr) && to_host->carrier == w->carrier &&
		same_place(to_viewer, &w->pair.viewer_end.addr) && to_viewer->carrier == w->carrier;
}

static struct rd_addr
host_addr(const struct world *w)
{
	struct rd_addr to = w->pair.host_end.addr;
	to.stream = w->carrier != 0;
	to.carrier = w->carrier;
	return to;
}

/* The connection breaks, and all that is in it; another one is made, or datagrams go again. */
static void
act_break(struct world *w)
{
	struct vnet *net = &w->pair.net;
	uint32_t was = w->carrier;
	for (size_t i = 0; i < net->flying; i++)
		if (net->heap[i].to.stream)
			net->heap[i].to.port = 0;
	rd_conn_carrier_gone(w->viewer.party.conn, was, net->now_ns);
	rd_server_carrier_gone(w->pair.server, was, net->now_ns);
	w->carrier = dice_below(2) ? was + 1 : 0;
	struct rd_addr to = host_addr(w);
	rd_conn_move(w->viewer.party.conn, &to, net->now_ns);
	sum.breaks++;
}

static void
act_move(struct side *s)
{
	struct world *w = s->world;
	struct vnet *net = &w->pair.net;
	if (!w->host.party.conn || !healed(w))
		return;
	sum.moves++;
	if (w->carrier && s == &w->viewer) {
		act_break(w);
	} else if (!w->carrier && dice_below(4) == 0) {
		if (s == &w->host)
			return;
		w->carrier = 40 + (uint32_t)dice_below(10);
		struct rd_addr to = host_addr(w);
		rd_conn_move(w->viewer.party.conn, &to, net->now_ns);
	} else if (!w->carrier) {
		struct vnet_end *e = s == &w->host ? &w->pair.host_end : &w->pair.viewer_end;
		uint8_t host = dice_below(2) ? e->addr.ip[3] : (uint8_t)(e->addr.ip[3] + 2);
		e->addr = vnet_addr(host, (uint16_t)(6000 + w->ports++));
		if (s == &w->viewer && dice_below(2)) {
			struct rd_addr to = *rd_conn_path(s->party.conn);
			rd_conn_move(s->party.conn, &to, net->now_ns);
		}
	}
}

static void
act(struct side *s)
{
	s->act_ns = s->world->pair.net.now_ns + dice_below(60) * MS;
	s->actions--;
	unsigned kind = (unsigned)dice_below(100);
	if (kind < 35)
		act_stream(s);
	else if (kind < 60)
		act_unit(s);
	else if (kind < 80)
		act_events(s);
	else if (kind < 84)
		act_drop(s);
	else if (kind < 90)
		act_move(s);
	else if (kind < 94)
		s->holding = true;
	else if (kind < 97 && s == &s->world->viewer) {
		rd_conn_rekey(s->party.conn, s->world->pair.net.now_ns);
		sum.rekeyings++;
	} else {
		s->holding = false;
		consume(s);
	}
	if (s->actions > 0)
		return;
	s->holding = false;
	consume(s);
	for (unsigned i = 1; i < s->stream_count; i++)
		if (!s->streams[i].fin && !s->streams[i].reset)
			write_some(s, &s->streams[i], 0, true);
}

/* --- a session's life --- */

static bool
all_arrived(const struct side *s)
{
	for (unsigned i = 0; i < s->stream_count; i++) {
		const struct sent_stream *t = &s->streams[i];
		if (i == 0 ? t->got != t->bytes : t->reset ? !t->got_reset && !t->got_fin : !t->got_fin)
			return false;
	}
	for (unsigned i = 0; i < s->unit_count; i++)
		if (!s->units[i].got && !s->units[i].dropped)
			return false;
	return s->actions == 0 && s->peer->events_got == s->events;
}

static bool
both_open(void *ctx)
{
	const struct world *w = ctx;
	return (w->viewer.established && w->host.established) ||
		rd_conn_over(w->viewer.party.conn);
}

static bool
all_done(void *ctx)
{
	const struct world *w = ctx;
	check(w, w->viewer.party.closed == 0 && w->host.party.closed == 0);
	return all_arrived(&w->viewer) && all_arrived(&w->host);
}

static bool
all_over(void *ctx)
{
	const struct world *w = ctx;
	return rd_conn_over(w->viewer.party.conn) && rd_server_count(w->pair.server) == 0;
}

static void
check_memory(const struct side *s)
{
	struct rd_mux_memory m = rd_mux_memory(rd_conn_mux(s->party.conn));
	check(s->world, m.received <= MEMORY_MAX);
}

static void
begin_side(struct world *w, struct side *s, struct side *peer)
{
	s->world = w;
	s->peer = peer;
	s->stream_count = 1;
	s->last_picture = -1;
	s->actions = 1 + (unsigned)dice_below(ACTIONS_MAX);
	s->salt = dice();
}

static void
begin_weather(struct vnet_weather *t)
{
	static const size_t mtus[] = {0, 1200, 1300, 1400, 1452, 1472, 9000};
	static const unsigned losses[] = {0, 10, 50, 100, 200};
	*t = (struct vnet_weather){
		.loss = losses[dice_below(5)],
		.twice = (unsigned)dice_below(100),
		.harm = (unsigned)dice_below(100),
		.replay = (unsigned)dice_below(60),
		.reflect = (unsigned)dice_below(60),
		.delay_ns = (1 + dice_below(dice_below(2) ? 20 : 100)) * MS,
		.jitter_ns = dice_below(2) ? 0 : dice_below(50) * MS,
		.mtu = mtus[dice_below(7)],
	};
}

static void
begin(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->seed = dice_state = seed;
	struct pair *p = &w->pair;
	p->cc = dice_below(4) ? NULL : "fixed";
	p->bps = p->cc ? 8000000 : 0;
	w->by_password = dice_below(8) == 0;
	w->carrier = dice_below(8) == 0;
	pair_init(p, false, true);
	/* pair_init's server has the callbacks of simpler tests. */
	rd_server_free(p->server);
	struct rd_server_config cfg = {.conn = pair_config(p, &p->host_keys), .has_password = true};
	memcpy(cfg.prs, p->prs, sizeof(cfg.prs));
	memcpy(cfg.salt, p->salt, sizeof(cfg.salt));
	p->server = p->host_end.server = rd_server_new(&cfg, &server_ops, w);
	begin_weather(&p->net.weather);
	begin_side(w, &w->viewer, &w->host);
	begin_side(w, &w->host, &w->viewer);
}

/* The network may eat a whole handshake: then it says so in time, and one dials again. */
static void
open_session(struct world *w)
{
	struct pair *p = &w->pair;
	struct rd_conn_config cfg = pair_config(p, &p->viewer_keys);
	for (; w->dials < DIALS; w->dials++) {
		struct rd_conn_dial dial = {.to = host_addr(w), .wall_ns = p->net.now_ns + p->wall_ns++,
			.host = w->by_password ? NULL : &p->host_keys.public, .stretch = on_stretch};
		rd_conn_free(w->viewer.party.conn);
		memset(&w->viewer.party, 0, sizeof(w->viewer.party));
		w->viewer.established = false;
		w->viewer.party.conn = rd_conn_dial(&cfg, &dial, &conn_ops, &w->viewer, p->net.now_ns);
		p->viewer_end.conn = w->viewer.party.conn;
		check(w, vnet_run(&p->net, p->net.now_ns + 60 * S, both_open, w));
		if (w->viewer.established && w->host.established)
			break;
		check(w, !w->host.established);
		sum.redials++;
	}
	check(w, w->dials < DIALS);
	check(w, rd_key_equal(rd_conn_peer(w->viewer.party.conn), &p->host_keys.public));
	check(w, rd_key_equal(rd_conn_peer(w->host.party.conn), &p->viewer_keys.public));
	check(w, memcmp(rd_conn_hash(w->viewer.party.conn), rd_conn_hash(w->host.party.conn), 64) == 0);
}

static void
use_session(struct world *w)
{
	struct vnet *net = &w->pair.net;
	uint64_t start = net->now_ns;
	while (w->viewer.actions || w->host.actions) {
		uint64_t viewer = w->viewer.actions ? w->viewer.act_ns : UINT64_MAX;
		uint64_t host = w->host.actions ? w->host.act_ns : UINT64_MAX;
		struct side *next = viewer < host ? &w->viewer : &w->host;
		if (next->act_ns > net->now_ns)
			vnet_run(net, next->act_ns, NULL, NULL);
		check(w, w->viewer.party.closed == 0 && w->host.party.closed == 0);
		act(next);
		check_memory(&w->viewer);
		check_memory(&w->host);
	}
	check(w, net->now_ns - start < LIMIT_NS);
	if (!vnet_run(net, net->now_ns + LIMIT_NS, all_done, w))
		fail_session(w, "it is stuck");
}

static void
end_session(struct world *w)
{
	struct pair *p = &w->pair;
	if (dice_below(2))
		rd_conn_close(w->viewer.party.conn, RD_CLOSE_DONE, "", p->net.now_ns);
	else
		rd_conn_close(w->host.party.conn, RD_CLOSE_DONE, "", p->net.now_ns);
	check(w, vnet_run(&p->net, p->net.now_ns + 60 * S, all_over, w));
	check(w, w->viewer.party.closed == 1 && w->host.party.closed == 1);
	check(w, w->host.party.gone == 1);
	/* CLOSE is said a few times; when the network eats them all, silence tells. */
	check(w, w->viewer.party.code == RD_CLOSE_DONE || w->viewer.party.code == RD_CLOSE_SILENT);
	check(w, w->host.party.code == RD_CLOSE_DONE || w->host.party.code == RD_CLOSE_SILENT);
	check(w, p->net.harmed_accepted == 0);
	sum.harmed += p->net.harmed;
	for (unsigned i = 0; i < w->viewer.unit_count; i++)
		sum.units_lost += !w->viewer.units[i].got;
	for (unsigned i = 0; i < w->host.unit_count; i++)
		sum.units_lost += !w->host.units[i].got;
}

static void
sessions(void **state)
{
	static struct world w;
	const char *given = getenv("RD_SESSIONS");
	unsigned count = given ? (unsigned)strtoul(given, NULL, 0) : SESSIONS;
	(void)state;
	for (unsigned i = 0; i < count; i++) {
		begin(&w, first_seed + i);
		open_session(&w);
		use_session(&w);
		end_session(&w);
		rd_conn_free(w.viewer.party.conn);
		w.viewer.party.conn = w.pair.viewer_end.conn = NULL;
		pair_finish(&w.pair);
	}
	print_message("%u sessions: %" PRIu64 " bytes, %" PRIu64 " events, %" PRIu64 " units (%" PRIu64
		" late), %" PRIu64 " moves, %" PRIu64 " broken connections, %" PRIu64 " rekeyings, %"
		PRIu64 " forgeries, %" PRIu64 " redials\n", count, sum.bytes, sum.events, sum.units,
		sum.units_lost, sum.moves, sum.breaks, sum.rekeyings, sum.harmed, sum.redials);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions),
	};
	dice_seed();
	first_seed = dice_state; /* before libsodium throws its first */
	if (vnet_sodium() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
