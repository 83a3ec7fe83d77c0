#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <natpmp.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/portmap_pcp.h"
#include "net/portmap_priv.h"

/* NAT-PMP (RFC 6886) by libnatpmp, which repeats a request by itself when it is asked to. */
enum state { IDLE, ADDRESS, MAPPING, HOLDING, RENEWING, RELEASING };

/* Whoever leaves does not wait longer. */
#define RELEASE_NS (750 * RD_NS_PER_MS)

struct way {
	struct portmap *pm;
	enum state state;
	bool open;
	uint16_t port;
	natpmp_t natpmp;
	struct rd_addr outside;
	uint64_t expires_ns;	/* of the mapping, or of waiting for its end */
	struct rd_fd watch;
	struct rd_timer timer;
};

static void
hang_up(struct way *w)
{
	w->state = IDLE;
	rd_fd_close(&w->watch);
	rd_timer_clear(&w->timer);
	if (w->open)
		closenatpmp(&w->natpmp);
	w->open = false;
}

static void
ask(struct way *w, enum state state)
{
	uint16_t port = w->port;
	w->state = state;
	if (state == ADDRESS)
		sendpublicaddressrequest(&w->natpmp);
	else if (state == RELEASING)
		sendnewportmappingrequest(&w->natpmp, NATPMP_PROTOCOL_UDP, port, 0, 0);
	else
		sendnewportmappingrequest(&w->natpmp, NATPMP_PROTOCOL_UDP, port,
			w->outside.port ? w->outside.port : port, RD_PCP_LIFETIME_S);
}

/* Until the library wants to repeat itself, or what we have is over. */
static void
sleep_until(struct way *w)
{
	struct timeval left;
	uint64_t now = rd_clock_ns(), at = w->expires_ns;
	if (w->state == HOLDING) {
		at = now + (w->expires_ns > now ? w->expires_ns - now : 0) / 2;
	} else if (getnatpmprequesttimeout(&w->natpmp, &left) == 0) {
		uint64_t wait = left.tv_sec < 0 ? 0
			: (uint64_t)left.tv_sec * RD_NS_PER_S + (uint64_t)left.tv_usec * 1000;
		at = at && at < now + wait ? at : now + wait;
	}
	rd_timer_set(&w->timer, at > now ? at - now : 0);
}

static void
address_came(struct way *w, const natpmpresp_t *r)
{
	w->outside = (struct rd_addr){.family = 4};
	memcpy(w->outside.ip, &r->pnu.publicaddress.addr, 4);
	ask(w, MAPPING);
	sleep_until(w);
}

static void
mapping_came(struct way *w, const natpmpresp_t *r)
{
	uint32_t life_s = r->pnu.newportmapping.lifetime;
	uint16_t outside = r->pnu.newportmapping.mappedpublicport;
	bool news = w->state == MAPPING || w->outside.port != outside;
	if (life_s == 0 || outside == 0) {
		hang_up(w);
		portmap_idle(w->pm, PORTMAP_NATPMP);
		return;
	}
	w->state = HOLDING;
	w->outside.port = outside;
	w->expires_ns = rd_clock_ns() + life_s * RD_NS_PER_S;
	sleep_until(w);
	if (news)
		portmap_mapped(w->pm, PORTMAP_NATPMP, &w->outside);
}

static void
give_up(struct way *w)
{
	enum state state = w->state;
	hang_up(w);
	if (state == RENEWING)
		portmap_lost(w->pm, PORTMAP_NATPMP);
	else
		portmap_idle(w->pm, PORTMAP_NATPMP);
}

/*
 * What came was the answer to an earlier request, which we had repeated; the
 * library takes any for the one it waits for, and would wait no more.
 */
static void
repeat(struct way *w)
{
	ask(w, w->state);
	sleep_until(w);
}

static void
look(struct way *w)
{
	natpmpresp_t r;
	int got = readnatpmpresponseorretry(&w->natpmp, &r);
	if (got == NATPMP_TRYAGAIN)
		sleep_until(w);
	else if (got < 0)
		give_up(w);
	else if (r.type == NATPMP_RESPTYPE_PUBLICADDRESS && w->state == ADDRESS)
		address_came(w, &r);
	else if (r.type != NATPMP_RESPTYPE_UDPPORTMAPPING ||
			r.pnu.newportmapping.privateport != w->port)
		repeat(w);
	else if (w->state == MAPPING || w->state == RENEWING)
		mapping_came(w, &r);
	else
		give_up(w); /* RELEASING: done */
}

static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	struct way *w = ctx;
	uint8_t in[64];
	/* An answer that was repeated: the library reads nothing where it waits for nothing. */
	if (w->state == HOLDING)
		(void)!recv(w->natpmp.s, in, sizeof(in), MSG_DONTWAIT);
	else
		look(w);
}

static void
on_timer(void *ctx)
{
	struct way *w = ctx;
	bool over = w->expires_ns && rd_clock_ns() >= w->expires_ns;
	if (w->state == HOLDING && !over) {
		ask(w, RENEWING);
		sleep_until(w);
	} else if (over) {
		give_up(w);
	} else {
		look(w);
	}
}

static void
way_begin(void *ctx)
{
	struct way *w = ctx;
	in_addr_t gateway;
	memcpy(&gateway, w->pm->now.gateway.ip, 4);
	w->port = w->pm->now.port;
	w->outside = (struct rd_addr){0};
	w->expires_ns = 0;
	w->open = initnatpmp(&w->natpmp, 1, gateway) == 0;
	if (!w->open || rd_fd_open(&w->watch, w->pm->loop, w->natpmp.s, on_ready, w) != 0) {
		hang_up(w);
		portmap_idle(w->pm, PORTMAP_NATPMP);
		return;
	}
	rd_fd_want(&w->watch, RD_READ);
	ask(w, ADDRESS);
	sleep_until(w);
}

static void
way_release(void *ctx)
{
	struct way *w = ctx;
	if (w->state == RELEASING)
		return;
	if (w->state < MAPPING) {
		hang_up(w);
		portmap_idle(w->pm, PORTMAP_NATPMP);
		return;
	}
	ask(w, RELEASING);
	w->expires_ns = rd_clock_ns() + RELEASE_NS;
	sleep_until(w);
}

static void *
way_open(struct portmap *pm)
{
	struct way *w = xcalloc(1, sizeof(*w));
	w->pm = pm;
	rd_timer_open(&w->timer, pm->loop, on_timer, w);
	return w;
}

static void
way_close(void *ctx)
{
	struct way *w = ctx;
	hang_up(w);
	rd_timer_close(&w->timer);
	free(w);
}

const struct portmap_way portmap_way_natpmp = {
	.name = "NAT-PMP", .open = way_open, .begin = way_begin, .release = way_release,
	.close = way_close,
};
