#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/session_pair.h"

/*
 * What initiations cost a host that has not met the sender: processor time for
 * each, without the kernel's part, 100 000 of them in a second.
 *
 *	foreign		mac1 is wrong: who does not know the host's key
 *	bare		mac1 is right, no cookie: a COOKIE is made and sent
 *	cookie		with a cookie, but more than one source may have
 */
#define EACH_NS 10000	/* 100 000 a second */
#define LOAD 100	/* of them in a second, and cookies are asked for */

struct init {
	uint8_t bytes[RD_PACKET_HANDSHAKE_MAX + RD_PACKET_MAX];
	size_t len;
};

static void
take(struct pair *p, const struct init *i)
{
	uint8_t answer[RD_PACKET_MAX];
	struct rd_addr to;

	/* A datagram is the receiver's: it gets one of its own, as from a socket. */
	uint8_t bytes[RD_PACKET_HANDSHAKE_MAX];
	memcpy(bytes, i->bytes, i->len);
	rd_server_receive(p->server, &p->at[VIEWER], bytes, i->len, p->now_ns);
	while (rd_server_send(p->server, &to, answer, sizeof(answer), p->now_ns) > 0)
		;
	p->now_ns += EACH_NS;
}

static void
measure(struct pair *p, const struct init *i, int count, const char *name)
{
	uint64_t before = rd_clock_cpu_ns();
	for (int n = 0; n < count; n++)
		take(p, i);
	double ns = (double)(rd_clock_cpu_ns() - before) / count;
	printf("%s_ns %.0f\n", name, ns);
	printf("%s_pct %.1f\n", name, ns * 1e5 / 1e9 * 100);
	printf("%s_kps %.0f\n", name, 1e6 / ns);
}

static void
write_init(struct pair *p, struct init *i)
{
	struct rd_addr to;
	i->len = rd_conn_send(p->viewer, &to, i->bytes, RD_PACKET_MAX, p->now_ns);
	if (i->len <= 2 * RD_MAC || i->len > RD_PACKET_HANDSHAKE_MAX ||
		i->bytes[0] != RD_PACKET_INIT)
		bench_die("the viewer does not begin");
}

/* The same INIT with what the host's COOKIE makes of it. */
static void
write_cookie(struct pair *p, struct init *i)
{
	uint8_t cookie[RD_PACKET_MAX];
	struct rd_addr to;
	rd_server_receive(p->server, &p->at[VIEWER], i->bytes, i->len, p->now_ns);
	size_t len = rd_server_send(p->server, &to, cookie, sizeof(cookie), p->now_ns);
	if (len == 0 || cookie[0] != RD_PACKET_COOKIE ||
		rd_conn_receive(p->viewer, &p->at[HOST], cookie, len, p->now_ns) != 0)
		bench_die("the host asks for no cookie");
	write_init(p, i);
}

int
strangers_main(int argc, char **argv)
{
	struct options o = {.count = 100000};
	struct pair *p = xcalloc(1, sizeof(*p));
	struct init *i = xcalloc(1, sizeof(*i));

	options_read(&o, argc, argv);
	pair_open(p);
	pair_dial(p, false);
	write_init(p, i);
	for (int n = 0; n < LOAD; n++)
		take(p, i);
	i->bytes[i->len - 2 * RD_MAC] ^= 1;
	measure(p, i, o.count, "foreign");
	i->bytes[i->len - 2 * RD_MAC] ^= 1;
	for (int n = 0; n < LOAD; n++)
		take(p, i);
	measure(p, i, o.count, "bare");
	write_cookie(p, i);
	measure(p, i, o.count, "cookie");
	struct rd_server_stats s = rd_server_stats(p->server);
	if (s.cookies < (uint64_t)o.count || s.refused + RD_SERVER_BUSY < (uint64_t)o.count / 2)
		bench_die("these were no bogus initiations: %llu cookies, %llu refused",
			(unsigned long long)s.cookies, (unsigned long long)s.refused);
	pair_close(p);
	free(i);
	free(p);
	return 0;
}
