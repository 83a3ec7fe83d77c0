#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "net/portmap_pcp.h"

enum { VERSION = 2, MAP = 1, ANSWER = 0x80, UDP = 17 };

/* Section 8.1.1: the first wait, and the longest. */
#define WAIT_FIRST_NS (3 * RD_NS_PER_S)
#define WAIT_LONGEST_NS (1024 * RD_NS_PER_S)
/* Section 11.2.1: renewals are at least so far apart. */
#define RENEW_LEAST_NS (4 * RD_NS_PER_S)
/* Section 15: a server that says more is not believed. */
#define LIFETIME_MOST_S (24 * 3600)
/* Whoever leaves does not wait as long. */
#define RELEASE_TRIES 3
#define RELEASE_WAIT_NS (250 * RD_NS_PER_MS)

/* --- bytes --- */

static void
put_u16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put_u32(uint8_t *p, uint32_t v)
{
	put_u16(p, (uint16_t)(v >> 16));
	put_u16(p + 2, (uint16_t)v);
}

/* Nowhere is "any IPv4 address". */
static void
put_ip(uint8_t out[static 16], const struct rd_addr *a)
{
	memset(out, 0, 16);
	if (a->family == 6) {
		memcpy(out, a->ip, 16);
		return;
	}
	out[10] = out[11] = 0xff;
	memcpy(out + 12, a->ip, 4);
}

static uint16_t
get_u16(struct rd_reader *r)
{
	uint16_t high = rd_reader_u8(r);
	return (uint16_t)(high << 8 | rd_reader_u8(r));
}

static uint32_t
get_u32(struct rd_reader *r)
{
	uint32_t high = get_u16(r);
	return high << 16 | get_u16(r);
}

static void
get_ip(struct rd_reader *r, struct rd_addr *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	const uint8_t *p = rd_reader_bytes(r, 16);
	*a = (struct rd_addr){0};
	if (!p)
		return;
	a->family = memcmp(p, mapped, sizeof(mapped)) == 0 ? 4 : 6;
	memcpy(a->ip, a->family == 4 ? p + 12 : p, a->family == 4 ? 4 : 16);
}

void
rd_pcp_request_put(uint8_t out[static RD_PCP_SIZE], const struct rd_addr *client,
	const struct rd_pcp_map *map)
{
	memset(out, 0, RD_PCP_SIZE);
	out[0] = VERSION;
	out[1] = MAP;
	put_u32(out + 4, map->lifetime_s);
	put_ip(out + 8, client);
	memcpy(out + 24, map->nonce, RD_PCP_NONCE);
	out[36] = UDP;
	put_u16(out + 40, map->internal);
	put_u16(out + 42, map->external);
	put_ip(out + 44, &map->outside);
}

static int
parse_map(struct rd_pcp_answer *a, struct rd_reader *r)
{
	const uint8_t *nonce = rd_reader_bytes(r, RD_PCP_NONCE);
	uint8_t protocol = rd_reader_u8(r);
	if (nonce)
		memcpy(a->map.nonce, nonce, RD_PCP_NONCE);
	rd_reader_bytes(r, 3);
	a->map.internal = get_u16(r);
	a->map.external = get_u16(r);
	get_ip(r, &a->map.outside);
	/* Options may follow; we asked for none. */
	if (r->bad || protocol != UDP)
		return -EPROTO;
	return a->result != RD_PCP_OK || a->map.lifetime_s == 0 || a->map.external ? 0 : -EPROTO;
}

int
rd_pcp_answer_parse(struct rd_pcp_answer *a, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	*a = (struct rd_pcp_answer){0};
	rd_reader_init(&r, data, len);
	uint8_t version = rd_reader_u8(&r), opcode = rd_reader_u8(&r);
	uint8_t reserved = rd_reader_u8(&r);
	a->result = rd_reader_u8(&r);
	if (r.bad || len > RD_PCP_MAX || !(opcode & ANSWER))
		return -EPROTO;
	/* NAT-PMP's version is 0, and its result has 16 bits: "unsupported version" is 1 there, too. */
	if (version != VERSION)
		return reserved == 0 && a->result == RD_PCP_UNSUPPORTED_VERSION ? -EOPNOTSUPP : -EPROTO;
	if (a->result == RD_PCP_UNSUPPORTED_VERSION)
		return -EOPNOTSUPP;
	a->map.lifetime_s = get_u32(&r);
	a->epoch_s = get_u32(&r);
	rd_reader_bytes(&r, 12);
	if (r.bad || len % 4 != 0 || opcode != (ANSWER | MAP))
		return -EPROTO;
	return parse_map(a, &r);
}

/* --- the rules --- */

/* Within a sixteenth more: a network that comes back does not ask all at once. */
static uint64_t
scatter(struct rd_pcp *p, uint64_t ns)
{
	p->dice ^= p->dice << 13;
	p->dice ^= p->dice >> 17;
	p->dice ^= p->dice << 5;
	return ns + ns / 16 * (p->dice % 1024) / 1024;
}

