#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/punch_priv.h"

#define AFTER_NS (1000 * PUNCH_MS)	/* the rounds up to 750 ms have failed: answers would be here */
#define SOCKETS_FIRST_NS (100 * PUNCH_MS)	/* for the peer to open its sockets */
#define EVERY_NS (1 * PUNCH_MS)	/* 1000 a second */
#define SWEEP_NS (1 * PUNCH_S)	/* each socket speaks once in so long */
#define LASTS_NS (10 * PUNCH_S)
#define ONCE_NS (3600 * PUNCH_S)	/* for a pair of addresses */
#define RUNS 3			/* an hour, whatever addresses a peer names */
#define PORT_FIRST 1024
#define PORTS (65536 - PORT_FIRST)

bool
punch_predict(const struct rd_nat *peer, unsigned k, struct rd_addr *out)
{
	int port = peer->seen.port + (int)k * peer->step;
	if (peer->mapping != RD_NAT_SEQUENTIAL || !peer->step || !peer->seen.family ||
		port < PORT_FIRST || port > UINT16_MAX)
		return false;
	*out = peer->seen;
	out->port = (uint16_t)port;
	return true;
}

bool
punch_lock_step(const struct rd_punch *p)
{
	return p->own.nat.mapping == RD_NAT_SEQUENTIAL && p->peer.nat.mapping == RD_NAT_SEQUENTIAL;
}

/* --- hard against easy --- */

static bool
is_easy(const struct rd_nat *n)
{
	return n->mapping == RD_NAT_NONE || n->mapping == RD_NAT_INDEPENDENT;
}

/* Whether there is anything to hope for, and from when on. */
static uint64_t
promising_at(const struct rd_punch *p)
{
	const struct rd_nat *own = &p->own.nat, *peer = &p->peer.nat;
	const struct punch_birthday *b = &p->birthday;
	if (!(rd_nat_is_hard(own) && is_easy(peer)) && !(is_easy(own) && rd_nat_is_hard(peer)))
		return UINT64_MAX;
	if (peer->seen.family != 4 || !peer->seen.port || own->seen.family != 4)
		return UINT64_MAX;
	bool tried = b->last_ns && rd_addr_same_ip(&own->seen, &b->last_own) &&
		rd_addr_same_ip(&peer->seen, &b->last_peer);
	if (b->in_hour >= RUNS)
		return b->hour_ns + ONCE_NS;
	return tried && !b->once_more ? b->last_ns + ONCE_NS : 0;
}

/*
 * Ports in an order that looks like none and names each once: first + i * stride
 * modulo their number, 2^10 * 3^2 * 7, with which stride has no divisor in common.
 */
static void
draw_sequence(struct punch_birthday *b)
{
	b->first = randombytes_uniform(PORTS);
	do
		b->stride = PORTS / 4 + randombytes_uniform(PORTS / 2);
	while (b->stride % 2 == 0 || b->stride % 3 == 0 || b->stride % 7 == 0);
}

static void
begin(struct rd_punch *p, uint64_t now_ns)
{
	struct punch_birthday *b = &p->birthday;
	bool first = b->in_hour == 0 || now_ns >= b->hour_ns + ONCE_NS;
	*b = (struct punch_birthday){.in_hour = first ? 1 : b->in_hour + 1,
		.hour_ns = first ? now_ns : b->hour_ns, .running = true, .hard = rd_nat_is_hard(&p->own.nat),
		.start_ns = UINT64_MAX, .begun_ns = now_ns, .due_ns = now_ns, .last_ns = now_ns, .to = p->peer.nat.seen,
		.last_own = p->own.nat.seen, .last_peer = p->peer.nat.seen};
	if (b->hard)
		return;
	b->due_ns = now_ns + SOCKETS_FIRST_NS + p->lag_ns;
	b->guesses = xcalloc(RD_PUNCH_GUESSES, sizeof(b->guesses[0]));
	draw_sequence(b);
}

void
punch_birthday_end(struct rd_punch *p)
{
	struct punch_birthday *b = &p->birthday;
	free(b->guesses);
	free(b->sockets);
	b->guesses = NULL;
	b->sockets = NULL;
	b->running = false;
	b->count = b->guessed = 0;
}

void
punch_birthday_schedule(struct rd_punch *p)
{
	/* One of them lives elsewhere now. */
	if (p->birthday.running && (!rd_addr_equal(&p->birthday.to, &p->peer.nat.seen) ||
		!rd_addr_same_ip(&p->birthday.last_own, &p->own.nat.seen)))
		punch_birthday_end(p);
	uint64_t at = promising_at(p), rounds = p->begun_ns + p->shift_ns + AFTER_NS;
	p->birthday.start_ns = at > rounds ? at : rounds;
}

