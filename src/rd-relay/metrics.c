#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "control/exposition.h"
#include "rd-relay/metrics.h"

const uint64_t steps_of_time_ns[] = {
	5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 5000000, 20000000, 100000000, 0,
};
const uint64_t steps_of_number[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 0};

void
observe(struct histogram *h, const uint64_t *steps, uint64_t value)
{
	unsigned i = 0;
	while (steps[i] && value > steps[i])
		i++;
	count(&h->count[i], 1);
	count(&h->sum, value);
}

/* The sum of a number that lies `at` bytes into each thread's counters. */
static uint64_t
sum(const struct metrics_state *m, size_t at)
{
	uint64_t n = 0;
	for (unsigned i = 0; i < m->thread_count; i++) {
		const counter *c = (const void *)((const char *)m->threads[i] + at);
		n += atomic_load_explicit(c, memory_order_relaxed);
	}
	return n;
}
#define SUM(m, field) sum(m, offsetof(struct counters, field))

static void
put_histogram(struct rd_buf *b, const struct metrics_state *m, const char *name, const char *help,
	size_t at, const uint64_t *steps, double unit)
{
	uint64_t n = 0;
	unsigned i = 0;
	rd_exposition_head(b, name, "histogram", help);
	for (;; i++) {
		n += sum(m, at + offsetof(struct histogram, count) + i * sizeof(counter));
		if (!steps[i])
			break;
		rd_exposition_put(b, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, (double)steps[i] / unit, n);
	}
	rd_exposition_put(b, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, n);
	rd_exposition_put(b, "%s_sum %.9g\n", name,
		(double)sum(m, at + offsetof(struct histogram, sum)) / unit);
	rd_exposition_put(b, "%s_count %" PRIu64 "\n", name, n);
}
#define HISTOGRAM(field) offsetof(struct counters, field)

static void
put_one(struct rd_buf *b, const char *name, const char *type, const char *help, uint64_t value)
{
	rd_exposition_head(b, name, type, help);
	rd_exposition_put(b, "%s %" PRIu64 "\n", name, value);
}

/* --- what is forwarded --- */

static void
put_traffic(struct rd_buf *b, const struct metrics_state *m)
{
	static const char *const dirs[] = {"in", "out"};
	static const char *const classes[] = {"control", "sound", "picture", "bulk"};
	static const char *const drops[] = {
		[DROP_UNKNOWN] = "unknown", [DROP_ADDRESS] = "address", [DROP_UNBOUND] = "unbound",
		[DROP_RATE] = "rate", [DROP_QUOTA] = "quota", [DROP_QUEUE] = "queue",
		[DROP_MALFORMED] = "malformed",
	};
	rd_exposition_head(b, "rd_packets_total", "counter", "datagrams forwarded");
	for (unsigned d = 0; d < DIRS; d++)
		for (unsigned c = 0; c < CLASSES; c++)
			rd_exposition_put(b, "rd_packets_total{dir=\"%s\",class=\"%s\"} %" PRIu64 "\n", dirs[d],
				classes[c], SUM(m, packets[d][c]));
	rd_exposition_head(b, "rd_bytes_total", "counter", "bytes of them, with our header");
	for (unsigned d = 0; d < DIRS; d++)
		rd_exposition_put(b, "rd_bytes_total{dir=\"%s\"} %" PRIu64 "\n", dirs[d], SUM(m, bytes[d]));
	rd_exposition_head(b, "rd_drops_total", "counter", "datagrams not forwarded, by reason");
	for (unsigned i = 0; i < DROPS; i++)
		rd_exposition_put(b, "rd_drops_total{reason=\"%s\"} %" PRIu64 "\n", drops[i], SUM(m, drops[i]));
	put_one(b, "rd_send_errors_total", "counter", "datagrams the kernel did not take",
		SUM(m, send_errors));
	put_histogram(b, m, "rd_forward_seconds", "from reading a batch to having sent it, "
		"1 in 1024", HISTOGRAM(forward_ns), steps_of_time_ns, 1e9);
	put_histogram(b, m, "rd_batch_packets", "trains read by one system call",
		HISTOGRAM(batch), steps_of_number, 1);
	put_histogram(b, m, "rd_gro_segments", "datagrams of one train", HISTOGRAM(segments),
		steps_of_number, 1);
	put_histogram(b, m, "rd_queue_sojourn_seconds", "time in the queue of a TLS leg",
		HISTOGRAM(sojourn_ns), steps_of_time_ns, 1e9);
}

/* --- who is served --- */

static void
put_labelled(struct rd_buf *b, const char *name, const char *label, const char *const *values,
	const uint64_t *numbers, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		rd_exposition_put(b, "%s{%s=\"%s\"} %" PRIu64 "\n", name, label, values[i], numbers[i]);
}