void
rd_pcp_want(struct rd_pcp *p, const struct rd_addr *client, uint16_t port,
	const uint8_t nonce[static RD_PCP_NONCE], uint64_t now_ns)
{
	*p = (struct rd_pcp){
		.state = RD_PCP_ASKING, .client = *client, .due_ns = now_ns,
		.map = {.internal = port, .external = port, .lifetime_s = RD_PCP_LIFETIME_S},
	};
	memcpy(p->map.nonce, nonce, RD_PCP_NONCE);
	memcpy(&p->dice, nonce, sizeof(p->dice));
	p->dice |= 1; /* 0 would stay 0 */
}

static enum rd_pcp_news
idle(struct rd_pcp *p, enum rd_pcp_news news)
{
	p->state = RD_PCP_IDLE;
	p->due_ns = UINT64_MAX;
	return news;
}

void
rd_pcp_release(struct rd_pcp *p, uint64_t now_ns)
{
	if (p->state == RD_PCP_IDLE || p->state == RD_PCP_RELEASING)
		return;
	p->state = RD_PCP_RELEASING;
	p->map.lifetime_s = 0;
	p->tries = 0;
	p->due_ns = now_ns;
}

size_t
rd_pcp_send(struct rd_pcp *p, uint64_t now_ns, uint8_t out[static RD_PCP_SIZE])
{
	if (p->state == RD_PCP_IDLE || now_ns < p->due_ns)
		return 0;
	if (p->state == RD_PCP_RELEASING && p->tries++ == RELEASE_TRIES)
		return 0;
	rd_pcp_request_put(out, &p->client, &p->map);
	if (p->state == RD_PCP_RELEASING)
		p->wait_ns = RELEASE_WAIT_NS;
	else if (p->state == RD_PCP_HOLDING)
		/* At 1/2, 3/4, 7/8 … of its time. */
		p->wait_ns = scatter(p, (p->expires_ns > now_ns ? p->expires_ns - now_ns : 0) / 2);
	else
		p->wait_ns = scatter(p, p->wait_ns ? 2 * p->wait_ns : WAIT_FIRST_NS);
	if (p->wait_ns > WAIT_LONGEST_NS && p->state == RD_PCP_ASKING)
		p->wait_ns = WAIT_LONGEST_NS;
	if (p->wait_ns < RENEW_LEAST_NS && p->state == RD_PCP_HOLDING)
		p->wait_ns = RENEW_LEAST_NS;
	p->due_ns = now_ns + p->wait_ns;
	return RD_PCP_SIZE;
}

static enum rd_pcp_news
granted(struct rd_pcp *p, const struct rd_pcp_answer *a, uint64_t now_ns)
{
	uint64_t life_s = a->map.lifetime_s;
	if (life_s == 0)
		return RD_PCP_NOTHING;
	if (life_s > LIFETIME_MOST_S)
		life_s = LIFETIME_MOST_S;
	bool same = p->state == RD_PCP_HOLDING && p->map.external == a->map.external &&
		rd_addr_same_ip(&p->map.outside, &a->map.outside);
	p->state = RD_PCP_HOLDING;
	/* What we have is what we go on to ask for. */
	p->map.external = a->map.external;
	p->map.outside = a->map.outside;
	p->expires_ns = now_ns + life_s * RD_NS_PER_S;
	p->due_ns = now_ns + scatter(p, life_s * RD_NS_PER_S / 2);
	p->wait_ns = 0;
	return same ? RD_PCP_NOTHING : RD_PCP_MAPPED;
}

enum rd_pcp_news
rd_pcp_receive(struct rd_pcp *p, uint64_t now_ns, const uint8_t *data, size_t len)
{
	struct rd_pcp_answer a;
	int err = rd_pcp_answer_parse(&a, data, len);
	if (p->state == RD_PCP_IDLE)
		return RD_PCP_NOTHING;
	if (err == -EOPNOTSUPP)
		return p->state == RD_PCP_ASKING ? idle(p, RD_PCP_UNSUPPORTED) : RD_PCP_NOTHING;
	if (err || memcmp(a.map.nonce, p->map.nonce, RD_PCP_NONCE) != 0 ||
			a.map.internal != p->map.internal)
		return RD_PCP_NOTHING;
	if (p->state == RD_PCP_RELEASING)
		return a.map.lifetime_s == 0 || a.result != RD_PCP_OK
			? idle(p, RD_PCP_RELEASED) : RD_PCP_NOTHING;
	if (a.result == RD_PCP_OK)
		return granted(p, &a, now_ns);
	p->result = a.result;
	return idle(p, p->state == RD_PCP_HOLDING ? RD_PCP_LOST : RD_PCP_REFUSED);
}

enum rd_pcp_news
rd_pcp_tick(struct rd_pcp *p, uint64_t now_ns)
{
	if (p->state == RD_PCP_HOLDING && now_ns >= p->expires_ns)
		return idle(p, RD_PCP_LOST);
	if (p->state == RD_PCP_RELEASING && p->tries >= RELEASE_TRIES && now_ns >= p->due_ns)
		return idle(p, RD_PCP_RELEASED);
	return RD_PCP_NOTHING;
}

uint64_t
rd_pcp_deadline(const struct rd_pcp *p)
{
	if (p->state == RD_PCP_IDLE)
		return UINT64_MAX;
	return p->state == RD_PCP_HOLDING && p->expires_ns < p->due_ns ? p->expires_ns : p->due_ns;
}
