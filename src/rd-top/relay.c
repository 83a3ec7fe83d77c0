#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rd-top/relay.h"

const struct relay_refusal relay_refusals[RELAY_REFUSALS] = {
	{"rd_drops_total", "reason", "unknown", "drop_unknown", "drop: unknown session", false},
	{"rd_drops_total", "reason", "address", "drop_address", "drop: other address", false},
	{"rd_drops_total", "reason", "unbound", "drop_unbound", "drop: leg not bound", false},
	{"rd_drops_total", "reason", "rate", "drop_rate", "drop: over its rate", false},
	{"rd_drops_total", "reason", "quota", "drop_quota", "drop: quota used", false},
	{"rd_drops_total", "reason", "queue", "drop_queue", "drop: queue full", true},
	{"rd_drops_total", "reason", "malformed", "drop_malformed", "drop: malformed", false},
	{"rd_send_errors_total", NULL, NULL, "send_errors", "send: kernel says no", true},
	{"rd_tls_accepted_total", "result", "refused", "tls_refused", "TLS: not accepted", true},
	{"rd_ratelimited_total", "scope", "source", "limited_source", "too often: a network", false},
	{"rd_ratelimited_total", "scope", "peer", "limited_peer", "too often: a peer", false},
	{"rd_ratelimited_total", "scope", "host", "limited_host", "too often: a host", false},
	{"rd_ratelimited_total", "scope", "relay", "limited_relay", "relay crowded", true},
	{"rd_quota_exceeded_total", "scope", "session", "quota_session", "session's bytes used",
		false},
	{"rd_quota_exceeded_total", "scope", "host", "quota_host", "host's day used", false},
	{"rd_connects_total", "result", "no", "connects_no", "viewer turned away", false},
	{"rd_handshakes_total", "result", "bad", "handshakes_bad", "bad handshake", false},
	{"rd_bind_total", "result", "bad", "binds_bad", "bad ticket", false},
};

double
relay_now(const struct relay *r, const char *name, const char *label, const char *value)
{
	return prom_sum(&r->now, name, label, value);
}

double
relay_rate(const struct relay *r, const char *name, const char *label, const char *value)
{
	if (!r->before_ns || r->now_ns <= r->before_ns)
		return NAN;
	double seconds = (double)(r->now_ns - r->before_ns) / (double)RD_NS_PER_S;
	double more = prom_sum(&r->now, name, label, value) -
		prom_sum(&r->before, name, label, value);
	return more >= 0 ? more / seconds : NAN;
}

double
relay_refused(const struct relay *r)
{
	double sum = NAN;
	for (unsigned i = 0; i < RELAY_REFUSALS; i++) {
		const struct relay_refusal *f = &relay_refusals[i];
		double rate = relay_rate(r, f->name, f->label, f->value);
		if (!isnan(rate))
			sum = isnan(sum) ? rate : sum + rate;
	}
	return sum;
}

/* How much more often than before a value was at most what this bucket holds. */
static double
grown(const struct relay *r, const char *bucket, const char *le)
{
	double before = prom_sum(&r->before, bucket, "le", le);
	double now = prom_sum(&r->now, bucket, "le", le);
	return isnan(before) || now < before ? now : now - before;
}

double
relay_quantile(const struct relay *r, const char *name, double q)
{
	char bucket[PROM_NAME_MAX];
	snprintf(bucket, sizeof(bucket), "%s_bucket", name);
	double all = grown(r, bucket, "+Inf"), least = NAN;
	if (!(all > 0))
		return NAN;
	for (unsigned i = 0; i < r->now.count; i++) {
		const struct prom_sample *s = &r->now.sample[i];
		if (strcmp(s->name, bucket) != 0 || s->labels != 1)
			continue;
		double bound = strtod(s->label[0].value, NULL);
		if (grown(r, bucket, s->label[0].value) >= q * all && !(bound >= least))
			least = bound;
	}
	return least;
}

static void
remember(struct relay *r)
{
	ring_push(&r->sessions, relay_now(r, "rd_sessions", NULL, NULL));
	ring_push(&r->peers, relay_now(r, "rd_peers", NULL, NULL));
	ring_push(&r->in_bps, 8 * relay_rate(r, "rd_bytes_total", "dir", "in"));
	ring_push(&r->out_bps, 8 * relay_rate(r, "rd_bytes_total", "dir", "out"));
	ring_push(&r->packets, relay_rate(r, "rd_packets_total", "dir", "out"));
	ring_push(&r->refused, relay_refused(r));
	ring_push(&r->busy, relay_rate(r, "process_cpu_seconds_total", NULL, NULL));
}

int
relay_take(struct relay *r, const char *text, size_t len, uint64_t now_ns)
{
	struct prom fresh = {0};
	unsigned line;
	if (prom_parse(&fresh, text, len, &line) != 0) {
		snprintf(r->trouble, sizeof(r->trouble), "line %u of its page is none of metrics", line);
		prom_finish(&fresh);
		return -EPROTO;
	}
	if (isnan(prom_sum(&fresh, "rd_peers", NULL, NULL))) {
		snprintf(r->trouble, sizeof(r->trouble), "these are not the metrics of an rd-relay");
		prom_finish(&fresh);
		return -EPROTO;
	}
	prom_finish(&r->before);
	r->before = r->now;
	r->before_ns = r->now_ns;
	r->now = fresh;
	r->now_ns = now_ns;
	r->trouble[0] = '\0';
	remember(r);
	return 0;
}

void
relay_miss(struct relay *r, const char *why)
{
	snprintf(r->trouble, sizeof(r->trouble), "%s", why);
	struct ring *const rings[] = {
		&r->sessions, &r->peers, &r->in_bps, &r->out_bps, &r->packets, &r->refused, &r->busy,
	};
	for (unsigned i = 0; i < sizeof(rings) / sizeof(*rings); i++)
		ring_push(rings[i], NAN);
}

void
relay_finish(struct relay *r)
{
	prom_finish(&r->now);
	prom_finish(&r->before);
}
