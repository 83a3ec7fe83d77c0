#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/endpoint_priv.h"

/*
 * An extra socket's carrier has the highest bit, which main sockets' never
 * have; below are which use of its place it is and the place, as with streams.
 */
#define EXTRA UINT32_C(0x80000000)
#define SLOTS 512
#define GENERATIONS (EXTRA / SLOTS)
_Static_assert(RD_ENDPOINT_EXTRAS <= SLOTS, "a place has its number");

/* Hundreds of them wait for one datagram each. */
#define RECEIVE_BUFFER (16 << 10)
/* One that has carried so many trains carries a session. */
#define CARRIES 32

bool
endpoint_extra_is(uint32_t carrier)
{
	return (carrier & EXTRA) != 0;
}

struct udp_socket *
endpoint_extra(const struct rd_endpoint *e, uint32_t carrier)
{
	unsigned slot = carrier % SLOTS;
	struct udp_socket *u = slot < RD_ENDPOINT_EXTRAS ? e->extras[slot] : NULL;
	return u && u->carrier == carrier && u->fd >= 0 ? u : NULL;
}

void
endpoint_extra_carried(struct udp_socket *u)
{
	if (u->carried < CARRIES && ++u->carried == CARRIES)
		endpoint_udp_buffers(u);
}

static int
open_one(struct rd_endpoint *e, unsigned slot, uint8_t family)
{
	struct udp_socket *u = xcalloc(1, sizeof(*u));
	u->e = e;
	u->domain = family == 4 ? AF_INET : AF_INET6;
	u->bound.family = family;
	e->extra_generation = (e->extra_generation + 1) % GENERATIONS;
	u->carrier = EXTRA | e->extra_generation * SLOTS | slot;
	int err = endpoint_bind(&u->bound, u->domain, SOCK_DGRAM, &u->fd);
	if (err) {
		free(u);
		return err;
	}
	err = endpoint_udp_start(u, RECEIVE_BUFFER);
	if (err) {
		close(u->fd);
		free(u);
		return err;
	}
	e->extras[slot] = u;
	return 0;
}

unsigned
rd_endpoint_extra(struct rd_endpoint *e, uint8_t family, uint32_t *carriers, unsigned count)
{
	unsigned got = 0;
	for (unsigned slot = 0; slot < RD_ENDPOINT_EXTRAS && got < count; slot++) {
		if (e->extras[slot])
			continue;
		if (open_one(e, slot, family) != 0)
			break;
		carriers[got++] = e->extras[slot]->carrier;
	}
	return got;
}

/* What waits for this socket waits no more; another that can be written to says so. */
static void
release_batch(struct rd_endpoint *e, uint32_t carrier)
{
	struct batch *b = &e->batch;
	if (!b->held || b->to.stream || b->to.carrier != carrier)
		return;
	b->held = false;
	if (e->udp_count > 0)
		rd_fd_want(&e->udp[0].watch, RD_READ | RD_WRITE);
}

static void
close_one(struct udp_socket *u)
{
	rd_fd_close(&u->watch);
	close(u->fd);
	u->fd = -1;
}

void
rd_endpoint_extra_close(struct rd_endpoint *e, uint32_t carrier)
{
	struct udp_socket *u = endpoint_extra_is(carrier) ? endpoint_extra(e, carrier) : NULL;
	if (!u)
		return;
	endpoint_enter(e);
	release_batch(e, carrier);
	close_one(u);
	endpoint_leave(e);
}

void
endpoint_extra_close_all(struct rd_endpoint *e)
{
	for (unsigned i = 0; i < RD_ENDPOINT_EXTRAS; i++)
		if (e->extras[i] && e->extras[i]->fd >= 0)
			close_one(e->extras[i]);
}

void
endpoint_extra_reap(struct rd_endpoint *e)
{
	for (unsigned i = 0; i < RD_ENDPOINT_EXTRAS; i++) {
		if (!e->extras[i] || e->extras[i]->fd >= 0)
			continue;
		free(e->extras[i]);
		e->extras[i] = NULL;
	}
}
