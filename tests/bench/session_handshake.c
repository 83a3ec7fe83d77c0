#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/session_pair.h"
#include "net/password.h"

/*
 * What a handshake costs, from the viewer's first datagram until both ends
 * stand: processor time, all of it, memory for the session included.
 */
#define STRETCHED 5	/* with Argon2id, which takes its time on purpose */
/* Below what a host takes from one source without asking for a cookie. */
#define BETWEEN_NS (200 * RD_NS_PER_MS)

static void
run(struct pair *p, int count, bool by_password)
{
	for (int i = 0; i < count; i++) {
		uint64_t before[SIDES];
		p->now_ns += BETWEEN_NS;
		pair_dial(p, by_password);
		pair_stand(p);
		for (enum side s = HOST; s < SIDES; s++)
			before[s] = p->end[s].cpu_ns;
		pair_hang_up(p);
		for (enum side s = HOST; s < SIDES; s++)
			p->end[s].cpu_ns = before[s];
	}
}

static void
measure(struct pair *p, int count, bool by_password, const char *name)
{
	run(p, 1, by_password); /* memory and caches are warm afterwards */
	pair_count_anew(p);
	run(p, count, by_password);
	double host = (double)p->end[HOST].cpu_ns / 1e6 / count;
	double viewer = (double)p->end[VIEWER].cpu_ns / 1e6 / count;
	printf("%s_host_ms %.4f\n", name, host);
	printf("%s_viewer_ms %.4f\n", name, viewer);
	printf("%s_both_ms %.4f\n", name, host + viewer);
}

int
handshake_main(int argc, char **argv)
{
	struct options o = {.count = 500};
	struct pair *p = xcalloc(1, sizeof(*p));

	options_read(&o, argc, argv);
	pair_open(p);
	measure(p, o.count, false, "keys");
	measure(p, o.count, true, "password");
	pair_close(p);

	/* Only the viewer stretches: a host keeps the password stretched. */
	pair_open(p);
	p->password = "correct horse battery staple";
	if (rd_password_stretch(p->password, strlen(p->password), p->salt, p->prs) != 0)
		bench_die("no memory to stretch a password");
	rd_server_password(p->server, true, p->prs, p->salt);
	measure(p, STRETCHED, true, "stretched");
	pair_close(p);
	free(p);
	return 0;
}
