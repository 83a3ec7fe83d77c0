#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-relay/network_priv.h"

#define SPARE (RD_WEB_MAX + 8)	/* descriptors kept for pages, new settings and the audit */

static int
cannot_listen(const struct rd_addr *at, int err)
{
	char text[RD_ADDR_TEXT];
	struct rd_addr shown = *at;
	shown.stream = true;
	rd_error("cannot listen on %s: %s%s", place_text(&shown, text), strerror(-err),
		err == -EADDRINUSE ? "; another rd-relay may be running" : "");
	return err == -EADDRNOTAVAIL ? RD_EXIT_USAGE : RD_EXIT_FAILURE;
}

/* Of one address and family; a machine without IPv6 lacks nothing. */
static int
open_tls_at(struct network *n, struct rd_addr at, int domain, bool any)
{
	bool quiet = n->opt->tls_quiet && at.port == 443;
	at.family = domain == AF_INET ? 4 : 6;
	int fd = tcp_listen(&at, domain);
	if (fd >= 0)
		return tls_listen(&n->tls, fd, &at) ? RD_EXIT_FAILURE : 0;
	if (any && domain == AF_INET6 && (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL))
		return 0;
	if (!quiet)
		return cannot_listen(&at, fd);
	if (domain == AF_INET)
		rd_info("no TLS on port 443: %s", strerror(-fd));
	return 0;
}

static int
open_tls(struct network *n)
{
	const struct places *p = &n->opt->tls;
	int code = 0;
	for (unsigned i = 0; i < p->count && !code; i++) {
		struct rd_addr at = p->at[i];
		/* By default TLS is where UDP is, also where that was any free port. */
		if (n->opt->tls_quiet && at.port == 0)
			at.port = n->udp.place[0].at.port;
		if (at.family) {
			code = open_tls_at(n, at, at.family == 4 ? AF_INET : AF_INET6, false);
		} else {
			code = open_tls_at(n, at, AF_INET, true);
			if (!code)
				code = open_tls_at(n, at, AF_INET6, true);
		}
	}
	return code;
}

static int
open_web(struct network *n, struct rd_addr *at)
{
	*at = n->opt->metrics;
	if (!at->family)
		return 0;
	n->web_fd = tcp_listen(at, at->family == 4 ? AF_INET : AF_INET6);
	if (n->web_fd < 0)
		return cannot_listen(at, n->web_fd);
	n->web = rd_web_open(n->loop, n->web_fd, network_page, n);
	return n->web ? 0 : cannot_listen(at, -errno);
}

static unsigned
thread_count(const struct options *o)
{
	long n = o->threads ? (long)o->threads : sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

static int
open_workers(struct network *n)
{
	n->workers = n->udp.threads;
	n->worker = xcalloc(n->workers, sizeof(*n->worker));
	for (unsigned i = 0; i < n->workers; i++) {
		int err = worker_open(&n->worker[i], i, &n->udp, n->core, n->wake);
		if (err) {
			rd_error("no thread for the network: %s", strerror(-err));
			return RD_EXIT_FAILURE;
		}
	}
	return 0;
}

/* A descriptor for each TLS connection, as far as we may. */
static void
raise_limits(void)
{
	struct rlimit l;
	if (getrlimit(RLIMIT_NOFILE, &l) == 0 && l.rlim_cur < l.rlim_max) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_NOFILE, &l);
	}
}

unsigned
network_tls_places(const struct network *n, unsigned wanted)
{
	return wanted < n->tls_most ? wanted : n->tls_most;
}

/* More TLS connections than descriptors would leave none for anything else. */
static void
bound_tls(struct network *n)
{
	struct rlimit l;
	int next = dup(n->wake);
	if (next >= 0)
		close(next);
	if (getrlimit(RLIMIT_NOFILE, &l) != 0 || l.rlim_cur > UINT_MAX)
		return;
	unsigned all = (unsigned)l.rlim_cur, taken = next < 0 ? all : (unsigned)next + SPARE;
	n->tls_most = taken < all ? all - taken : 0;
	if (n->tls.listeners && n->tls_most < n->tls.max)
		rd_warn("%u TLS connections at most, not %u: no more than %u descriptors may be open "
			"(ulimit -n)", n->tls_most, n->tls.max, all);
	n->tls.max = network_tls_places(n, n->tls.max);
}

/* The lines that others need. */
static void
say_listening(const struct network *n, const struct rd_addr *metrics)
{
	char host[256] = "", suffix[8] = "", key[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT];
	unsigned port = n->udp.place[0].at.port;
	const struct rd_key *public = &n->settings->core.key.public;
	rd_key_text(public, key);
	rd_key_fingerprint(public, fingerprint);
	gethostname(host, sizeof(host) - 1);
	if (!n->opt->json) {
		if (port != RD_RELAY_PORT)
			snprintf(suffix, sizeof(suffix), ":%u", port);
		const char *name = host[0] ? host : "HOSTNAME";
		dprintf(STDERR_FILENO,
			"rd-relay: this machine is a relay at port %u; key %s (fingerprint %s)\n"
			"rd-relay: once on each host:   rd-key relay %s%s %s   (%s%s"
			"it asks for the join key: rd-relay --join-key prints it)\n"
			"rd-relay: then:                rd-share\n", port, key, fingerprint,
			name, suffix, key, strchr(name, '.') ? "" : name, strchr(name, '.') ? "" :
			" stands for a name or address by which hosts reach this machine; ");
		return;
	}
	struct rd_event e;
	rd_event_begin(&e, "listening");
	rd_event_number(&e, "port", port);
	if (n->tls.listeners)
		rd_event_number(&e, "tls", n->tls.listener[0].at.port);
	if (metrics->family)
		rd_event_number(&e, "metrics", metrics->port);
	rd_event_text(&e, "host", host);
	rd_event_text(&e, "key", key);
	rd_event_text(&e, "fingerprint", fingerprint);
	rd_event_end(&e);
}

int
network_open(struct network *n)
{
	struct rd_addr metrics;
	raise_limits();
	SSL_CTX *ctx = network_certificate(n->settings);
	tls_init(&n->tls, n->loop, &n->forward, ctx, n->settings->tls_connections);
	int code = udp_listen(&n->udp, n->opt, thread_count(n->opt));
	if (!code)
		network_core(n);
	if (!code && ctx)
		code = open_tls(n);
	if (!code)
		code = open_web(n, &metrics);
	if (!code)
		code = open_workers(n);
	if (!code)
		bound_tls(n);
	if (!code)
		say_listening(n, &metrics);
	return code;
}
