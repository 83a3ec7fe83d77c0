#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/session_pair.h"
#include "net/password.h"

#define TURNS_MAX 100	/* no handshake takes as many */
/* Faster than any processor: what is measured is the work, not the waiting. */
#define RATE_BPS UINT64_C(100000000000)

/* --- what a session tells; its ctx is the end --- */

static void
on_established(void *ctx)
{
	((struct pair_end *)ctx)->established = true;
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	(void)code, (void)text;
	((struct pair_end *)ctx)->closed = true;
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct pair_end *e = ctx;
	(void)data, (void)fin;
	e->bytes += len;
	rd_mux_consumed(pair_mux(e->pair, e->side), id, len);
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct pair_end *e = ctx;
	(void)traffic, (void)data;
	e->bytes += len;
	rd_mux_units_consumed(pair_mux(e->pair, e->side), len);
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	(void)ctx, (void)id, (void)code;
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	(void)ctx, (void)traffic;
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	(void)ctx, (void)data, (void)len;
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	(void)ctx, (void)traffic, (void)tag;
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
	.closed = on_closed,
};

static bool
on_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct pair *p = ctx;
	p->host = conn;
	*ops = conn_ops;
	*conn_ctx = &p->end[HOST];
	return true;
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct pair *p = ctx;
	(void)conn_ctx;
	if (p->host == conn)
		p->host = NULL;
}

static const struct rd_server_ops server_ops = {.accept = on_accept, .gone = on_gone};

static bool
on_stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	const struct pair *p = ((const struct pair_end *)ctx)->pair;
	if (p->password)
		return rd_password_stretch(p->password, strlen(p->password), salt, prs) == 0;
	memcpy(prs, p->prs, RD_CONN_PRF_SIZE);
	return true;
}

/* --- making them --- */

static struct rd_conn_config
config(struct pair *p, enum side side)
{
	return (struct rd_conn_config){.own = &p->keys[side], .cc = "fixed", .cc_bps = RATE_BPS,
		.unit_max = 1 << 20};
}

void
pair_open(struct pair *p)
{
	*p = (struct pair){.now_ns = RD_NS_PER_S, .wall_ns = RD_NS_PER_S};
	for (enum side s = HOST; s < SIDES; s++) {
		rd_keypair_new(&p->keys[s]);
		p->end[s].pair = p;
		p->end[s].side = s;
		p->at[s] = (struct rd_addr){.family = 4, .port = 21118,
			.ip = {192, 0, 2, (uint8_t)(s + 1)}};
	}
	randombytes_buf(p->prs, sizeof(p->prs));
	randombytes_buf(p->salt, sizeof(p->salt));
	struct rd_server_config cfg = {.conn = config(p, HOST), .introduce = true,
		.has_password = true};
	memcpy(cfg.prs, p->prs, sizeof(cfg.prs));
	memcpy(cfg.salt, p->salt, sizeof(cfg.salt));
	p->server = rd_server_new(&cfg, &server_ops, p);
}

void
pair_close(struct pair *p)
{
	rd_conn_free(p->viewer);
	rd_server_free(p->server);
	rd_keypair_wipe(&p->keys[HOST]);
	rd_keypair_wipe(&p->keys[VIEWER]);
	p->viewer = NULL;
	p->server = NULL;
}

void
pair_dial(struct pair *p, bool by_password)
{
	struct rd_conn_config cfg = config(p, VIEWER);
	struct rd_conn_dial dial = {.to = p->at[HOST], .stretch = on_stretch,
		.host = by_password ? NULL : &p->keys[HOST].public, .wall_ns = p->wall_ns++};
	uint64_t before = rd_clock_cpu_ns();
	p->viewer = rd_conn_dial(&cfg, &dial, &conn_ops, &p->end[VIEWER], p->now_ns);
	p->end[VIEWER].cpu_ns += rd_clock_cpu_ns() - before;
}

/* --- letting them talk --- */

static size_t
next(struct pair *p, enum side from, uint8_t *out)
{
	struct rd_addr to;
	if (from == HOST)
		return rd_server_send(p->server, &to, out, RD_PACKET_MAX, p->now_ns);
	return p->viewer ? rd_conn_send(p->viewer, &to, out, RD_PACKET_MAX, p->now_ns) : 0;
}

/* One behind the other, as an endpoint has them. True: there was something to send. */
static bool
send_train(struct pair *p, enum side from)
{
	size_t at = 0, n;
	bool any = false;
	p->train.count = 0;
	while (p->train.count < PAIR_TRAIN && (n = next(p, from, p->train.bytes + at)) > 0) {
		any = true;
		if (n > PAIR_DATAGRAM)
			continue;
		p->end[from].sent[n]++;
		p->train.len[p->train.count++] = n;
		at += n;
	}
	return any;
}

static void
take_train(struct pair *p, enum side to)
{
	uint8_t *at = p->train.bytes;
	for (size_t i = 0; i < p->train.count; at += p->train.len[i++]) {
		if (to == HOST)
			rd_server_receive(p->server, &p->at[VIEWER], at, p->train.len[i], p->now_ns);
		else if (p->viewer)
			rd_conn_receive(p->viewer, &p->at[HOST], at, p->train.len[i], p->now_ns);
	}
}

static void
tick(struct pair *p, enum side side)
{
	if (side == HOST && rd_server_deadline(p->server) <= p->now_ns)
		rd_server_tick(p->server, p->now_ns);
	else if (side == VIEWER && p->viewer && rd_conn_deadline(p->viewer) <= p->now_ns)
		rd_conn_tick(p->viewer, p->now_ns);
}

/* What the end has to say goes to the other one. */
static bool
speak(struct pair *p, enum side from)
{
	enum side to = from == HOST ? VIEWER : HOST;
	uint64_t start = rd_clock_cpu_ns();
	tick(p, from);
	bool any = send_train(p, from);
	uint64_t sent = rd_clock_cpu_ns();
	take_train(p, to);
	p->end[from].cpu_ns += sent - start;
	p->end[to].cpu_ns += rd_clock_cpu_ns() - sent;
	return any;
}

bool
pair_exchange(struct pair *p)
{
	bool viewer = speak(p, VIEWER);
	return speak(p, HOST) || viewer;
}

void
pair_stand(struct pair *p)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		if (p->end[VIEWER].established && p->end[HOST].established)
			return;
		pair_exchange(p);
	}
	bench_die("two ends in one process do not come together");
}

void
pair_hang_up(struct pair *p)
{
	rd_conn_close(p->viewer, RD_CLOSE_DONE, "", p->now_ns);
	for (int i = 0; i < TURNS_MAX && (p->host || !rd_conn_over(p->viewer)); i++) {
		pair_exchange(p);
		p->now_ns += RD_NS_PER_S;
	}
	if (p->host)
		bench_die("a session that was closed does not go");
	rd_conn_free(p->viewer);
	p->viewer = NULL;
	p->end[HOST].established = p->end[VIEWER].established = false;
}

void
pair_count_anew(struct pair *p)
{
	for (enum side s = HOST; s < SIDES; s++) {
		p->end[s].cpu_ns = p->end[s].bytes = 0;
		memset(p->end[s].sent, 0, sizeof(p->end[s].sent));
	}
}

struct rd_mux *
pair_mux(struct pair *p, enum side side)
{
	return rd_conn_mux(side == HOST ? p->host : p->viewer);
}
