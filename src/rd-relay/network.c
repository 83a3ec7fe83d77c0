#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-relay/certificate.h"
#include "rd-relay/network_priv.h"

/* INITs a second and thread; beyond, a cookie is asked for: half of what one can answer. */
#define INITS_BUSY 2000
#define TICK_NS (100 * RD_NS_PER_MS)
/* Who has nothing going on here hears of the drain at once, and again if that was lost. */
#define DRAIN_LEAST_NS (300 * RD_NS_PER_MS)
#define HANDED 1024	/* of one worker and turn: what is queued must leave, too */

/* --- what the core says in this thread --- */

static bool
to_stream(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct network *n = ctx;
	return tls_send(&n->tls, to->carrier, data, len, now_ns);
}

static void
on_core_send(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct network *n = ctx;
	if (!to->stream)
		outbox_copy(&n->out, to, data, len);
	else if (!tls_send(&n->tls, to->carrier, data, len, rd_clock_ns()))
		count(&n->counters.drops[DROP_QUEUE], 1);
}

/* False: there may be more. */
static bool
take_handed(struct network *n, struct handoff *h)
{
	struct handed what;
	uint8_t data[FORWARD_MAX];
	for (unsigned i = 0; i < HANDED; i++) {
		if (!handoff_take(h, &what, data, sizeof(data)))
			return true;
		if (!tls_send(&n->tls, what.carrier, data, what.len, what.now_ns))
			count(&n->counters.drops[DROP_QUEUE], 1);
	}
	return false;
}

/* What workers have for TLS legs. */
static void
on_woken(void *ctx, unsigned events)
{
	struct network *n = ctx;
	uint64_t times, again = 1;
	bool all = true;
	(void)events;
	ssize_t got = read(n->wake, &times, sizeof(times));
	for (unsigned i = 0; i < n->workers; i++)
		all &= take_handed(n, &n->worker[i].to_tls);
	if (!all)
		got = write(n->wake, &again, sizeof(again));
	(void)got;
}

/* Before every sleep; asks for no further turn. */
static bool
flush(void *ctx)
{
	struct network *n = ctx;
	outbox_flush(&n->out);
	tls_flush(&n->tls);
	return false;
}

/* --- pages --- */

static void
metrics_page(struct network *n, struct rd_buf *body)
{
	const struct counters *threads[THREADS_MAX + 1];
	struct metrics_state m = {
		.threads = threads, .thread_count = n->workers + 1,
		.tls_open = n->tls.open - n->tls.half_open, .tls_half_open = n->tls.half_open,
		.tls_accepted = n->tls.accepted, .tls_refused = n->tls.refused,
		.sessions_ended = n->tell.ended, .now_ns = rd_clock_ns(), .draining = n->draining,
	};
	for (unsigned i = 0; i < n->workers; i++)
		threads[i] = &n->worker[i].counters;
	threads[n->workers] = &n->counters;
	core_stats(n->core, &m.core);
	metrics_text(body, &m);
}

int
network_page(void *ctx, const char *path, struct rd_buf *body)
{
	struct network *n = ctx;
	if (strcmp(path, "/metrics") == 0) {
		metrics_page(n, body);
		return 200;
	}
	if (strcmp(path, "/health") != 0)
		return 404;
	const char *text = n->draining ? "draining\n" : "ok\n";
	rd_buf_bytes(body, text, strlen(text));
	return n->draining ? 503 : 200;
}

/* --- the end --- */

static void
drain(struct network *n)
{
	uint64_t now = rd_clock_ns();
	if (n->draining) {
		rd_loop_stop(n->loop, RD_EXIT_OK);
		return;
	}
	n->draining = true;
	n->drain_ns = now;
	n->end_ns = now + n->settings->drain_ns;
	core_drain(n->core, &n->forward.core_out, (uint32_t)(n->settings->drain_ns / RD_NS_PER_S),
		now);
	rd_info("ending: nobody new is served; %llu s for who is",
		(unsigned long long)(n->settings->drain_ns / RD_NS_PER_S));
	if (n->opt->json) {
		struct rd_event e;
		rd_event_begin(&e, "draining");
		rd_event_number(&e, "seconds", (int64_t)(n->settings->drain_ns / RD_NS_PER_S));
		rd_event_end(&e);
	}
}

static void
check_drained(struct network *n, uint64_t now)
{
	struct core_stats s;
	if (!n->draining || now - n->drain_ns < DRAIN_LEAST_NS)
		return;
	core_stats(n->core, &s);
	if (now >= n->end_ns || s.sessions == 0)
		rd_loop_stop(n->loop, RD_EXIT_OK);
}

static uint64_t
wall_offset_ns(void)
{
	return rd_clock_wall_ns() - rd_clock_ns();
}

static void
on_tick(void *ctx)
{
	struct network *n = ctx;
	uint64_t now = rd_clock_ns();
	/* Small machines start with a clock that is set by the network only later. */
	core_clock(n->core, wall_offset_ns());
	core_tick(n->core, &n->forward.core_out, now);
	tls_tick(&n->tls, now);
	check_drained(n, now);
	rd_timer_set(&n->tick, TICK_NS);
}

/* --- settings --- */

