#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/portmap_pcp.h"
#include "net/portmap_priv.h"

/* portmap_pcp.h on a socket. */
struct way {
	struct portmap *pm;
	struct rd_pcp pcp;
	int fd;
	struct rd_fd watch;
	struct rd_timer timer;
};

static void
hang_up(struct way *w)
{
	rd_fd_close(&w->watch);
	rd_timer_clear(&w->timer);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static void
go_on(struct way *w)
{
	uint8_t out[RD_PCP_SIZE];
	uint64_t now = rd_clock_ns();
	/* What is not sent is asked for again in time. */
	if (rd_pcp_send(&w->pcp, now, out) > 0)
		(void)!send(w->fd, out, sizeof(out), MSG_DONTWAIT | MSG_NOSIGNAL);
	uint64_t at = rd_pcp_deadline(&w->pcp);
	if (at != UINT64_MAX)
		rd_timer_set(&w->timer, at > now ? at - now : 0);
}

static void
obey(struct way *w, enum rd_pcp_news news)
{
	struct rd_addr outside = w->pcp.map.outside;
	switch (news) {
	case RD_PCP_NOTHING:
		go_on(w);
		break;
	case RD_PCP_MAPPED:
		go_on(w);
		outside.port = w->pcp.map.external;
		portmap_mapped(w->pm, PORTMAP_PCP, &outside);
		break;
	case RD_PCP_LOST:
		hang_up(w);
		portmap_lost(w->pm, PORTMAP_PCP);
		break;
	case RD_PCP_UNSUPPORTED:
		hang_up(w);
		portmap_no_pcp(w->pm);
		portmap_idle(w->pm, PORTMAP_PCP);
		break;
	case RD_PCP_REFUSED:
	case RD_PCP_RELEASED:
		hang_up(w);
		portmap_idle(w->pm, PORTMAP_PCP);
		break;
	}
}

static void
on_timer(void *ctx)
{
	struct way *w = ctx;
	obey(w, rd_pcp_tick(&w->pcp, rd_clock_ns()));
}

/* The socket is connected: only the router's answers come. */
static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	struct way *w = ctx;
	uint8_t in[RD_PCP_MAX];
	ssize_t n = recv(w->fd, in, sizeof(in), MSG_DONTWAIT | MSG_TRUNC);
	if (n > 0 && (size_t)n <= sizeof(in))
		obey(w, rd_pcp_receive(&w->pcp, rd_clock_ns(), in, (size_t)n));
}

static int
connect_to(const struct rd_addr *gateway)
{
	struct sockaddr_storage sa;
	struct rd_addr to = *gateway;
	to.port = RD_PCP_PORT;
	socklen_t len = rd_addr_to_sockaddr(&to, AF_INET, &sa);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, len) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void
way_begin(void *ctx)
{
	struct way *w = ctx;
	uint8_t nonce[RD_PCP_NONCE];
	w->fd = connect_to(&w->pm->now.gateway);
	if (w->fd < 0 || rd_fd_open(&w->watch, w->pm->loop, w->fd, on_ready, w) != 0) {
		hang_up(w);
		portmap_idle(w->pm, PORTMAP_PCP);
		return;
	}
	rd_fd_want(&w->watch, RD_READ);
	randombytes_buf(nonce, sizeof(nonce));
	rd_pcp_want(&w->pcp, &w->pm->now.own, w->pm->now.port, nonce, rd_clock_ns());
	go_on(w);
}

static void
way_release(void *ctx)
{
	struct way *w = ctx;
	rd_pcp_release(&w->pcp, rd_clock_ns());
	go_on(w);
}

static void *
way_open(struct portmap *pm)
{
	struct way *w = xcalloc(1, sizeof(*w));
	w->pm = pm;
	w->fd = -1;
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

const struct portmap_way portmap_way_pcp = {
	.name = "PCP", .open = way_open, .begin = way_begin, .release = way_release, .close = way_close,
};
