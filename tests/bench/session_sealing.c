#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/session_aead.h"
#include "bench/session_pair.h"

/*
 * How fast one core seals and opens: libsodium's cipher alone, then all that a
 * session does with pictures and with a stream between its owner's call at one
 * end and the other's callback, acknowledgements included, without sockets.
 * The host sends, the viewer receives. Gbit/s are of what the owner gets.
 */
#define ALONE 1200		/* bytes */
#define PICTURE (64 << 10)
#define QUEUED (256 << 10)	/* what waits in the host's mux */
#define TURN_NS 64000		/* the clock, for each train: about 10 Gbit/s */

static double
gbps(double bytes, double ns)
{
	return bytes * 8 / ns;
}

static void
alone(int count)
{
	size_t len = ALONE + RD_PACKET_OVERHEAD;
	aead_cost(len, 1000);
	struct aead_ns cost = aead_cost(len, (uint64_t)count);
	printf("aead_seal_gbps %.3f\n", gbps((double)ALONE * count, cost.seal));
	printf("aead_open_gbps %.3f\n", gbps((double)ALONE * count, cost.open));
}

static void
write_more(struct pair *p, const uint8_t *data, int64_t stream)
{
	struct rd_mux *m = pair_mux(p, HOST);
	uint64_t before = rd_clock_cpu_ns();
	int err = 0;
	if (stream < 0)
		while (!err && rd_mux_units_unsent(m, RD_TRAFFIC_PICTURE) < QUEUED)
			err = rd_mux_unit(m, RD_TRAFFIC_PICTURE, data, PICTURE, UINT64_MAX, 0);
	else
		while (!err && rd_mux_stream_queued(m, (uint64_t)stream) < 2 * QUEUED)
			err = rd_mux_stream_write(m, (uint64_t)stream, data, PICTURE, false);
	if (err)
		bench_die("the host cannot write");
	p->end[HOST].cpu_ns += rd_clock_cpu_ns() - before;
}

static void
carry(struct pair *p, const uint8_t *data, int64_t stream, uint64_t bytes)
{
	while (p->end[VIEWER].bytes < bytes) {
		write_more(p, data, stream);
		if (!pair_exchange(p))
			bench_die("a session in one process stands still");
		p->now_ns += TURN_NS;
	}
}

/* The same datagrams again, by libsodium alone: at the end that seals and that opens them. */
static void
add_aead(const struct pair *p, double ns[SIDES])
{
	ns[HOST] = ns[VIEWER] = 0;
	for (enum side from = HOST; from < SIDES; from++)
		for (size_t len = RD_PACKET_OVERHEAD; len <= PAIR_DATAGRAM; len++) {
			struct aead_ns cost = aead_cost(len, p->end[from].sent[len]);
			ns[from] += cost.seal;
			ns[from == HOST ? VIEWER : HOST] += cost.open;
		}
}

static void
measure(const char *name, bool stream, uint64_t bytes)
{
	struct pair *p = xcalloc(1, sizeof(*p));
	uint8_t *data = xcalloc(1, PICTURE);
	int64_t id = -1;
	double aead[SIDES];

	pair_open(p);
	pair_dial(p, false);
	pair_stand(p);
	if (stream)
		id = rd_mux_stream_open(pair_mux(p, HOST), RD_TRAFFIC_BULK);
	carry(p, data, id, bytes / 16);
	pair_count_anew(p);
	carry(p, data, id, bytes);
	add_aead(p, aead);
	double got = (double)p->end[VIEWER].bytes;
	double host = (double)p->end[HOST].cpu_ns, viewer = (double)p->end[VIEWER].cpu_ns;
	printf("%s_send_gbps %.3f\n", name, gbps(got, host));
	printf("%s_take_gbps %.3f\n", name, gbps(got, viewer));
	printf("%s_send_outside_pct %.1f\n", name, 100 * (1 - aead[HOST] / host));
	printf("%s_take_outside_pct %.1f\n", name, 100 * (1 - aead[VIEWER] / viewer));
	pair_close(p);
	free(data);
	free(p);
}

int
sealing_main(int argc, char **argv)
{
	struct options o = {.count = 100000};	/* datagrams */

	options_read(&o, argc, argv);
	uint64_t bytes = (uint64_t)o.count * ALONE;
	alone(o.count);
	measure("picture", false, bytes);
	measure("stream", true, bytes);
	return 0;
}