SSL_CTX *
network_certificate(const struct settings *s)
{
	char *error = NULL;
	if (!s->certificate)
		return NULL;
	SSL_CTX *ctx = certificate_context(s->certificate, s->certificate_len, s->certificate_key,
		s->certificate_key_len, &error);
	if (!ctx)
		rd_error("TLS: %s", error);
	free(error);
	return ctx;
}

/* What no file says. */
static void
complete(struct network *n, struct core_config *c)
{
	c->wall_offset_ns = wall_offset_ns();
	c->inits_busy = INITS_BUSY * n->udp.threads;
}

void
network_core(struct network *n)
{
	complete(n, &n->settings->core);
	n->core = core_new(&n->settings->core, tell_core, &n->tell);
	n->out.udp = &n->udp;
	n->out.counters = &n->counters;
	n->forward = (struct forward){
		.core = n->core, .core_out = {on_core_send, n}, .out = &n->out,
		.counters = &n->counters, .to_stream = to_stream, .ctx = n,
	};
}

static bool
take_settings(struct network *n, int fd)
{
	struct settings s;
	int err = settings_get(&s, fd);
	if (err) {
		rd_error("the new configuration did not arrive: %s", strerror(-err));
		return false;
	}
	s.core.key = n->settings->core.key;
	complete(n, &s.core);
	core_reload(n->core, &s.core);
	SSL_CTX *ctx = network_certificate(&s);
	if (ctx)
		tls_reload(&n->tls, ctx, network_tls_places(n, s.tls_connections));
	settings_finish(n->settings);
	*n->settings = s;
	sodium_memzero(&s, sizeof(s));
	rd_info("configuration read anew");
	if (n->opt->json) {
		struct rd_event e;
		rd_event_begin(&e, "reloaded");
		rd_event_end(&e);
	}
	return true;
}

/* --- the monitor --- */

static void
say(struct network *n, enum network_says what)
{
	uint8_t byte = (uint8_t)what;
	int err = rd_ipc_send(n->sock, &byte, sizeof(byte), -1);
	if (err)
		rd_debug("the monitor does not listen: %s", strerror(-err));
}

static void
on_said(void *ctx, unsigned events)
{
	struct network *n = ctx;
	uint8_t what;
	int fd, got;
	(void)events;
	while ((got = rd_ipc_recv(n->sock, &what, sizeof(what), &fd, 0)) > 0) {
		if (what == SAYS_AUDIT) {
			tell_audit(&n->tell, fd);
			continue;
		}
		if (what == SAYS_SETTINGS && fd >= 0)
			say(n, take_settings(n, fd) ? SAYS_READY : SAYS_NOT_TAKEN);
		else if (what == SAYS_STOP)
			drain(n);
		if (fd >= 0)
			close(fd);
	}
	if (got == -EAGAIN)
		return;
	rd_error("the monitor process is gone");
	rd_loop_stop(n->loop, RD_EXIT_FAILURE);
}

/* --- its life --- */

static void
watch(struct network *n)
{
	/* ^C and the like reach the monitor, which tells us what to do. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	rd_fd_open(&n->heard, n->loop, n->sock, on_said, n);
	rd_fd_want(&n->heard, RD_READ);
	rd_fd_open(&n->woken, n->loop, n->wake, on_woken, n);
	rd_fd_want(&n->woken, RD_READ);
	rd_timer_open(&n->tick, n->loop, on_tick, n);
	rd_timer_set(&n->tick, TICK_NS);
	rd_loop_prepare(n->loop, flush, n);
}

static int
start_workers(struct network *n)
{
	for (unsigned i = 0; i < n->workers; i++) {
		int err = worker_start(&n->worker[i]);
		if (err) {
			rd_error("no thread for the network: %s", strerror(-err));
			return RD_EXIT_FAILURE;
		}
	}
	return 0;
}

static int
run(struct network *n)
{
	if (n->opt->confine)
		rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_NETWORK});
	else
		rd_warn("not confined, as --no-confine asks");
	if (n->opt->confine_test)
		return rd_confine_try(RD_CONFINE_NETWORK) ? RD_EXIT_OK : RD_EXIT_FAILURE;
	int code = start_workers(n);
	if (code)
		return code;
	say(n, SAYS_READY);
	return rd_loop_run(n->loop);
}

static void
close_network(struct network *n)
{
	for (unsigned i = 0; i < n->workers; i++)
		worker_close(&n->worker[i]);
	free(n->worker);
	if (n->core)
		core_stop(n->core);
	tls_close(&n->tls);
	rd_web_close(n->web);
	if (n->web_fd >= 0)
		close(n->web_fd);
	rd_timer_close(&n->tick);
	rd_fd_close(&n->woken);
	rd_fd_close(&n->heard);
	udp_close(&n->udp);
	core_free(n->core);
	tell_close(&n->tell);
	if (n->wake >= 0)
		close(n->wake);
	rd_loop_free(n->loop);
}

int
network_run(const struct options *o, struct settings *s, int sock, int audit)
{
	/* Too large for a stack. */
	struct network *n = xcalloc(1, sizeof(*n));
	n->opt = o;
	n->settings = s;
	n->sock = sock;
	n->web_fd = -1;
	n->tls_most = UINT_MAX;
	n->loop = rd_loop_new();
	n->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	tell_open(&n->tell, o->json, audit);
	watch(n);
	int code = network_open(n);
	if (!code)
		code = run(n);
	close_network(n);
	settings_finish(s);
	free(n);
	return code;
}