void
punch_birthday_advance(struct rd_punch *p, uint64_t now_ns)
{
	struct punch_birthday *b = &p->birthday;
	bool over = !rd_punch_active(p) || punch_direct(p, now_ns);
	if (b->running) {
		if (over || now_ns >= b->begun_ns + LASTS_NS) {
			punch_birthday_end(p);
			b->start_ns = over ? UINT64_MAX : promising_at(p);
		}
		return;
	}
	if (now_ns < b->start_ns)
		return;
	/* Where a direct path stands it is thought of again when that has died: with the rounds. */
	b->start_ns = UINT64_MAX;
	if (!over)
		begin(p, now_ns);
}

void
rd_punch_sockets(struct rd_punch *p, const uint32_t *carriers, unsigned count, uint64_t now_ns)
{
	struct punch_birthday *b = &p->birthday;
	if (!b->running || !b->hard || b->sockets)
		return;
	b->sockets = xcalloc(RD_PUNCH_SOCKETS, sizeof(b->sockets[0]));
	b->count = count < RD_PUNCH_SOCKETS ? count : RD_PUNCH_SOCKETS;
	for (unsigned i = 0; i < b->count; i++) {
		b->sockets[i].carrier = carriers[i];
		randombytes_buf(b->sockets[i].data, sizeof(b->sockets[i].data));
	}
	b->due_ns = now_ns;
}

static void
next_guess(struct punch_birthday *b, struct rd_addr *to, uint8_t data[static 8], uint64_t now_ns)
{
	struct punch_guess *g = &b->guesses[b->guessed];
	uint64_t i = b->guessed++;
	*g = (struct punch_guess){.sent_ns = now_ns,
		.port = (uint16_t)(PORT_FIRST + (b->first + i * b->stride) % PORTS)};
	randombytes_buf(g->data, sizeof(g->data));
	memcpy(data, g->data, sizeof(g->data));
	*to = b->to;
	to->port = g->port;
	b->due_ns = b->guessed < RD_PUNCH_GUESSES ? now_ns + EVERY_NS : UINT64_MAX;
}

/*
 * The first time they only open our NAT, as openers do. All ask with the same
 * bytes each time: whichever is answered, it is proven.
 */
static void
next_socket(struct punch_birthday *b, struct rd_addr *to, uint8_t data[static 8], uint64_t now_ns)
{
	struct punch_socket *s = &b->sockets[b->cursor++];
	s->sent_ns = now_ns;
	memcpy(data, s->data, sizeof(s->data));
	*to = b->to;
	to->carrier = s->carrier;
	to->hops = b->sweeps ? 0 : PUNCH_OPENER_HOPS;
	b->due_ns = now_ns + EVERY_NS;
	if (b->cursor < b->count)
		return;
	b->cursor = 0;
	b->sweeps++;
	b->due_ns = now_ns + SWEEP_NS - (b->count - 1) * EVERY_NS;
}

bool
punch_birthday_next(struct rd_punch *p, struct rd_addr *to, uint8_t data[static 8],
	uint64_t now_ns)
{
	struct punch_birthday *b = &p->birthday;
	if (!b->running || now_ns < b->due_ns || (b->hard && !b->count))
		return false;
	if (b->hard)
		next_socket(b, to, data, now_ns);
	else
		next_guess(b, to, data, now_ns);
	return true;
}

uint64_t
punch_birthday_deadline(const struct rd_punch *p)
{
	const struct punch_birthday *b = &p->birthday;
	if (!b->running)
		return b->start_ns;
	uint64_t end = b->begun_ns + LASTS_NS;
	uint64_t due = b->hard && !b->count ? UINT64_MAX : b->due_ns;
	return due < end ? due : end;
}

bool
punch_birthday_answered(struct rd_punch *p, const uint8_t data[static 8],
	const struct rd_addr *from, uint64_t *sent_ns)
{
	struct punch_birthday *b = &p->birthday;
	struct rd_addr asked = b->to;
	if (!b->running)
		return false;
	for (unsigned i = 0; i < b->guessed; i++) {
		asked.port = b->guesses[i].port;
		*sent_ns = b->guesses[i].sent_ns;
		if (rd_addr_equal(from, &asked) &&
			sodium_memcmp(data, b->guesses[i].data, sizeof(b->guesses[i].data)) == 0)
			return true;
	}
	asked = b->to;
	for (unsigned i = 0; i < b->count; i++) {
		asked.carrier = b->sockets[i].carrier;
		*sent_ns = b->sockets[i].sent_ns;
		if (*sent_ns && rd_addr_equal(from, &asked) &&
			sodium_memcmp(data, b->sockets[i].data, sizeof(b->sockets[i].data)) == 0)
			return true;
	}
	return false;
}

bool
punch_birthday_carrier(const struct rd_punch *p, uint32_t carrier)
{
	const struct punch_birthday *b = &p->birthday;
	for (unsigned i = 0; i < b->count; i++)
		if (b->sockets[i].carrier == carrier)
			return true;
	return false;
}
