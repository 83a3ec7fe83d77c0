#ifndef TESTS_NET_PAIR_H
#define TESTS_NET_PAIR_H

/* A viewer, a host, the network between them, and what each of them was told. */
#include "vnet.h"

#define PAIR_PORT 21118

struct party {
	struct rd_conn *conn;	/* NULL once gone */
	unsigned established, closed, moved, silent, heard_again, gone;
	uint64_t code;
	char text[256];
	uint64_t bytes, wrong;	/* of stream 0, and how many were not as written */
	bool fin;
	uint64_t events, units, gaps, resets;
	uint64_t closed_ns;
};

struct pair {
	struct vnet net;
	struct vnet_end viewer_end, host_end;
	struct party viewer, host;
	struct rd_keypair viewer_keys, host_keys;
	struct rd_server *server;
	bool refuse;		/* accept says no */
	bool close_in_accept;	/* it says yes, and ends the session */
	char noted[256];
	uint64_t stretched, patience_ns, wall_ns;
	uint8_t prs[RD_CONN_PRF_SIZE], salt[16];
	const char *cc;
	uint64_t bps;
};

/* What is written at this place of stream 0. */
static inline uint8_t
pair_byte(uint64_t at)
{
	return (uint8_t)(at * 2654435761u >> 11);
}

/* --- what a session tells --- */

static inline void
pair_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct party *p = ctx;
	if (id != 0) {
		rd_mux_consumed(rd_conn_mux(p->conn), id, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		p->wrong += data[i] != pair_byte(p->bytes + i);
	p->bytes += len;
	p->fin = p->fin || fin;
	rd_mux_consumed(rd_conn_mux(p->conn), id, len);
}

static inline void
pair_reset(void *ctx, uint64_t id, uint64_t code)
{
	(void)id, (void)code;
	((struct party *)ctx)->resets++;
}

static inline void
pair_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct party *p = ctx;
	(void)traffic, (void)data;
	p->units++;
	rd_mux_units_consumed(rd_conn_mux(p->conn), len);
}

static inline void
pair_gap(void *ctx, enum rd_traffic traffic)
{
	(void)traffic;
	((struct party *)ctx)->gaps++;
}

static inline void
pair_event(void *ctx, const uint8_t *data, size_t len)
{
	(void)data, (void)len;
	((struct party *)ctx)->events++;
}

static inline void
pair_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	(void)ctx, (void)traffic, (void)tag;
}

static inline void
pair_established(void *ctx)
{
	((struct party *)ctx)->established++;
}

static inline void
pair_moved(void *ctx, const struct rd_addr *to)
{
	(void)to;
	((struct party *)ctx)->moved++;
}

static inline void
pair_silent(void *ctx, bool silent)
{
	struct party *p = ctx;
	if (silent)
		p->silent++;
	else
		p->heard_again++;
}

static inline void
pair_closed(void *ctx, uint64_t code, const char *text)
{
	struct party *p = ctx;
	p->closed++;
	p->code = code;
	snprintf(p->text, sizeof(p->text), "%s", text);
}

static const struct rd_conn_ops pair_conn_ops = {
	.mux = {
		.stream = pair_stream,
		.reset = pair_reset,
		.unit = pair_unit,
		.gap = pair_gap,
		.event = pair_event,
		.dropped = pair_dropped,
	},
	.established = pair_established,
	.moved = pair_moved,
	.silent = pair_silent,
	.closed = pair_closed,
};

static inline bool
pair_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct pair *p = ctx;
	if (p->refuse)
		return false;
	*ops = pair_conn_ops;
	*conn_ctx = &p->host;
	p->host.conn = p->host_end.session = conn;
	if (p->close_in_accept)
		rd_conn_close(conn, RD_CLOSE_GOING, "", p->net.now_ns);
	return true;
}

static inline void
pair_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct pair *p = ctx;
	(void)conn_ctx;
	p->host.gone++;
	if (p->host.conn == conn)
		p->host.conn = p->host_end.session = NULL;
}

static inline void
pair_note(void *ctx, const struct rd_addr *from, const char *what)
{
	struct pair *p = ctx;
	(void)from;
	snprintf(p->noted, sizeof(p->noted), "%s", what);
}

static const struct rd_server_ops pair_server_ops = {
	.accept = pair_accept,
	.gone = pair_gone,
	.note = pair_note,
};

