#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/portmap_pcp.h"
#include "net/portmap_priv.h"

/*
 * UPnP's Internet Gateway Device by miniupnpc, which waits for answers: one
 * thread for each job, one job at a time. What `job` and `igd` hold is the
 * thread's while it runs, and ours when it has written to the pipe.
 */
#define DISCOVER_MS 1000	/* for each of two kinds of device */
#define TRIES 4			/* with other ports, when ours is somebody else's */
#define RENEW_FAST_NS (60 * RD_NS_PER_S)

enum job_kind { JOB_MAP, JOB_UNMAP };

struct igd {
	bool found;
	struct UPNPUrls urls;
	struct IGDdatas data;
	char lan[64];		/* our address, as it sees it */
};

struct job {
	enum job_kind kind;
	uint16_t port, external;
	int error;		/* 0, or a UPnP error, or -1 */
	struct rd_addr outside;
	uint32_t lease_s;	/* 0: for ever, says the router */
};

struct way {
	struct portmap *pm;
	pthread_t thread;
	bool running;
	atomic_bool stop;	/* nothing of it is wanted any more */
	struct igd igd;
	struct job job;
	bool holding, leaving;
	uint64_t expires_ns;
	int done[2];		/* a pipe */
	struct rd_fd watch;
	struct rd_timer renew;
};

/* --- in the thread --- */

static void
forget(struct igd *g)
{
	if (g->found)
		FreeUPNPUrls(&g->urls);
	g->found = false;
}

/*
 * A URL of the router itself. Whoever answers in this network may name any, of
 * services that only we reach, and we would ask there.
 */
static bool
is_router(const char *url, const struct rd_addr *router)
{
	static const char scheme[] = "http://";
	char ip[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, router->ip, ip, sizeof(ip));
	size_t n = strlen(ip);
	if (!url || strncmp(url, scheme, strlen(scheme)) != 0)
		return false;
	url += strlen(scheme);
	return strncmp(url, ip, n) == 0 && (url[n] == ':' || url[n] == '/');
}

/* What the library says of one device: 1: it leads out. */
static int
look_at(struct igd *g, struct UPNPDev *device)
{
	struct UPNPDev *next = device->pNext;
	device->pNext = NULL;
#if MINIUPNPC_API_VERSION >= 18
	char wan[64];
	int kind = UPNP_GetValidIGD(device, &g->urls, &g->data, g->lan, sizeof(g->lan), wan,
		sizeof(wan));
#else
	int kind = UPNP_GetValidIGD(device, &g->urls, &g->data, g->lan, sizeof(g->lan));
#endif
	device->pNext = next;
	return kind;
}

static void
discover(struct igd *g, const struct rd_addr *router)
{
	static const char *const kinds[] = {
		"urn:schemas-upnp-org:device:InternetGatewayDevice:1",
		"urn:schemas-upnp-org:device:InternetGatewayDevice:2", NULL,
	};
	int error = 0;
	struct UPNPDev *list = upnpDiscoverDevices(kinds, DISCOVER_MS, NULL, NULL,
		UPNP_LOCAL_PORT_ANY, 0, 2, &error, 0);
	for (struct UPNPDev *d = list; d && !g->found; d = d->pNext) {
		int kind = is_router(d->descURL, router) ? look_at(g, d) : 0;
		/* 1: it has a connection; else the addresses of whatever it was are ours to free. */
		g->found = kind != 0;
		if (kind != 1 || !is_router(g->urls.controlURL, router))
			forget(g);
	}
	freeUPNPDevlist(list);
}

static int
outside_address(struct igd *g, struct rd_addr *out)
{
	char text[64] = "";
	int error = UPNP_GetExternalIPAddress(g->urls.controlURL, g->data.first.servicetype, text);
	*out = (struct rd_addr){.family = 4};
	if (error != UPNPCOMMAND_SUCCESS)
		return error;
	return inet_pton(AF_INET, text, out->ip) == 1 ? 0 : -1;
}

static int
add(struct igd *g, struct job *j, uint16_t external, uint32_t lease_s)
{
	char in[8], out[8], lease[16];
	snprintf(in, sizeof(in), "%u", (unsigned)j->port);
	snprintf(out, sizeof(out), "%u", (unsigned)external);
	snprintf(lease, sizeof(lease), "%u", (unsigned)lease_s);
	int error = UPNP_AddPortMapping(g->urls.controlURL, g->data.first.servicetype, out, in,
		g->lan, "rd", "UDP", NULL, lease);
	/* OnlyPermanentLeasesSupported */
	if (error == 725 && lease_s)
		return add(g, j, external, 0);
	if (error == 0) {
		j->external = external;
		j->lease_s = lease_s;
	}
	return error;
}

