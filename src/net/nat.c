#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/nat.h"

#define MS UINT64_C(1000000)
#define RTO_NS (50 * MS)	/* until the second request; doubles */
#define REQUESTS 3		/* to one server: at 0, 50 and 150 ms */
#define STEP_MAX 128		/* ports from one new one to the next; more is chance */
#define FEW 2			/* answers of which a step is hardly more than a guess */
#define STEP_FEW_MAX 16		/* and what is believed of them */
#define TRAFFIC_MAX 8		/* steps that others behind the same NAT took meanwhile */

void
rd_nat_begin(struct rd_nat_probe *p, const struct rd_addr *servers, unsigned count,
	uint64_t now_ns)
{
	memset(p, 0, sizeof(*p));
	p->begun_ns = now_ns;
	p->count = count < RD_NAT_SERVERS ? count : RD_NAT_SERVERS;
	for (unsigned i = 0; i < p->count; i++) {
		p->server[i].to = servers[i];
		p->server[i].due_ns = now_ns;
		randombytes_buf(p->server[i].id, sizeof(p->server[i].id));
	}
}

size_t
rd_nat_send(struct rd_nat_probe *p, struct rd_addr *to, uint8_t out[static RD_STUN_MAX],
	uint64_t now_ns)
{
	for (unsigned i = 0; i < p->count; i++) {
		if (p->server[i].seen.family || now_ns < p->server[i].due_ns)
			continue;
		struct rd_stun s = {.kind = RD_STUN_BINDING};
		memcpy(s.id, p->server[i].id, sizeof(s.id));
		/* The last of several requests may be the one that is answered: a round trip at most. */
		p->server[i].sent_ns = now_ns;
		p->server[i].sent++;
		p->server[i].due_ns = p->server[i].sent < REQUESTS ?
			now_ns + (RTO_NS << (p->server[i].sent - 1)) : UINT64_MAX;
		*to = p->server[i].to;
		return rd_stun_put(out, &s);
	}
	return 0;
}

bool
rd_nat_receive(struct rd_nat_probe *p, const struct rd_addr *from, const uint8_t *data, size_t len,
	uint64_t now_ns)
{
	struct rd_stun s;
	if (rd_stun_parse(&s, data, len) != 0 || s.kind == RD_STUN_BINDING)
		return false;
	for (unsigned i = 0; i < p->count; i++) {
		if (!p->server[i].sent || !rd_addr_equal(from, &p->server[i].to) ||
			sodium_memcmp(s.id, p->server[i].id, sizeof(s.id)) != 0)
			continue;
		if (p->server[i].seen.family || s.kind != RD_STUN_SUCCESS || !s.mapped.family ||
			!s.mapped.port)
			return true;
		p->server[i].seen = s.mapped;
		p->server[i].rtt_ns = now_ns - p->server[i].sent_ns;
		p->server[i].due_ns = UINT64_MAX;
		return true;
	}
	return false;
}

uint64_t
rd_nat_deadline(const struct rd_nat_probe *p)
{
	uint64_t due = UINT64_MAX;
	bool all = true;
	for (unsigned i = 0; i < p->count; i++) {
		if (p->server[i].seen.family)
			continue;
		all = false;
		due = p->server[i].due_ns < due ? p->server[i].due_ns : due;
	}
	uint64_t end = p->begun_ns + RD_NAT_BUDGET_NS;
	return all ? UINT64_MAX : due < end ? due : end;
}

bool
rd_nat_done(const struct rd_nat_probe *p, uint64_t now_ns)
{
	bool all = true;
	for (unsigned i = 0; i < p->count; i++)
		all = all && p->server[i].seen.family;
	return all || now_ns >= p->begun_ns + RD_NAT_BUDGET_NS;
}

bool
rd_nat_complete(const struct rd_nat_probe *p, uint8_t family)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->server[i].to.family == family && !p->server[i].seen.family)
			return false;
	return true;
}

/* --- what the answers say --- */

/* Of one family, in the order in which they were asked. */
struct answers {
	unsigned count, asked;
	unsigned after;		/* asked after the last that has answered */
	struct { const struct rd_addr *server, *seen; } of[RD_NAT_SERVERS];
};