/* Who is here, and who meets whom. */
static void
put_ends(struct rd_buf *b, const struct metrics_state *m)
{
	static const char *const transports[] = {"udp", "tls"};
	const struct core_stats *s = &m->core;
	rd_exposition_head(b, "rd_peers", "gauge", "ends that have a session with this relay");
	put_labelled(b, "rd_peers", "transport", transports,
		(uint64_t[]){s->peers_udp, s->peers_tls}, 2);
	put_one(b, "rd_hosts", "gauge", "of these, registered hosts", s->hosts);
	put_one(b, "rd_slots", "gauge", "live slots of one-time codes", s->slots);
	rd_exposition_head(b, "rd_sessions", "gauge", "sessions that this relay forwards for");
	put_labelled(b, "rd_sessions", "path", transports,
		(uint64_t[]){s->sessions - s->sessions_tls, s->sessions_tls}, 2);
	put_one(b, "rd_sessions_ended_total", "counter", "and those that are over",
		m->sessions_ended);
}

/* What was asked of us, and how it ended. */
static void
put_asked(struct rd_buf *b, const struct core_stats *s)
{
	static const char *const results[] = {"ok", "bad"};
	rd_exposition_head(b, "rd_handshakes_total", "counter", "handshakes with this relay");
	put_labelled(b, "rd_handshakes_total", "result", results,
		&s->count[COUNT_HANDSHAKES_OK], 2);
	put_one(b, "rd_half_open", "gauge", "handshakes under way", s->half_open);
	put_one(b, "rd_cookie_challenges_total", "counter", "addresses asked to prove themselves",
		s->count[COUNT_COOKIES]);
	put_one(b, "rd_stun_requests_total", "counter", "STUN requests", s->count[COUNT_STUN]);
	rd_exposition_head(b, "rd_bind_total", "counter", "legs bound by ticket");
	put_labelled(b, "rd_bind_total", "result", results, &s->count[COUNT_BIND_OK], 2);
}

/* What was refused, and why. */
static void
put_limits(struct rd_buf *b, const struct core_stats *s)
{
	static const char *const scopes[] = {"source", "peer", "host", "relay"},
		*const quotas[] = {"session", "host"}, *const connects[] = {"ok", "no"};
	rd_exposition_head(b, "rd_ratelimited_total", "counter", "asked too often");
	put_labelled(b, "rd_ratelimited_total", "scope", scopes,
		&s->count[COUNT_RATELIMITED_SOURCE], 4);
	rd_exposition_head(b, "rd_quota_exceeded_total", "counter",
		"sessions that had used up their bytes, or their host's of the day");
	put_labelled(b, "rd_quota_exceeded_total", "scope", quotas,
		&s->count[COUNT_QUOTA_SESSION], 2);
	put_one(b, "rd_crowded", "gauge", "1: near the rate of all; no new sessions",
		s->crowded);
	rd_exposition_head(b, "rd_connects_total", "counter", "viewers that asked for a host");
	put_labelled(b, "rd_connects_total", "result", connects, &s->count[COUNT_CONNECT_OK], 2);
}

static void
put_tls(struct rd_buf *b, const struct metrics_state *m)
{
	rd_exposition_head(b, "rd_tls_conns", "gauge", "TLS connections");
	put_labelled(b, "rd_tls_conns", "state", (const char *const[]){"open", "half_open"},
		(uint64_t[]){m->tls_open, m->tls_half_open}, 2);
	rd_exposition_head(b, "rd_tls_accepted_total", "counter", "TCP connections");
	put_labelled(b, "rd_tls_accepted_total", "result", (const char *const[]){"taken", "refused"},
		(uint64_t[]){m->tls_accepted, m->tls_refused}, 2);
}

static void
put_core(struct rd_buf *b, const struct metrics_state *m)
{
	put_ends(b, m);
	put_asked(b, &m->core);
	put_limits(b, &m->core);
	put_tls(b, m);
	put_one(b, "rd_draining", "gauge", "1: nobody new is served", m->draining);
}

/* --- the process --- */

static void
put_process(struct rd_buf *b, const struct metrics_state *m)
{
	rd_exposition_head(b, "rd_shard_busy_ratio", "gauge", "part of its time that a thread worked");
	for (unsigned i = 0; i < m->thread_count; i++) {
		uint64_t since = atomic_load_explicit(&m->threads[i]->since_ns, memory_order_relaxed);
		uint64_t busy = atomic_load_explicit(&m->threads[i]->busy_ns, memory_order_relaxed);
		if (since && m->now_ns > since)
			rd_exposition_put(b, "rd_shard_busy_ratio{shard=\"%u\"} %.4f\n", i,
				(double)busy / (double)(m->now_ns - since));
	}
	rd_exposition_process(b);
}

void
metrics_text(struct rd_buf *b, const struct metrics_state *m)
{
	put_traffic(b, m);
	put_core(b, m);
	put_process(b, m);
}
