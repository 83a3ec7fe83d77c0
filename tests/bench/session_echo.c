#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/samples.h"
#include "bench/session_cpu.h"
#include "bench/session_ends.h"

/*
 * How soon 64 bytes come back from the other end, one at a time and with a
 * pause between them, in which everything goes to sleep:
 *
 *	-w udp, tcp	as an event of a session, there and back
 *	-w plain	through TCP and nothing else
 *	COMMAND		into it and out of it again
 */
#define SIZE 64
#define PAUSE_NS (2 * RD_NS_PER_MS)

/* --- a session --- */

struct echo {
	struct rd_loop *loop;
	struct rd_dial *dial;
	struct rd_timer timer;
	struct samples samples;
	size_t want;
	uint64_t sent_ns;
	uint8_t said[SIZE];
};

static void
say(void *ctx)
{
	struct echo *e = ctx;
	e->sent_ns = rd_clock_ns();
	memcpy(e->said, &e->sent_ns, sizeof(e->sent_ns));
	if (rd_mux_event(rd_conn_mux(rd_dial_conn(e->dial)), e->said, SIZE, e->sent_ns) != 0)
		bench_die("the session takes no event");
	rd_dial_poke(e->dial);
}

static void
on_established(void *ctx)
{
	struct echo *e = ctx;
	rd_timer_set(&e->timer, PAUSE_NS);
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct echo *e = ctx;
	if (len != SIZE || memcmp(data, e->said, SIZE) != 0)
		bench_die("something else came back");
	samples_add(&e->samples, rd_clock_ns() - e->sent_ns);
	if (e->samples.n < e->want) {
		rd_timer_set(&e->timer, PAUSE_NS);
		return;
	}
	rd_conn_close(rd_dial_conn(e->dial), RD_CLOSE_DONE, "", rd_clock_ns());
	rd_dial_poke(e->dial);
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct echo *e = ctx;
	if (code != RD_CLOSE_DONE)
		bench_die("the session ended: %s %s", rd_close_name(code), text);
	rd_loop_stop(e->loop, 0);
}

static void
on_failed(void *ctx, uint64_t code, const char *text)
{
	(void)ctx;
	bench_die("no session: %s %s", rd_close_name(code), text);
}

static const struct rd_dial_ops dial_ops = {
	.conn = {.mux = {.event = on_event}, .established = on_established, .closed = on_closed},
	.failed = on_failed,
};

static void
through_session(struct echo *e, const char *way)
{
	struct ends_host host;
	ends_host_start(&host, 0);
	e->loop = rd_loop_new();
	rd_timer_open(&e->timer, e->loop, say, e);
	e->dial = ends_dial(e->loop, &host, way, &dial_ops, e);
	rd_loop_run(e->loop);
	rd_dial_close(e->dial);
	rd_timer_close(&e->timer);
	rd_loop_free(e->loop);
	ends_host_report(&host);
	cpu_wait(host.pid);
}

/* --- anything else --- */

static void
read_all(int fd, uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, data, len);
		if (n == 0 || (n < 0 && errno != EINTR))
			bench_die("nothing comes back");
		data += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

static void
talk(struct echo *e, int in, int out)
{
	uint8_t got[SIZE];
	/* The first one finds everything cold, and a command not yet there. */
	for (size_t i = 0; i <= e->want; i++) {
		bench_sleep_ns(PAUSE_NS);
		e->sent_ns = rd_clock_ns();
		memcpy(e->said, &e->sent_ns, sizeof(e->sent_ns));
		if (write(out, e->said, SIZE) != SIZE)
			bench_die("nobody takes it: %s", strerror(errno));
		read_all(in, got, SIZE);
		if (memcmp(got, e->said, SIZE) != 0)
			bench_die("something else came back");
		if (i > 0)
			samples_add(&e->samples, rd_clock_ns() - e->sent_ns);
	}
}

static void
answer_plain(int fd, uint64_t unused)
{
	uint8_t data[SIZE];
	ssize_t n;
	(void)unused;
	while ((n = read(fd, data, sizeof(data))) > 0)
		if (write(fd, data, (size_t)n) != n)
			_exit(1);
}

static void
through_tcp(struct echo *e)
{
	int fd;
	pid_t pid = ends_plain(&fd, answer_plain, 0);
	talk(e, fd, fd);
	close(fd);
	cpu_wait(pid);
}

static void
through_command(struct echo *e, char **command)
{
	int in, out;
	pid_t pid = ends_command(command, &in, &out);
	talk(e, out, in);
	close(in);
	cpu_wait(pid);
	close(out);
}

int
echo_main(int argc, char **argv)
{
	struct options o = {.count = 1000};
	struct echo e = {0};

	options_read(&o, argc, argv);
	e.want = (size_t)o.count;
	signal(SIGPIPE, SIG_IGN);
	if (o.way && strcmp(o.way, "plain") == 0)
		through_tcp(&e);
	else if (o.way)
		through_session(&e, o.way);
	else if (o.rest[0])
		through_command(&e, o.rest);
	else
		bench_die("echo: by which way?");
	samples_print(&e.samples, "");
	return 0;
}
