#ifndef TESTS_NET_VNET_H
#define TESTS_NET_VNET_H

/*
 * A network on a virtual clock, for diallers and servers: datagrams take their
 * time, get lost, come twice, late, cut or changed, as the weather says and the
 * dice decide (dice.h), so that a seed repeats everything. TCP connections
 * (addresses with `stream`) lose and change nothing.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dice.h"
#include "net/conn.h"
#include "net/server.h"

#define MS RD_NS_PER_MS
#define S RD_NS_PER_S

#define VNET_ENDS 5
#define VNET_SPIN 10000	/* turns without time going on */

/* Chances are in 1/1000 of a datagram. */
struct vnet_weather {
	unsigned loss, twice, harm, replay, reflect;
	uint64_t delay_ns, jitter_ns;
	size_t mtu;	/* larger datagrams vanish; 0: any size passes */
};

/* Somebody with one address: a dialler or a server. */
struct vnet_end {
	struct rd_addr addr;
	struct rd_conn *conn;		/* one of these two */
	struct rd_server *server;
	struct rd_conn *session;	/* the server's one session, where a test has just one */
	uint64_t sent, sent_bytes;
};

struct vnet_datagram {
	uint64_t at_ns, order;
	struct rd_addr from, to;
	bool harmed;		/* not as it was sent: must not be accepted */
	size_t len;
	uint8_t *data;		/* of exactly that size: sanitizers see what is read beyond it */
};

struct vnet {
	uint64_t now_ns, order;
	struct vnet_weather weather;
	struct vnet_end *ends[VNET_ENDS];
	unsigned count;
	struct vnet_datagram *heap;	/* by at_ns, order */
	size_t flying, room;
	uint64_t stream_free_ns[2][64];	/* keeps TCP in order: by direction, carrier */
	uint8_t *kept;			/* some datagram of the past, to be replayed */
	size_t kept_len;
	struct rd_addr kept_to;
	unsigned harmed, harmed_accepted;
	/* Sees each datagram that is sent, may change it; false: it is lost. */
	bool (*filter)(void *ctx, struct vnet_end *from, struct vnet_datagram *d);
	void *ctx;
};

/* --- addresses --- */

static inline struct rd_addr
vnet_addr(uint8_t host, uint16_t port)
{
	return (struct rd_addr){.family = 4, .port = port, .ip = {10, 0, 0, host}};
}

static inline struct rd_addr
vnet_stream(uint8_t host, uint16_t port, uint32_t carrier)
{
	struct rd_addr a = vnet_addr(host, port);
	a.stream = true;
	a.carrier = carrier;
	return a;
}

/* --- randomness of libsodium from the dice --- */

static inline const char *
vnet_random_name(void)
{
	return "dice";
}

static inline uint32_t
vnet_random(void)
{
	return (uint32_t)dice();
}

static inline void
vnet_random_buf(void *const out, const size_t n)
{
	dice_bytes(out, n);
}

static inline int
vnet_sodium(void)
{
	static struct randombytes_implementation impl = {
		.implementation_name = vnet_random_name,
		.random = vnet_random,
		.buf = vnet_random_buf,
	};
	randombytes_set_implementation(&impl);
	return sodium_init();
}

/* --- what is on its way --- */

static inline bool
vnet_before(const struct vnet_datagram *a, const struct vnet_datagram *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static inline void
vnet_swap(struct vnet *v, size_t a, size_t b)
{
	struct vnet_datagram t = v->heap[a];
	v->heap[a] = v->heap[b];
	v->heap[b] = t;
}

static inline void
vnet_push(struct vnet *v, const struct rd_addr *from, const struct rd_addr *to,
	const uint8_t *data, size_t len, bool harmed, uint64_t at_ns)
{
	if (v->flying == v->room) {
		v->room = v->room ? 2 * v->room : 64;
		v->heap = xreallocarray(v->heap, v->room, sizeof(*v->heap));
	}
	size_t i = v->flying++;
	v->heap[i] = (struct vnet_datagram){.at_ns = at_ns, .order = v->order++, .from = *from,
		.to = *to, .harmed = harmed, .len = len, .data = xmalloc(len ? len : 1)};
	memcpy(v->heap[i].data, data, len);
	for (; i > 0 && vnet_before(&v->heap[i], &v->heap[(i - 1) / 2]); i = (i - 1) / 2)
		vnet_swap(v, i, (i - 1) / 2);
}

static inline struct vnet_datagram
vnet_pop(struct vnet *v)
{
	struct vnet_datagram top = v->heap[0];
	v->heap[0] = v->heap[--v->flying];
	for (size_t i = 0;;) {
		size_t least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < v->flying; child++)
			if (vnet_before(&v->heap[child], &v->heap[least]))
				least = child;
		if (least == i)
			return top;
		vnet_swap(v, i, least);
		i = least;
	}
}

