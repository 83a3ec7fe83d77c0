#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/ipc.h"
#include "net/netlink.h"
#include "net/portmap_priv.h"

/* A router that knows PCP answers at once; then NAT-PMP need not be asked. */
#define SECOND_NS (500 * RD_NS_PER_MS)
/* After a mapping was lost. */
#define AGAIN_NS (30 * RD_NS_PER_S)
/* Whoever waits for us waits no longer, whatever hangs. */
#define END_NS (5 * RD_NS_PER_S)

static const struct portmap_way *const ways[PORTMAP_WAYS] = {
	[PORTMAP_PCP] = &portmap_way_pcp,
	[PORTMAP_NATPMP] = &portmap_way_natpmp,
	[PORTMAP_UPNP] = &portmap_way_upnp,
};

static void
tell(struct portmap *pm, const struct rd_addr *outside)
{
	struct rd_buf b = {0};
	rd_buf_u8(&b, (uint8_t)pm->holder);
	rd_buf_u8(&b, outside->family);
	rd_buf_u16(&b, outside->port);
	rd_buf_bytes(&b, outside->ip, 16);
	if (!pm->ending)
		rd_ipc_send(pm->sock, b.data, b.len, -1);
	rd_buf_finish(&b);
}

static void
begin_way(struct portmap *pm, enum portmap_by by)
{
	if (pm->ways[by].busy)
		return;
	pm->ways[by].busy = true;
	ways[by]->begin(pm->ways[by].way);
}

static void
release_way(struct portmap *pm, enum portmap_by by)
{
	if (pm->ways[by].busy)
		ways[by]->release(pm->ways[by].way);
}

static bool
busy(const struct portmap *pm)
{
	for (int i = PORTMAP_PCP; i < PORTMAP_WAYS; i++)
		if (pm->ways[i].busy)
			return true;
	return false;
}

static void
begin(struct portmap *pm)
{
	rd_timer_clear(&pm->again);
	/* Whoever notices that there is a way out now asks again. */
	if (portmap_gateway(pm->netlink, &pm->now.gateway, &pm->now.own) != 0)
		return;
	pm->now.port = pm->port;
	rd_timer_set(&pm->second, SECOND_NS);
	begin_way(pm, PORTMAP_PCP);
	begin_way(pm, PORTMAP_UPNP);
}

/* When nothing is under way any more: the end, or what is wanted now. */
static void
settle(struct portmap *pm)
{
	if (pm->dropping || busy(pm))
		return;
	bool other = pm->port != pm->now.port;
	if (other)
		pm->now.port = 0;
	if (pm->ending)
		rd_loop_stop(pm->loop, RD_EXIT_OK);
	else if (other && pm->port)
		begin(pm);
}

static void
drop(struct portmap *pm)
{
	rd_timer_clear(&pm->second);
	rd_timer_clear(&pm->again);
	if (pm->holder != PORTMAP_NONE) {
		pm->holder = PORTMAP_NONE;
		tell(pm, &(struct rd_addr){0});
	}
	pm->dropping = true;
	for (int i = PORTMAP_PCP; i < PORTMAP_WAYS; i++)
		release_way(pm, (enum portmap_by)i);
	pm->dropping = false;
	settle(pm);
}

/* --- what the ways say --- */

void
portmap_mapped(struct portmap *pm, enum portmap_by by, const struct rd_addr *outside)
{
	bool wanted = !pm->ending && pm->now.port && pm->port == pm->now.port;
	if (!wanted || (pm->holder != PORTMAP_NONE && pm->holder != by)) {
		release_way(pm, by);
		return;
	}
	pm->holder = by;
	tell(pm, outside);
	rd_timer_clear(&pm->second);
	for (int i = PORTMAP_PCP; i < PORTMAP_WAYS; i++)
		if ((enum portmap_by)i != by)
			release_way(pm, (enum portmap_by)i);
}

void
portmap_lost(struct portmap *pm, enum portmap_by by)
{
	pm->ways[by].busy = false;
	if (pm->holder == by) {
		pm->holder = PORTMAP_NONE;
		tell(pm, &(struct rd_addr){0});
		rd_timer_set(&pm->again, AGAIN_NS);
	}
	settle(pm);
}

void
portmap_idle(struct portmap *pm, enum portmap_by by)
{
	pm->ways[by].busy = false;
	settle(pm);
}

