#include <errno.h>
#include <string.h>

#include "net/candidate.h"

const char *
rd_nat_mapping_name(enum rd_nat_mapping m)
{
	static const char *const names[] = {
		[RD_NAT_UNKNOWN] = "unknown", [RD_NAT_NONE] = "none",
		[RD_NAT_INDEPENDENT] = "independent", [RD_NAT_ADDRESS] = "address-dependent",
		[RD_NAT_SEQUENTIAL] = "sequential", [RD_NAT_RANDOM] = "random",
		[RD_NAT_BLOCKED] = "blocked",
	};
	return (unsigned)m < sizeof(names) / sizeof(names[0]) ? names[m] : "unknown";
}

bool
rd_nat_is_hard(const struct rd_nat *n)
{
	return n->mapping == RD_NAT_ADDRESS || n->mapping == RD_NAT_SEQUENTIAL ||
		n->mapping == RD_NAT_RANDOM;
}

/* Somebody may be there: no group, no "this network", no broadcast, no link without its name. */
static bool
is_place(const struct rd_addr *a)
{
	static const uint8_t zeros[16], all[4] = {0xff, 0xff, 0xff, 0xff};

	if (a->port == 0 || a->stream || a->relayed)
		return false;
	if (a->family == 4)
		return a->ip[0] != 0 && (a->ip[0] & 0xf0) != 0xe0 && memcmp(a->ip, all, 4) != 0;
	return a->family == 6 && a->ip[0] != 0xff && memcmp(a->ip, zeros, 16) != 0 &&
		!(a->ip[0] == 0xfe && (a->ip[1] & 0xc0) == 0x80);
}

static bool
is_told(const struct rd_candidate *c)
{
	return (unsigned)c->kind <= RD_CANDIDATE_REFLEXIVE && is_place(&c->addr);
}

static void
put_list(struct rd_buf *b, const struct rd_candidates *c)
{
	unsigned count = 0;

	for (unsigned i = 0; i < c->count; i++)
		count += is_told(&c->list[i]);
	rd_buf_u8(b, (uint8_t)count);
	for (unsigned i = 0; i < c->count; i++) {
		if (!is_told(&c->list[i]))
			continue;
		rd_buf_u8(b, (uint8_t)c->list[i].kind);
		rd_addr_pack(b, &c->list[i].addr);
	}
}

void
rd_candidates_pack(struct rd_buf *b, const struct rd_candidates *c)
{
	rd_buf_u32(b, c->generation);
	rd_buf_u8(b, (uint8_t)c->policy);
	rd_buf_u8(b, (uint8_t)c->nat.mapping);
	rd_buf_i16(b, c->nat.step);
	rd_addr_pack(b, &c->nat.seen);
	put_list(b, c);
}

static int
take_list(struct rd_candidates *c, struct rd_reader *r)
{
	unsigned count = rd_reader_u8(r);

	if (count > RD_CANDIDATES)
		return -EPROTO;
	for (unsigned i = 0; i < count; i++) {
		struct rd_candidate one = {.kind = rd_reader_u8(r)};
		if (rd_addr_unpack(r, &one.addr) != 0)
			return -EPROTO;
		if (is_told(&one))
			rd_candidates_add(c, one.kind, &one.addr);
	}
	return 0;
}

/* What a later version says, we do not understand: that is no mistake. */
static void
take_nat(struct rd_nat *n, struct rd_reader *r)
{
	unsigned mapping = rd_reader_u8(r);
	int16_t step = rd_reader_i16(r);

	n->mapping = mapping <= RD_NAT_BLOCKED ? mapping : RD_NAT_UNKNOWN;
	n->step = n->mapping == RD_NAT_SEQUENTIAL ? step : 0;
}

int
rd_candidates_parse(struct rd_candidates *c, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*c = (struct rd_candidates){.generation = rd_reader_u32(&r)};
	unsigned policy = rd_reader_u8(&r);
	c->policy = policy <= RD_PATH_RELAY ? policy : RD_PATH_AUTO;
	take_nat(&c->nat, &r);
	int err = rd_addr_unpack(&r, &c->nat.seen);
	if (!err && c->nat.seen.family && !is_place(&c->nat.seen))
		c->nat.seen = (struct rd_addr){0};
	if (!err)
		err = take_list(c, &r);
	if (!err && !r.bad)
		return 0;
	*c = (struct rd_candidates){0};
	return -EPROTO;
}

void
rd_candidates_add(struct rd_candidates *c, enum rd_candidate_kind kind, const struct rd_addr *a)
{
	for (unsigned i = 0; i < c->count; i++)
		if (rd_addr_equal(&c->list[i].addr, a))
			return;
	if (c->count < RD_CANDIDATES)
		c->list[c->count++] = (struct rd_candidate){.kind = kind, .addr = *a};
}

bool
rd_candidates_same(const struct rd_candidates *a, const struct rd_candidates *b)
{
	if (a->count != b->count || a->policy != b->policy || a->nat.mapping != b->nat.mapping ||
		a->nat.step != b->nat.step || !rd_addr_equal(&a->nat.seen, &b->nat.seen))
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (a->list[i].kind != b->list[i].kind ||
			!rd_addr_equal(&a->list[i].addr, &b->list[i].addr))
			return false;
	return true;
}