static inline bool
vnet_chance(unsigned per_mille)
{
	return per_mille && dice_below(1000) < per_mille;
}

/* Types whose every byte is vouched for: what is changed in them must be refused. */
static inline bool
vnet_guarded(const uint8_t *data)
{
	return data[0] <= RD_PACKET_DATA || data[0] >= RD_PACKET_XX1;
}

/* Never the identity, and never only in mac2, which without load nobody looks at. */
static inline size_t
vnet_harm(uint8_t *data, size_t len)
{
	bool macs = data[0] == RD_PACKET_INIT || data[0] == RD_PACKET_RESPONSE;
	size_t at = dice_below(macs ? len - 16 : len);
	switch (dice_below(4)) {
	case 0:
		return at;
	case 1:
		data[at] = (uint8_t)(data[at] + 1 + dice_below(255));
		return len;
	case 2:
		for (size_t i = at; i < len; i++)
			data[i] ^= (uint8_t)(i == at ? 0xff : dice());
		return len;
	default:
		data[at] ^= (uint8_t)(1u << dice_below(8));
		return len;
	}
}

/* A changed copy of it, one of something old, or the same sent back to its sender. */
static inline void
vnet_attack(struct vnet *v, const struct vnet_datagram *d, uint64_t at_ns)
{
	struct rd_addr nobody = vnet_addr(66, 666);
	uint8_t copy[RD_PACKET_MAX];
	if (vnet_chance(v->weather.harm) && vnet_guarded(d->data)) {
		memcpy(copy, d->data, d->len);
		size_t len = vnet_harm(copy, d->len);
		vnet_push(v, dice_below(2) ? &d->from : &nobody, &d->to, copy, len, true, at_ns);
	}
	if (vnet_chance(v->weather.reflect))
		vnet_push(v, dice_below(2) ? &d->to : &nobody, &d->from, d->data, d->len, true, at_ns);
	if (v->kept && vnet_chance(v->weather.replay))
		vnet_push(v, dice_below(2) ? &d->from : &nobody, &v->kept_to, v->kept, v->kept_len,
			false, at_ns);
	if (vnet_chance(v->weather.replay)) {
		free(v->kept);
		v->kept = xmalloc(d->len);
		v->kept_len = d->len;
		v->kept_to = d->to;
		memcpy(v->kept, d->data, d->len);
	}
}

static inline void
vnet_send_stream(struct vnet *v, const struct vnet_datagram *d)
{
	bool up = d->from.ip[3] < d->to.ip[3];
	uint64_t *free_ns = &v->stream_free_ns[up][d->to.carrier % 64];
	uint64_t at = v->now_ns + v->weather.delay_ns + dice_below(v->weather.jitter_ns + 1);
	*free_ns = at > *free_ns ? at : *free_ns;
	vnet_push(v, &d->from, &d->to, d->data, d->len, false, *free_ns);
}

static inline void
vnet_send(struct vnet *v, struct vnet_end *from, struct vnet_datagram *d)
{
	from->sent++;
	from->sent_bytes += d->len;
	if (v->filter && !v->filter(v->ctx, from, d))
		return;
	if (d->to.stream) {
		vnet_send_stream(v, d);
		return;
	}
	if (v->weather.mtu && d->len > v->weather.mtu)
		return;
	uint64_t at = v->now_ns + v->weather.delay_ns;
	vnet_attack(v, d, at + dice_below(v->weather.jitter_ns + 1));
	if (vnet_chance(v->weather.twice))
		vnet_push(v, &d->from, &d->to, d->data, d->len, false,
			at + dice_below(v->weather.jitter_ns + 1));
	if (!vnet_chance(v->weather.loss))
		vnet_push(v, &d->from, &d->to, d->data, d->len, false,
			at + dice_below(v->weather.jitter_ns + 1));
}

/* --- the ends --- */

static inline void
vnet_add(struct vnet *v, struct vnet_end *e)
{
	if (v->count == VNET_ENDS)
		abort();
	v->ends[v->count++] = e;
}

