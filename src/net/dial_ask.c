#include <string.h>

#include <sodium.h>

#include "net/dial_priv.h"

#define ASK_WAIT_MAX_NS (UINT64_C(2) * 1000000000)

void
dial_ask_start(struct attempt *a, uint64_t now_ns)
{
	a->ask.index = randombytes_random();
	randombytes_buf(a->ask.nonce, sizeof(a->ask.nonce));
	a->ask.send_ns = now_ns;
	a->ask.wait_ns = RD_CONN_RETRY_NS;
}

size_t
dial_ask_next(struct attempt *a, uint8_t *out, size_t cap, uint64_t now_ns)
{
	struct ask *q = &a->ask;
	struct rd_buf b = {0};
	struct rd_packet p = {
		.type = RD_PACKET_ASK,
		.sender = q->index,
		.nonce = q->nonce,
	};
	if (now_ns < q->send_ns)
		return 0;
	q->send_ns = now_ns + q->wait_ns;
	q->wait_ns = q->wait_ns * 2 < ASK_WAIT_MAX_NS ? q->wait_ns * 2 : ASK_WAIT_MAX_NS;
	rd_packet_pack(&b, &p);
	size_t n = b.len <= cap ? b.len : 0;
	memcpy(out, b.data, n);
	rd_buf_finish(&b);
	return n;
}

bool
dial_ask_take(struct attempt *a, const uint8_t *data, size_t len, struct rd_key *host,
	unsigned *ways)
{
	struct rd_packet p;
	if (rd_packet_parse(&p, data, len) != 0 || p.type != RD_PACKET_TELL)
		return false;
	if (p.receiver != a->ask.index ||
		sodium_memcmp(p.nonce, a->ask.nonce, sizeof(a->ask.nonce)) != 0)
		return false;
	memcpy(host->bytes, p.key, sizeof(host->bytes));
	*ways = p.ways;
	return true;
}