static inline bool
pair_stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	struct party *viewer = ctx;
	struct pair *p = (struct pair *)((char *)viewer - offsetof(struct pair, viewer));
	if (memcmp(salt, p->salt, sizeof(p->salt)) != 0)
		return false;
	p->stretched++;
	memcpy(prs, p->prs, sizeof(p->prs));
	return true;
}

/* --- making them --- */

static inline struct rd_conn_config
pair_config(const struct pair *p, const struct rd_keypair *own)
{
	return (struct rd_conn_config){.own = own, .cc = p->cc, .cc_bps = p->bps,
		.unit_max = 1 << 20};
}

/* A host that introduces itself and, with a password, takes it. */
static inline void
pair_init(struct pair *p, bool introduce, bool has_password)
{
	memset(p, 0, sizeof(*p));
	p->net.weather.delay_ns = 10 * MS;
	p->net.now_ns = S;
	p->wall_ns = 1000;
	rd_keypair_new(&p->viewer_keys);
	rd_keypair_new(&p->host_keys);
	dice_bytes(p->prs, sizeof(p->prs));
	dice_bytes(p->salt, sizeof(p->salt));
	struct rd_server_config cfg = {.conn = pair_config(p, &p->host_keys),
		.introduce = introduce, .has_password = has_password};
	memcpy(cfg.prs, p->prs, sizeof(cfg.prs));
	memcpy(cfg.salt, p->salt, sizeof(cfg.salt));
	p->server = rd_server_new(&cfg, &pair_server_ops, p);
	p->host_end = (struct vnet_end){.addr = vnet_addr(2, PAIR_PORT), .server = p->server};
	p->viewer_end = (struct vnet_end){.addr = vnet_addr(1, 5000)};
	vnet_add(&p->net, &p->viewer_end);
	vnet_add(&p->net, &p->host_end);
}

/* key NULL: by password. */
static inline void
pair_dial_to(struct pair *p, const struct rd_key *key, const struct rd_addr *to)
{
	struct rd_conn_config cfg = pair_config(p, &p->viewer_keys);
	struct rd_conn_dial dial = {.to = *to, .host = key, .stretch = pair_stretch,
		.wall_ns = p->net.now_ns + p->wall_ns++, .patience_ns = p->patience_ns};
	rd_conn_free(p->viewer.conn);
	memset(&p->viewer, 0, sizeof(p->viewer));
	p->viewer.conn = rd_conn_dial(&cfg, &dial, &pair_conn_ops, &p->viewer, p->net.now_ns);
	p->viewer_end.conn = p->viewer.conn;
}

static inline void
pair_dial(struct pair *p, const struct rd_key *key)
{
	pair_dial_to(p, key, &p->host_end.addr);
}

static inline void
pair_finish(struct pair *p)
{
	rd_conn_free(p->viewer.conn);
	p->viewer.conn = p->viewer_end.conn = NULL;
	rd_server_free(p->server);
	p->server = p->host_end.server = NULL;
	vnet_finish(&p->net);
	rd_keypair_wipe(&p->viewer_keys);
	rd_keypair_wipe(&p->host_keys);
}

/* --- letting them live --- */

static inline bool
pair_is_open(void *ctx)
{
	const struct pair *p = ctx;
	return p->viewer.established && p->host.established;
}

static inline bool
pair_viewer_over(void *ctx)
{
	const struct pair *p = ctx;
	return rd_conn_over(p->viewer.conn);
}

static inline bool
pair_is_over(void *ctx)
{
	return pair_viewer_over(ctx) && rd_server_count(((struct pair *)ctx)->server) == 0;
}

static inline void
pair_wait(struct pair *p, uint64_t ns)
{
	vnet_run(&p->net, p->net.now_ns + ns, NULL, NULL);
}

static inline bool
pair_until(struct pair *p, uint64_t ns, bool (*done)(void *ctx))
{
	return vnet_run(&p->net, p->net.now_ns + ns, done, p);
}

static inline bool
pair_open(struct pair *p)
{
	pair_dial(p, &p->host_keys.public);
	return pair_until(p, 60 * S, pair_is_open);
}

/* `bytes` more on stream 0. */
static inline void
pair_write(struct party *from, uint64_t at, uint64_t bytes)
{
	uint8_t data[4096];
	while (bytes > 0) {
		size_t n = bytes < sizeof(data) ? (size_t)bytes : sizeof(data);
		for (size_t i = 0; i < n; i++)
			data[i] = pair_byte(at + i);
		if (rd_mux_stream_write(rd_conn_mux(from->conn), 0, data, n, false) != 0)
			abort();
		at += n;
		bytes -= n;
	}
}

#endif