static int
map(struct way *w)
{
	struct job *j = &w->job;
	if (!w->igd.found)
		discover(&w->igd, &w->pm->now.gateway);
	if (!w->igd.found || w->stop)
		return -1;
	int error = outside_address(&w->igd, &j->outside);
	uint16_t port = j->external ? j->external : j->port;
	for (int i = 0; i < TRIES && !error && !w->stop; i++) {
		error = add(&w->igd, j, port, RD_PCP_LIFETIME_S);
		/* ConflictInMappingEntry */
		if (error != 718 || j->external)
			break;
		port = (uint16_t)(1024 + (j->port * 31u + (unsigned)i * 7919u + (unsigned)getpid()) % 60000u);
		error = 0;
	}
	j->outside.port = j->external;
	return j->external ? error : error ? error : -1;
}

static int
unmap(struct way *w)
{
	char out[8];
	snprintf(out, sizeof(out), "%u", (unsigned)w->job.external);
	return UPNP_DeletePortMapping(w->igd.urls.controlURL, w->igd.data.first.servicetype, out,
		"UDP", NULL);
}

static void *
run(void *ctx)
{
	struct way *w = ctx;
	w->job.error = w->job.kind == JOB_MAP ? map(w) : unmap(w);
	(void)!write(w->done[1], "x", 1);
	return NULL;
}

/* --- in the loop --- */

static void
start(struct way *w, enum job_kind kind)
{
	sigset_t all, before;
	w->job.kind = kind;
	/* Signals are the loop's; here they would only interrupt. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	w->running = pthread_create(&w->thread, NULL, run, w) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!w->running)
		portmap_idle(w->pm, PORTMAP_UPNP);
}

/* One without an end is looked after all the same: routers are started anew. */
static void
hold(struct way *w)
{
	struct rd_addr outside = w->job.outside;
	uint64_t life_ns = (w->job.lease_s ? w->job.lease_s : RD_PCP_LIFETIME_S) * RD_NS_PER_S;
	w->holding = true;
	w->expires_ns = rd_clock_ns() + life_ns;
	rd_timer_set(&w->renew, life_ns / 2);
	portmap_mapped(w->pm, PORTMAP_UPNP, &outside);
}

static void
not_mapped(struct way *w)
{
	uint64_t now = rd_clock_ns();
	if (w->holding && now < w->expires_ns) {
		/* Once more, wherever the router may be now. */
		forget(&w->igd);
		rd_timer_set(&w->renew, RENEW_FAST_NS);
		return;
	}
	bool held = w->holding;
	w->holding = false;
	w->job.external = 0;
	if (held)
		portmap_lost(w->pm, PORTMAP_UPNP);
	else
		portmap_idle(w->pm, PORTMAP_UPNP);
}

static void
left(struct way *w)
{
	w->holding = w->leaving = false;
	w->job.external = 0;
	rd_timer_clear(&w->renew);
	portmap_idle(w->pm, PORTMAP_UPNP);
}

static void
on_done(void *ctx, unsigned events)
{
	(void)events;
	struct way *w = ctx;
	char c;
	if (!w->running || read(w->done[0], &c, 1) != 1)
		return;
	pthread_join(w->thread, NULL);
	w->running = false;
	if (w->job.kind == JOB_UNMAP)
		left(w);
	else if (w->leaving && w->job.external)
		start(w, JOB_UNMAP);
	else if (w->leaving)
		left(w);
	else if (w->job.error == 0)
		hold(w);
	else
		not_mapped(w);
}

static void
on_renew(void *ctx)
{
	struct way *w = ctx;
	if (!w->running)
		start(w, JOB_MAP);
}

static void
way_begin(void *ctx)
{
	struct way *w = ctx;
	w->stop = false;
	w->leaving = false;
	forget(&w->igd);
	w->job = (struct job){.port = w->pm->now.port};
	start(w, JOB_MAP);
}

static void
way_release(void *ctx)
{
	struct way *w = ctx;
	w->stop = true;
	w->leaving = true;
	rd_timer_clear(&w->renew);
	if (w->running)
		return;
	if (w->job.external)
		start(w, JOB_UNMAP);
	else
		left(w);
}

static void *
way_open(struct portmap *pm)
{
	struct way *w = xcalloc(1, sizeof(*w));
	w->pm = pm;
	w->done[0] = w->done[1] = -1;
	rd_timer_open(&w->renew, pm->loop, on_renew, w);
	if (pipe2(w->done, O_CLOEXEC) == 0 &&
			rd_fd_open(&w->watch, pm->loop, w->done[0], on_done, w) == 0)
		rd_fd_want(&w->watch, RD_READ);
	return w;
}

/* A thread that is still waiting for somebody ends with the process. */
static void
way_close(void *ctx)
{
	struct way *w = ctx;
	rd_timer_close(&w->renew);
	rd_fd_close(&w->watch);
	if (w->running)
		return;
	forget(&w->igd);
	close(w->done[0]);
	close(w->done[1]);
	free(w);
}

const struct portmap_way portmap_way_upnp = {
	.name = "UPnP", .open = way_open, .begin = way_begin, .release = way_release,
	.close = way_close,
};