/* Everything an end wants to say now. */
static inline void
vnet_pump(struct vnet *v, struct vnet_end *e)
{
	uint8_t out[RD_PACKET_MAX];
	struct vnet_datagram d = {.data = out};
	for (unsigned n = 0; e->conn || e->server; n++) {
		d.from = e->addr;
		d.len = e->conn ? rd_conn_send(e->conn, &d.to, out, sizeof(out), v->now_ns) :
			rd_server_send(e->server, &d.to, out, sizeof(out), v->now_ns);
		if (d.len == 0)
			return;
		if (n > VNET_SPIN) {
			fprintf(stderr, "it sends without end\n");
			abort();
		}
		/* A server has a TCP connection's own name for it. */
		d.from.stream = d.to.stream;
		d.from.carrier = d.to.carrier;
		vnet_send(v, e, &d);
	}
}

static inline void
vnet_deliver(struct vnet *v, struct vnet_datagram *d)
{
	v->harmed += d->harmed;
	for (unsigned i = 0; i < v->count; i++) {
		struct vnet_end *e = v->ends[i];
		if (!rd_addr_same_ip(&e->addr, &d->to) || e->addr.port != d->to.port ||
			(d->to.stream && e->conn && d->to.carrier != rd_conn_path(e->conn)->carrier))
			continue;
		struct rd_conn_stats was = {0}, is = {0};
		struct rd_conn *c = e->conn ? e->conn : e->session;
		unsigned sessions = e->server ? rd_server_count(e->server) : 0;
		bool accepted = false;
		if (c)
			rd_conn_stats(c, &was);
		if (e->conn)
			accepted = rd_conn_receive(e->conn, &d->from, d->data, d->len, v->now_ns) == 0;
		else if (e->server)
			rd_server_receive(e->server, &d->from, d->data, d->len, v->now_ns);
		if (!d->harmed)
			continue;
		if (c && c == (e->conn ? e->conn : e->session))
			rd_conn_stats(c, &is);
		accepted = accepted || is.bytes_received != was.bytes_received ||
			(e->server && rd_server_count(e->server) > sessions);
		v->harmed_accepted += accepted;
	}
	free(d->data);
}

static inline uint64_t
vnet_deadline(const struct vnet_end *e)
{
	return e->conn ? rd_conn_deadline(e->conn) :
		e->server ? rd_server_deadline(e->server) : UINT64_MAX;
}

static inline void
vnet_tick(struct vnet *v, struct vnet_end *e)
{
	if (vnet_deadline(e) > v->now_ns)
		return;
	if (e->conn)
		rd_conn_tick(e->conn, v->now_ns);
	else
		rd_server_tick(e->server, v->now_ns);
}

static inline uint64_t
vnet_next(const struct vnet *v)
{
	uint64_t next = v->flying ? v->heap[0].at_ns : UINT64_MAX;
	for (unsigned i = 0; i < v->count; i++) {
		uint64_t at = vnet_deadline(v->ends[i]);
		next = at < next ? at : next;
	}
	return next < v->now_ns ? v->now_ns : next;
}

static inline void
vnet_pump_all(struct vnet *v)
{
	for (unsigned i = 0; i < v->count; i++)
		vnet_pump(v, v->ends[i]);
}

/* Lets time go on until `until_ns`, or `done` says so: that it did. */
static inline bool
vnet_run(struct vnet *v, uint64_t until_ns, bool (*done)(void *ctx), void *ctx)
{
	unsigned spin = 0;
	for (;;) {
		vnet_pump_all(v);
		if (done && done(ctx))
			return true;
		uint64_t next = vnet_next(v);
		if (next > until_ns) {
			v->now_ns = until_ns;
			return false;
		}
		spin = next == v->now_ns ? spin + 1 : 0;
		if (spin > VNET_SPIN) {
			fprintf(stderr, "it is awake without end\n");
			abort();
		}
		v->now_ns = next;
		while (v->flying && v->heap[0].at_ns <= v->now_ns) {
			struct vnet_datagram d = vnet_pop(v);
			vnet_deliver(v, &d);
			vnet_pump_all(v);
		}
		for (unsigned i = 0; i < v->count; i++)
			vnet_tick(v, v->ends[i]);
	}
}

static inline void
vnet_finish(struct vnet *v)
{
	while (v->flying)
		free(vnet_pop(v).data);
	free(v->heap);
	free(v->kept);
	v->heap = NULL;
	v->kept = NULL;
	v->flying = v->room = v->kept_len = 0;
}

#endif
