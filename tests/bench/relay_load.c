#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/relay.h"

/*
 * Datagrams through a relay, from viewers to hosts, over many flows in turn:
 * how many come, what each costs the relay's processes, and how long it takes.
 *
 *	rd-bench relay -w rd|turn -a IP:PORT -p PID,… [-k KEY -j FILE] -n FLOWS
 *		-b BURST -r PACKETS_A_SECOND (0: all that goes) -t SECONDS
 *
 * A burst is datagrams of one flow that leave as one train (UDP_SEGMENT).
 *
 * With a rate the same datagrams go straight from viewers to hosts too, in turn
 * with those that take the relay: the difference is what the relay adds.
 */
#define SIZE 1200		/* bytes of a datagram, what the relay adds included */
#define SAMPLES (1u << 20)
#define HOSTS_PORT 7001
#define LOOKS 4			/* batches taken after each batch sent */
#define UNDER_WAY_NS 20000000
#define TURNS 5			/* passes each way, so that both meet the same noise */

struct took {
	uint64_t *ns;
	unsigned n;
};

struct load {
	struct relay_socket viewers, hosts;
	struct sockaddr_in relay;
	struct relay_flow *flows;
	unsigned count, burst, next;
	double rate, seconds;
	const char *way, *pids, *key, *join;
	uint8_t *trains;	/* RELAY_BATCH bursts, ready to go */
	size_t head;		/* bytes before the time, where a datagram comes in */
	uint64_t sent, got, due_ns;
	struct took took, straight, *now;
	double cpu_s, pass_s;
};

static void
read_options(struct load *l, int argc, char **argv)
{
	int c;
	while ((c = getopt(argc, argv, "w:a:p:k:j:n:b:r:t:")) != -1) {
		switch (c) {
		case 'w': l->way = optarg; break;
		case 'p': l->pids = optarg; break;
		case 'k': l->key = optarg; break;
		case 'j': l->join = optarg; break;
		case 'n': l->count = (unsigned)atoi(optarg); break;
		case 'b': l->burst = (unsigned)atoi(optarg); break;
		case 'r': l->rate = atof(optarg); break;
		case 't': l->seconds = atof(optarg); break;
		case 'a': relay_at(&l->relay, optarg); break;
		default:
			exit(2);
		}
	}
	if (!l->way || !l->pids || !l->relay.sin_port || !l->count || !l->burst || l->burst > 40)
		bench_die("relay: see its source");
	relay_socket_open(&l->viewers, 7000, &l->relay);
	relay_socket_open(&l->hosts, HOSTS_PORT, &l->relay);
}

/* Every burst is written anew: its time is in it, and its flow's header. */
static void
write_burst(struct load *l, uint8_t *train, const struct relay_flow *f, uint64_t now)
{
	for (unsigned i = 0; i < l->burst; i++) {
		uint8_t *p = train + i * SIZE;
		memcpy(p, f->head, f->head_len);
		if (f->head_len == 4) {
			p[2] = (SIZE - 4) >> 8;
			p[3] = (SIZE - 4) & 255;
		}
		memcpy(p + f->head_len, &now, sizeof(now));
	}
}

static void
send_batch(struct load *l, unsigned n, uint64_t now)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned flow = l->next++ % l->count;
		uint8_t *train = l->trains + i * l->burst * SIZE;
		write_burst(l, train, &l->flows[flow], now);
		relay_socket_put(&l->viewers, i, 2 * flow, train, l->burst * SIZE, SIZE);
	}
	l->sent += (uint64_t)relay_socket_send(&l->viewers, n) * l->burst;
}

static void
take(struct load *l)
{
	struct relay_got got[RELAY_BATCH];
	struct took *t = l->now;
	for (int k = 0; k < LOOKS; k++) {
		unsigned n = relay_socket_receive(&l->hosts, got);
		uint64_t now = rd_clock_ns(), sent;
		for (unsigned i = 0; i < n; i++) {
			l->got += (got[i].len + got[i].segment - 1) / got[i].segment;
			if (got[i].segment < 1000 || t->n == SAMPLES)
				continue;
			memcpy(&sent, got[i].data + l->head, sizeof(sent));
			t->ns[t->n++] = now - sent;
		}
		if (n < RELAY_BATCH)
			return;
	}
}

/* As many bursts as are due now; all that go without a rate. */
static unsigned
due(struct load *l, uint64_t now)
{
	if (l->rate <= 0)
		return RELAY_BATCH;
	uint64_t each = (uint64_t)(1e9 * l->burst / l->rate);
	unsigned n = 0;
	while (n < RELAY_BATCH && l->due_ns <= now) {
		l->due_ns += each;
		n++;
	}
	return n;
}

