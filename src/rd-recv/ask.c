#include <errno.h>
#include <string.h>

#include "rd-recv/ask.h"

static void
pack_addr(struct rd_buf *b, const struct rd_addr *a)
{
	rd_buf_u8(b, a->family);
	rd_buf_u16(b, a->port);
	rd_buf_u32(b, a->scope);
	rd_buf_bytes(b, a->ip, sizeof(a->ip));
}

/* Also of none. */
static int
parse_maybe_addr(struct rd_addr *a, struct rd_reader *r)
{
	*a = (struct rd_addr){0};
	a->family = rd_reader_u8(r);
	a->port = rd_reader_u16(r);
	a->scope = rd_reader_u32(r);
	const uint8_t *ip = rd_reader_bytes(r, sizeof(a->ip));
	if (!ip || (a->family != 0 && a->family != 4 && a->family != 6))
		return -EPROTO;
	memcpy(a->ip, ip, sizeof(a->ip));
	return 0;
}

static int
parse_addr(struct rd_addr *a, struct rd_reader *r)
{
	int err = parse_maybe_addr(a, r);
	return !err && !a->family ? -EPROTO : err;
}

void
ask_pack(struct rd_buf *b, const struct ask *a)
{
	rd_buf_u8(b, (uint8_t)a->type);
	rd_buf_u8(b, a->attempt);
	rd_buf_u8(b, a->may_skip);
	rd_buf_u8(b, (uint8_t)a->how);
	rd_buf_bytes(b, a->salt, sizeof(a->salt));
	rd_buf_bytes(b, a->key.bytes, sizeof(a->key.bytes));
	pack_addr(b, &a->addr);
}

int
ask_parse(struct ask *a, const void *data, size_t len)
{
	struct rd_reader r;
	*a = (struct ask){0};
	rd_reader_init(&r, data, len);
	uint8_t type = rd_reader_u8(&r);
	a->attempt = rd_reader_u8(&r);
	uint8_t skip = rd_reader_u8(&r), how = rd_reader_u8(&r);
	const uint8_t *salt = rd_reader_bytes(&r, sizeof(a->salt));
	const uint8_t *key = rd_reader_bytes(&r, sizeof(a->key.bytes));
	if (parse_maybe_addr(&a->addr, &r) != 0 || (type == ASK_CARD && !a->addr.family))
		return -EPROTO;
	if (!rd_reader_done(&r) || type < ASK_ADDRESSES || type > ASK_REMEMBER || skip > 1 ||
			how > PIN_CODE)
		return -EPROTO;
	a->type = type;
	a->may_skip = skip;
	a->how = how;
	memcpy(a->salt, salt, sizeof(a->salt));
	memcpy(a->key.bytes, key, sizeof(a->key.bytes));
	return 0;
}

void
answer_pack(struct rd_buf *b, const struct answer *a)
{
	rd_buf_u8(b, (uint8_t)a->type);
	rd_buf_u8(b, (uint8_t)a->kind);
	rd_buf_u8(b, (uint8_t)a->count);
	rd_buf_u8(b, (uint8_t)a->relay_count);
	rd_buf_u8(b, a->has_proxy);
	for (unsigned i = 0; i < a->count; i++)
		pack_addr(b, &a->addrs[i]);
	for (unsigned i = 0; i < a->relay_count; i++)
		pack_addr(b, &a->relay[i]);
	if (a->has_proxy)
		pack_addr(b, &a->proxy);
	rd_buf_bytes(b, a->prs, sizeof(a->prs));
	rd_buf_bytes(b, a->text, sizeof(a->text));
}

int
answer_parse(struct answer *a, const void *data, size_t len)
{
	struct rd_reader r;
	*a = (struct answer){0};
	rd_reader_init(&r, data, len);
	uint8_t type = rd_reader_u8(&r), kind = rd_reader_u8(&r), count = rd_reader_u8(&r);
	uint8_t relays = rd_reader_u8(&r), proxy = rd_reader_u8(&r);
	if (type < ASK_ADDRESSES || type > ASK_REMEMBER || kind > ANSWER_FAILED)
		return -EPROTO;
	if (count > RD_DIAL_ADDRS || relays > sizeof(a->relay) / sizeof(a->relay[0]) || proxy > 1)
		return -EPROTO;
	for (unsigned i = 0; i < count; i++)
		if (parse_addr(&a->addrs[i], &r) != 0)
			return -EPROTO;
	for (unsigned i = 0; i < relays; i++)
		if (parse_addr(&a->relay[i], &r) != 0)
			return -EPROTO;
	if (proxy && parse_addr(&a->proxy, &r) != 0)
		return -EPROTO;
	const uint8_t *prs = rd_reader_bytes(&r, sizeof(a->prs));
	const uint8_t *text = rd_reader_bytes(&r, sizeof(a->text));
	if (!rd_reader_done(&r) || text[sizeof(a->text) - 1] != '\0')
		return -EPROTO;
	a->type = type;
	a->kind = kind;
	a->count = count;
	a->relay_count = relays;
	a->has_proxy = proxy;
	memcpy(a->prs, prs, sizeof(a->prs));
	memcpy(a->text, text, sizeof(a->text));
	return 0;
}