void
portmap_no_pcp(struct portmap *pm)
{
	rd_timer_clear(&pm->second);
	if (pm->holder == PORTMAP_NONE && !pm->ending)
		begin_way(pm, PORTMAP_NATPMP);
}

static void
on_second(void *ctx)
{
	struct portmap *pm = ctx;
	if (pm->holder == PORTMAP_NONE && pm->now.port)
		begin_way(pm, PORTMAP_NATPMP);
}

static void
on_again(void *ctx)
{
	struct portmap *pm = ctx;
	if (pm->port && pm->holder == PORTMAP_NONE && !busy(pm))
		begin(pm);
}

/* --- what the owner says --- */

static bool
same_way_out(struct portmap *pm)
{
	struct rd_addr gateway, own;
	return portmap_gateway(pm->netlink, &gateway, &own) == 0 &&
		rd_addr_same_ip(&gateway, &pm->now.gateway) && rd_addr_same_ip(&own, &pm->now.own);
}

static void
want(struct portmap *pm, uint16_t port)
{
	bool same = port == pm->now.port && pm->now.port && same_way_out(pm);
	pm->port = port;
	if (same && (pm->holder != PORTMAP_NONE || busy(pm)))
		return;
	/* Begins anew when what there was is taken back. */
	pm->now.port = 0;
	drop(pm);
}

static void
end(struct portmap *pm)
{
	if (pm->ending)
		return;
	pm->ending = true;
	rd_fd_want(&pm->heard, 0);
	rd_timer_set(&pm->end, END_NS);
	drop(pm);
}

static void
on_heard(void *ctx, unsigned events)
{
	(void)events;
	struct portmap *pm = ctx;
	uint8_t data[RD_IPC_MAX];
	struct rd_reader r;
	int fd, n = rd_ipc_recv(pm->sock, data, sizeof(data), &fd, 0);
	if (fd >= 0)
		close(fd);
	if (n == -EAGAIN)
		return;
	if (n != PORTMAP_WANT) {
		end(pm);
		return;
	}
	rd_reader_init(&r, data, (size_t)n);
	want(pm, rd_reader_u16(&r));
}

static void
on_term(void *ctx, int number)
{
	(void)number;
	end(ctx);
}

static void
on_end(void *ctx)
{
	rd_loop_stop(((struct portmap *)ctx)->loop, RD_EXIT_FAILURE);
}

/* --- the process --- */

/*
 * Of the pipeline that its owner is in it is no part, and libraries that write
 * to stderr are not to be heard.
 */
static void
leave_pipeline(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
}

static void
run_open(struct portmap *pm)
{
	rd_timer_open(&pm->second, pm->loop, on_second, pm);
	rd_timer_open(&pm->again, pm->loop, on_again, pm);
	rd_timer_open(&pm->end, pm->loop, on_end, pm);
	rd_signal_open(&pm->term, pm->loop, SIGTERM, on_term, pm);
	rd_fd_open(&pm->heard, pm->loop, pm->sock, on_heard, pm);
	rd_fd_want(&pm->heard, RD_READ);
	for (int i = PORTMAP_PCP; i < PORTMAP_WAYS; i++)
		pm->ways[i].way = ways[i]->open(pm);
}

static void
run_close(struct portmap *pm)
{
	for (int i = PORTMAP_PCP; i < PORTMAP_WAYS; i++)
		ways[i]->close(pm->ways[i].way);
	rd_fd_close(&pm->heard);
	rd_signal_close(&pm->term);
	rd_timer_close(&pm->second);
	rd_timer_close(&pm->again);
	rd_timer_close(&pm->end);
	close(pm->netlink);
	close(pm->sock);
}

int
portmap_run(int sock)
{
	struct portmap pm = {.sock = sock};
	/* ^C is for the owner, whose end we notice. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, "rd-portmap");
	rd_confine_descriptors(sock);
	leave_pipeline();
	pm.loop = rd_loop_new();
	pm.netlink = rd_netlink_open();
	if (pm.netlink < 0 || sodium_init() < 0)
		return RD_EXIT_FAILURE;
	run_open(&pm);
	rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_NETWORK});
	int code = rd_loop_run(pm.loop);
	run_close(&pm);
	rd_loop_free(pm.loop);
	return code;
}