static void
run_for(struct load *l, double seconds)
{
	uint64_t end = rd_clock_ns() + (uint64_t)(seconds * 1e9);
	l->due_ns = rd_clock_ns();
	for (uint64_t now; (now = rd_clock_ns()) < end;) {
		unsigned n = due(l, now);
		if (n)
			send_batch(l, n, now);
		take(l);
	}
}

/* What is still under way belongs to the pass that sent it. */
static void
run_out(struct load *l)
{
	for (uint64_t end = rd_clock_ns() + UNDER_WAY_NS; rd_clock_ns() < end;)
		take(l);
}

static void
pass(struct load *l, double seconds)
{
	double cpu = relay_cpu_s(l->pids);
	uint64_t begun = rd_clock_ns();
	l->now = &l->took;
	l->viewers.to = l->relay;
	l->head = strcmp(l->way, "turn") == 0 ? 0 : RD_RELAYED_HEADER;
	run_for(l, seconds);
	l->cpu_s += relay_cpu_s(l->pids) - cpu;
	l->pass_s += (double)(rd_clock_ns() - begun) / 1e9;
	run_out(l);
}

/* The same without a relay; what was counted of it is not kept. */
static void
pass_straight(struct load *l, double seconds)
{
	uint64_t sent = l->sent, got = l->got;
	l->now = &l->straight;
	l->viewers.to.sin_addr.s_addr = htonl(relay_address(1));
	l->viewers.to.sin_port = htons(HOSTS_PORT);
	l->head = l->flows[0].head_len;
	run_for(l, seconds);
	run_out(l);
	l->sent = sent;
	l->got = got;
}

static void
measure(struct load *l)
{
	int turns = l->rate > 0 ? TURNS : 1;
	pass(l, 0.5);
	l->sent = l->got = l->took.n = 0;
	l->cpu_s = l->pass_s = 0;
	for (int i = 0; i < turns; i++) {
		if (l->rate > 0)
			pass_straight(l, l->seconds / turns / 2);
		pass(l, l->seconds / turns);
	}
}

static int
by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static double
quantile_us(struct took *t, double q)
{
	qsort(t->ns, t->n, sizeof(*t->ns), by_size);
	return t->n ? (double)t->ns[(size_t)(t->n * q)] / 1e3 : 0;
}

static void
report(struct load *l)
{
	double sent = (double)l->sent, got = (double)l->got, cpu = l->cpu_s, seconds = l->pass_s;
	double p50 = quantile_us(&l->took, 0.5), p99 = quantile_us(&l->took, 0.99);
	printf("sent_kpps %.1f\n", sent / seconds / 1e3);
	printf("kpps %.1f\n", got / seconds / 1e3);
	printf("lost_pct %.2f\n", 100 * (sent - got) / sent);
	printf("core_pct %.1f\n", 100 * cpu / seconds);
	printf("kpps_core %.1f\n", got / cpu / 1e3);
	printf("gbps_core %.2f\n", got * SIZE * 8 / cpu / 1e9);
	printf("us_packet %.3f\n", cpu * 1e6 / got);
	printf("p50_us %.1f\n", p50);
	printf("p99_us %.1f\n", p99);
	if (l->straight.n) {
		printf("straight_p50_us %.1f\n", quantile_us(&l->straight, 0.5));
		printf("straight_p99_us %.1f\n", quantile_us(&l->straight, 0.99));
		printf("added_p50_us %.1f\n", p50 - quantile_us(&l->straight, 0.5));
		printf("added_p99_us %.1f\n", p99 - quantile_us(&l->straight, 0.99));
	}
}

int
relay_main(int argc, char **argv)
{
	struct load *l = xcalloc(1, sizeof(*l));
	l->seconds = 5;
	l->burst = 1;
	read_options(l, argc, argv);
	l->flows = xcalloc(l->count, sizeof(*l->flows));
	l->took.ns = xcalloc(SAMPLES, sizeof(*l->took.ns));
	l->straight.ns = xcalloc(SAMPLES, sizeof(*l->straight.ns));
	l->trains = xcalloc(RELAY_BATCH, (size_t)l->burst * SIZE);
	uint64_t begun = rd_clock_ns();
	double before = relay_cpu_s(l->pids);
	if (strcmp(l->way, "turn") == 0)
		relay_turn(l->flows, l->count, &l->viewers, &l->hosts);
	else
		relay_meet(l->flows, l->count, &l->viewers, &l->hosts, l->key, l->join);
	printf("setup_s %.2f\n", (double)(rd_clock_ns() - begun) / 1e9);
	printf("setup_ms_session %.3f\n", (relay_cpu_s(l->pids) - before) * 1e3 / l->count);
	measure(l);
	report(l);
	return 0;
}
