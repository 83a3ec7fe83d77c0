#include <arpa/inet.h>
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
 */
#define SIZE 1200		/* bytes of a datagram, what the relay adds included */
#define SAMPLES (1u << 20)
#define LOOKS 4			/* batches taken after each batch sent */

struct load {
	struct relay_socket viewers, hosts;
	struct relay_flow *flows;
	unsigned count, burst, next;
	double rate, seconds;
	const char *way, *pids, *key, *join;
	uint8_t *trains;	/* RELAY_BATCH bursts, ready to go */
	uint64_t sent, got, due_ns;
	uint64_t *took;
	unsigned samples;
};

static void
read_options(struct load *l, int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	int c;
	while ((c = getopt(argc, argv, "w:a:p:k:j:n:b:r:t:")) != -1) {
		char *colon;
		switch (c) {
		case 'w': l->way = optarg; break;
		case 'p': l->pids = optarg; break;
		case 'k': l->key = optarg; break;
		case 'j': l->join = optarg; break;
		case 'n': l->count = (unsigned)atoi(optarg); break;
		case 'b': l->burst = (unsigned)atoi(optarg); break;
		case 'r': l->rate = atof(optarg); break;
		case 't': l->seconds = atof(optarg); break;
		case 'a':
			colon = strchr(optarg, ':');
			if (colon) {
				*colon = 0;
				at.sin_port = htons((uint16_t)atoi(colon + 1));
			}
			inet_pton(AF_INET, optarg, &at.sin_addr);
			break;
		default:
			exit(2);
		}
	}
	if (!l->way || !l->pids || !at.sin_port || !l->count || !l->burst || l->burst > 40)
		bench_die("relay: see its source");
	relay_socket_open(&l->viewers, 7000, &at);
	relay_socket_open(&l->hosts, 7001, &at);
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
	size_t head = strcmp(l->way, "turn") == 0 ? 0 : RD_RELAYED_HEADER;
	for (int k = 0; k < LOOKS; k++) {
		unsigned n = relay_socket_receive(&l->hosts, got);
		uint64_t now = rd_clock_ns(), sent;
		for (unsigned i = 0; i < n; i++) {
			l->got += (got[i].len + got[i].segment - 1) / got[i].segment;
			if (got[i].segment < 1000 || l->samples == SAMPLES)
				continue;
			memcpy(&sent, got[i].data + head, sizeof(sent));
			l->took[l->samples++] = now - sent;
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
pass(struct load *l, double seconds)
{
	uint64_t end = rd_clock_ns() + (uint64_t)(seconds * 1e9);
	l->due_ns = rd_clock_ns();
	l->sent = l->got = l->samples = 0;
	for (uint64_t now; (now = rd_clock_ns()) < end;) {
		unsigned n = due(l, now);
		if (n)
			send_batch(l, n, now);
		take(l);
	}
}

static int
by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void
report(struct load *l, double cpu, double seconds)
{
	qsort(l->took, l->samples, sizeof(*l->took), by_size);
	printf("sent_kpps %.1f\n", (double)l->sent / seconds / 1e3);
	printf("kpps %.1f\n", (double)l->got / seconds / 1e3);
	printf("lost_pct %.2f\n", 100.0 * (1 - (double)l->got / (double)l->sent));
	printf("core_pct %.1f\n", 100 * cpu / seconds);
	printf("kpps_core %.1f\n", (double)l->got / cpu / 1e3);
	printf("gbps_core %.2f\n", (double)l->got * SIZE * 8 / cpu / 1e9);
	printf("us_packet %.3f\n", cpu * 1e6 / (double)l->got);
	if (l->samples) {
		size_t middle = l->samples / 2, high = (size_t)(l->samples * 0.99);
		printf("p50_us %.1f\n", (double)l->took[middle] / 1e3);
		printf("p99_us %.1f\n", (double)l->took[high] / 1e3);
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
	l->took = xcalloc(SAMPLES, sizeof(*l->took));
	l->trains = xcalloc(RELAY_BATCH, (size_t)l->burst * SIZE);
	uint64_t begun = rd_clock_ns();
	double before = relay_cpu_s(l->pids);
	if (strcmp(l->way, "turn") == 0)
		relay_turn(l->flows, l->count, &l->viewers, &l->hosts);
	else
		relay_meet(l->flows, l->count, &l->viewers, &l->hosts, l->key, l->join);
	printf("setup_s %.2f\n", (double)(rd_clock_ns() - begun) / 1e9);
	printf("setup_ms_session %.3f\n", (relay_cpu_s(l->pids) - before) * 1e3 / l->count);
	pass(l, 0.5);
	double cpu = relay_cpu_s(l->pids);
	begun = rd_clock_ns();
	pass(l, l->seconds);
	report(l, relay_cpu_s(l->pids) - cpu, (double)(rd_clock_ns() - begun) / 1e9);
	return 0;
}
