#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/session_ends.h"
#include "net/host.h"

#define POUR_PIECE (64 << 10)
#define POUR_QUEUED (1 << 20)

/* --- the host's process --- */

struct host {
	struct rd_loop *loop;
	struct rd_host *host;
	struct rd_conn *conn;	/* NULL: before and after the session */
	int64_t stream;		/* -1: none */
	uint64_t left;		/* to pour */
	uint8_t piece[POUR_PIECE];
	struct ends_report report;
};

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct host *h = ctx;
	rd_mux_event(rd_conn_mux(h->conn), data, len, rd_clock_ns());
	rd_host_poke(h->host);
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct host *h = ctx;
	(void)data, (void)fin;
	rd_mux_consumed(rd_conn_mux(h->conn), id, len);
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	(void)ctx, (void)id, (void)code;
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	(void)ctx, (void)traffic, (void)data, (void)len;
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	(void)ctx, (void)traffic;
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	(void)ctx, (void)traffic, (void)tag;
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct host *h = ctx;
	struct rd_conn_stats stats;
	(void)text;
	rd_conn_stats(h->conn, &stats);
	h->report = (struct ends_report){stats.packets, stats.bytes_sent, stats.size};
	h->left = 0;
	if (code != RD_CLOSE_DONE)
		bench_die("the session ended: %s", rd_close_name(code));
}

static const struct rd_conn_ops conn_ops = {
	.mux = {
		.stream = on_stream,
		.reset = on_reset,
		.unit = on_unit,
		.gap = on_gap,
		.event = on_event,
		.dropped = on_dropped,
	},
	.closed = on_closed,
};

static bool
on_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct host *h = ctx;
	h->conn = conn;
	*ops = conn_ops;
	*conn_ctx = h;
	return true;
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct host *h = ctx;
	(void)conn, (void)conn_ctx;
	h->conn = NULL;
	rd_loop_stop(h->loop, 0);
}

static const struct rd_server_ops server_ops = {.accept = on_accept, .gone = on_gone};

/* Before every sleep: the stream is kept full, and no fuller. */
static bool
pour(void *ctx)
{
	struct host *h = ctx;
	struct rd_mux *m = h->conn ? rd_conn_mux(h->conn) : NULL;
	if (!m || h->left == 0)
		return false;
	if (h->stream < 0)
		h->stream = rd_mux_stream_open(m, RD_TRAFFIC_BULK);
	uint64_t before = h->left;
	while (h->left > 0 && rd_mux_stream_queued(m, (uint64_t)h->stream) < POUR_QUEUED) {
		size_t n = h->left < POUR_PIECE ? (size_t)h->left : POUR_PIECE;
		h->left -= n;
		if (rd_mux_stream_write(m, (uint64_t)h->stream, h->piece, n, h->left == 0) != 0)
			bench_die("the host cannot write");
	}
	if (h->left < before)
		rd_host_poke(h->host);
	return h->left < before;
}

static void
tell(int fd, const void *data, size_t len)
{
	if (write(fd, data, len) != (ssize_t)len)
		bench_die("nobody listens: %s", strerror(errno));
}

static void
hear(int fd, void *data, size_t len)
{
	if (read(fd, data, len) != (ssize_t)len)
		bench_die("the other process says nothing");
}

static int
serve(int report, uint64_t bytes)
{
	struct host *h = xcalloc(1, sizeof(*h));
	struct rd_keypair keys;
	struct rd_addr at = {.family = 4, .ip = {127, 0, 0, 1}};

	rd_keypair_new(&keys);
	h->loop = rd_loop_new();
	h->stream = -1;
	h->left = bytes;
	struct rd_server_config cfg = {.conn = {.own = &keys}};
	int err = rd_host_open(&h->host, h->loop, &cfg, &server_ops, h);
	if (!err)
		err = rd_endpoint_listen(rd_host_endpoint(h->host), &at, true, true);
	if (err)
		bench_die("no host: %s", strerror(-err));
	uint16_t port = rd_endpoint_port(rd_host_endpoint(h->host));
	tell(report, &port, sizeof(port));
	tell(report, &keys.public, sizeof(keys.public));
	rd_loop_prepare(h->loop, pour, h);
	rd_loop_run(h->loop);
	tell(report, &h->report, sizeof(h->report));
	rd_host_close(h->host);
	rd_loop_free(h->loop);
	rd_keypair_wipe(&keys);
	free(h);
	return 0;
}

/* --- whoever started it --- */

/* It goes when we go. */
static pid_t
child(void)
{
	pid_t pid = fork();
	if (pid < 0)
		bench_die("no process: %s", strerror(errno));
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	return pid;
}

static void
open_pipe(int ends[2])
{
	/* Not for the others that are started. */
	if (pipe2(ends, O_CLOEXEC) < 0)
		bench_die("no pipe: %s", strerror(errno));
}

void
ends_host_start(struct ends_host *h, uint64_t bytes)
{
	int ends[2];
	open_pipe(ends);
	h->pid = child();
	if (h->pid == 0) {
		close(ends[0]);
		_exit(serve(ends[1], bytes));
	}
	close(ends[1]);
	h->report = ends[0];
	hear(h->report, &h->port, sizeof(h->port));
	hear(h->report, &h->key, sizeof(h->key));
}

struct ends_report
ends_host_report(struct ends_host *h)
{
	struct ends_report r;
	hear(h->report, &r, sizeof(r));
	close(h->report);
	return r;
}

struct rd_dial *
ends_dial(struct rd_loop *loop, const struct ends_host *h, const char *way,
	const struct rd_dial_ops *ops, void *ctx)
{
	struct rd_addr at = {.family = 4, .port = h->port, .ip = {127, 0, 0, 1}};
	struct rd_keypair keys;
	struct rd_dial *d;

	rd_keypair_new(&keys);
	struct rd_dial_config cfg = {.conn = {.own = &keys}, .addrs = &at, .count = 1,
		.how = {.host = &h->key, .wall_ns = rd_clock_wall_ns()},
		.way = strcmp(way, "tcp") == 0 ? RD_DIAL_TCP : RD_DIAL_UDP};
	int err = rd_dial_open(&d, loop, &cfg, ops, ctx);
	rd_keypair_wipe(&keys);
	if (err)
		bench_die("no dialling: %s", strerror(-err));
	return d;
}

pid_t
ends_plain(int *fd, void (*serve_plain)(int fd, uint64_t pour), uint64_t bytes)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0), end, on = 1;

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || *fd < 0 || bind(listener, (struct sockaddr *)&at, len) < 0 ||
		listen(listener, 1) < 0 || getsockname(listener, (struct sockaddr *)&at, &len) < 0 ||
		connect(*fd, (struct sockaddr *)&at, len) < 0 ||
		(end = accept(listener, NULL, NULL)) < 0)
		bench_die("no connection: %s", strerror(errno));
	close(listener);
	setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	pid_t pid = child();
	if (pid == 0) {
		close(*fd);
		serve_plain(end, bytes);
		_exit(0);
	}
	close(end);
	return pid;
}

pid_t
ends_command(char **command, int *in, int *out)
{
	int to[2] = {-1, -1}, from[2];
	open_pipe(from);
	if (in)
		open_pipe(to);
	pid_t pid = child();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		if (in)
			dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		execvp(command[0], command);
		bench_die("%s: %s", command[0], strerror(errno));
	}
	close(from[1]);
	*out = from[0];
	if (in) {
		close(to[0]);
		*in = to[1];
	}
	return pid;
}