static void
collect(const struct rd_nat_probe *p, uint8_t family, struct answers *a)
{
	memset(a, 0, sizeof(*a));
	for (unsigned i = 0; i < p->count; i++) {
		if (p->server[i].to.family != family || !p->server[i].sent)
			continue;
		a->asked++;
		a->after++;
		if (p->server[i].seen.family != family)
			continue;
		a->after = 0;
		a->of[a->count].server = &p->server[i].to;
		a->of[a->count++].seen = &p->server[i].seen;
	}
}

/* Every two answers that `same_server_only` lets stand beside each other name the same port. */
static bool
same_ports(const struct answers *a, bool same_server_only)
{
	for (unsigned i = 0; i < a->count; i++)
		for (unsigned k = i + 1; k < a->count; k++)
			if ((!same_server_only || rd_addr_same_ip(a->of[i].server, a->of[k].server)) &&
				a->of[i].seen->port != a->of[k].seen->port)
				return false;
	return true;
}

static bool
same_ip(const struct answers *a)
{
	for (unsigned i = 1; i < a->count; i++)
		if (!rd_addr_same_ip(a->of[0].seen, a->of[i].seen))
			return false;
	return true;
}

/* Two answers of one server's ports, by which ADDRESS is told from what is worse. */
static bool
one_server_twice(const struct answers *a)
{
	for (unsigned i = 0; i < a->count; i++)
		for (unsigned k = i + 1; k < a->count; k++)
			if (rd_addr_same_ip(a->of[i].server, a->of[k].server))
				return true;
	return false;
}

/*
 * The step from each port to the next; 0: there is none. Others behind the same
 * NAT may have taken some in between, so a few steps at once count as well.
 */
static int
step_of(const struct answers *a)
{
	int least = 0, most = a->count <= FEW ? STEP_FEW_MAX : STEP_MAX;
	for (unsigned i = 1; i < a->count; i++) {
		int step = (int)a->of[i].seen->port - (int)a->of[i - 1].seen->port;
		if (step == 0 || (least && (step < 0) != (least < 0)))
			return 0;
		if (!least || abs(step) < abs(least))
			least = step;
	}
	for (unsigned i = 1; i < a->count && least; i++) {
		int step = (int)a->of[i].seen->port - (int)a->of[i - 1].seen->port;
		if (step % least != 0 || step / least > TRAFFIC_MAX)
			return 0;
	}
	return abs(least) <= most ? least : 0;
}

static bool
is_own(const struct rd_addr *seen, const struct rd_addr *own, unsigned own_count)
{
	for (unsigned i = 0; i < own_count; i++)
		if (rd_addr_same_ip(seen, &own[i]))
			return true;
	return false;
}

static enum rd_nat_mapping
differing(const struct answers *a, int *step)
{
	if (!same_ip(a))
		return RD_NAT_RANDOM;
	if (one_server_twice(a) && same_ports(a, true))
		return RD_NAT_ADDRESS;
	*step = step_of(a);
	return *step ? RD_NAT_SEQUENTIAL : RD_NAT_RANDOM;
}

void
rd_nat_judge(const struct rd_nat_probe *p, uint8_t family, const struct rd_addr *own,
	unsigned own_count, struct rd_nat *out)
{
	struct answers a;
	int step = 0;
	memset(out, 0, sizeof(*out));
	collect(p, family, &a);
	if (a.count == 0) {
		out->mapping = a.asked ? RD_NAT_BLOCKED : RD_NAT_UNKNOWN;
		return;
	}
	out->seen = *a.of[a.count - 1].seen;
	if (same_ip(&a) && same_ports(&a, false))
		out->mapping = is_own(&out->seen, own, own_count) ? RD_NAT_NONE :
			a.count > 1 ? RD_NAT_INDEPENDENT : RD_NAT_UNKNOWN;
	else
		out->mapping = differing(&a, &step);
	out->step = (int16_t)step;
	/* Those that did not answer have had their port all the same. */
	if (out->mapping == RD_NAT_SEQUENTIAL)
		out->seen.port = (uint16_t)(out->seen.port + (unsigned)(step * (int)a.after));
}
