#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/session_aead.h"
#include "bench/session_cpu.h"
#include "bench/session_ends.h"

/*
 * As many bytes as asked for from the host to the viewer as fast as they go,
 * from the first that comes to the last, and what that costs both ends:
 *
 *	-w udp, tcp	through a stream of bulk of a session
 *	-w plain	through TCP and nothing else
 *	COMMAND		what it writes; -p: the server process that feeds it
 */
#define MB 1000000
#define READ (256 << 10)

struct bulk {
	uint64_t want, got;
	uint64_t first_ns, last_ns;
	struct cpu host, viewer;
	double beside;		/* seconds: what only reads for a command */
	uint64_t begun_ns;
	double machine_ns;	/* as of then: all processors, everybody's */
};

static struct bulk
begin(uint64_t bytes)
{
	return (struct bulk){.want = bytes, .begun_ns = rd_clock_ns(),
		.machine_ns = bench_machine_ns()};
}

static void
count(struct bulk *b, size_t n)
{
	b->last_ns = rd_clock_ns();
	if (b->got == 0)
		b->first_ns = b->last_ns;
	b->got += n;
}

static struct cpu
minus(struct cpu a, struct cpu b)
{
	return (struct cpu){a.user - b.user, a.system - b.system};
}

static void
print(const struct bulk *b)
{
	double gb = (double)b->got / 1e9;
	double host = b->host.user + b->host.system, viewer = b->viewer.user + b->viewer.system;
	double others = bench_machine_ns() - b->machine_ns - 1e9 * (host + viewer + b->beside);
	/* What a stream has around its pictures comes beside. */
	if (b->got < b->want)
		bench_die("only %llu bytes came of %llu", (unsigned long long)b->got,
			(unsigned long long)b->want);
	printf("mbit %.0f\n", (double)b->got * 8e3 / (double)(b->last_ns - b->first_ns));
	printf("host_s_gb %.3f\n", host / gb);
	printf("viewer_s_gb %.3f\n", viewer / gb);
	printf("others_pct %.1f\n", 100 * others / (double)(rd_clock_ns() - b->begun_ns));
}

/* --- a session --- */

struct session {
	struct bulk b;
	struct rd_loop *loop;
	struct rd_dial *dial;
};

static void
on_established(void *ctx)
{
	(void)ctx;
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct session *s = ctx;
	struct rd_conn *c = rd_dial_conn(s->dial);
	(void)data;
	count(&s->b, len);
	rd_mux_consumed(rd_conn_mux(c), id, len);
	if (!fin)
		return;
	rd_conn_close(c, RD_CLOSE_DONE, "", rd_clock_ns());
	rd_dial_poke(s->dial);
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct session *s = ctx;
	if (code != RD_CLOSE_DONE)
		bench_die("the session ended: %s %s", rd_close_name(code), text);
	rd_loop_stop(s->loop, 0);
}

static void
on_failed(void *ctx, uint64_t code, const char *text)
{
	(void)ctx;
	bench_die("no session: %s %s", rd_close_name(code), text);
}

static const struct rd_dial_ops dial_ops = {
	.conn = {.mux = {.stream = on_stream}, .established = on_established, .closed = on_closed},
	.failed = on_failed,
};

/* How much of what the processes do themselves is not libsodium's work. */
static void
print_shares(const struct bulk *b, const struct ends_report *r)
{
	double user = b->host.user + b->viewer.user;
	double system = b->host.system + b->viewer.system;
	uint64_t sample = 20000;
	struct aead_ns cost = aead_cost((size_t)r->size, sample);
	double each = (cost.seal + cost.open) / (double)sample / 1e9;
	printf("kernel_pct %.1f\n", 100 * system / (user + system));
	printf("outside_pct %.1f\n",
		100 * (1 - each * (double)r->bytes_sent / (double)r->size / user));
	printf("lost_pct %.3f\n", 100 * (double)r->packets.lost / (double)r->packets.sent);
	printf("datagram_bytes %llu\n", (unsigned long long)r->size);
}

static void
through_session(const char *way, uint64_t bytes)
{
	struct session s = {.b = begin(bytes)};
	struct ends_host host;

	ends_host_start(&host, bytes);
	s.loop = rd_loop_new();
	struct cpu before = cpu_self();
	s.dial = ends_dial(s.loop, &host, way, &dial_ops, &s);
	rd_loop_run(s.loop);
	s.b.viewer = minus(cpu_self(), before);
	rd_dial_close(s.dial);
	rd_loop_free(s.loop);
	struct ends_report r = ends_host_report(&host);
	s.b.host = cpu_wait(host.pid);
	print(&s.b);
	print_shares(&s.b, &r);
}

/* --- anything else --- */

static void
take(struct bulk *b, int fd)
{
	uint8_t *data = xmalloc(READ);
	ssize_t n;
	while ((n = read(fd, data, READ)) != 0) {
		if (n > 0)
			count(b, (size_t)n);
		else if (errno != EINTR)
			bench_die("nothing can be read: %s", strerror(errno));
	}
	free(data);
}

static void
pour_plain(int fd, uint64_t bytes)
{
	static const uint8_t piece[64 << 10];
	while (bytes > 0) {
		ssize_t n = write(fd, piece, bytes < sizeof(piece) ? (size_t)bytes : sizeof(piece));
		if (n < 0 && errno != EINTR)
			_exit(1);
		bytes -= n > 0 ? (uint64_t)n : 0;
	}
}

static void
through_tcp(uint64_t bytes)
{
	struct bulk b = begin(bytes);
	int fd;
	pid_t pid = ends_plain(&fd, pour_plain, bytes);
	struct cpu before = cpu_self();
	take(&b, fd);
	b.viewer = minus(cpu_self(), before);
	b.host = cpu_wait(pid);
	close(fd);
	print(&b);
}

/* What reads here is no part of a viewer: only the command's own time counts. */
static void
through_command(char **command, pid_t server, uint64_t bytes)
{
	struct bulk b = begin(bytes);
	int fd;
	double before = server ? cpu_tree(server) : 0;
	struct cpu mine = cpu_self();
	int children = server ? cpu_children(server) : 0;
	pid_t pid = ends_command(command, NULL, &fd);
	take(&b, fd);
	mine = minus(cpu_self(), mine);
	b.beside = mine.user + mine.system;
	b.viewer = cpu_wait(pid);
	if (server) {
		cpu_until_children(server, children);
		b.host.user = cpu_tree(server) - before;
	}
	print(&b);
}

int
bulk_main(int argc, char **argv)
{
	struct options o = {.count = 256};

	options_read(&o, argc, argv);
	uint64_t bytes = (uint64_t)o.count * MB;
	if (o.way && strcmp(o.way, "plain") == 0)
		through_tcp(bytes);
	else if (o.way)
		through_session(o.way, bytes);
	else if (o.rest[0])
		through_command(o.rest, o.server, bytes);
	else
		bench_die("bulk: by which way?");
	return 0;
}
