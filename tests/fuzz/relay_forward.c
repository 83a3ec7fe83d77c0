#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../net/vnet.h"
#include "base/mem.h"
#include "rd-relay/core_priv.h"
#include "rd-relay/forward.h"

/*
 * What a thread of the relay does with trains of datagrams, and with what comes
 * through TLS, of ends that have a leg each and of a stranger. Every datagram of a
 * leg is forwarded or dropped; what is forwarded has the other leg's handle, and
 * nothing is sent from memory that its owner has taken back.
 *
 * Parts of the input: {u8 what, u8 segment, u8 length / 4, bytes}.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PARTS_MAX 64
#define UDP_END 0
#define TLS_END 1
#define STRANGER 2

struct play {
	struct core *core;
	struct udp udp;
	struct counters counters;
	struct outbox out;
	struct forward forward;
	uint8_t handle[2][RD_HANDLE];
};

static struct rd_addr
end_addr(unsigned n)
{
	struct rd_addr a = vnet_addr((uint8_t)(n + 1), 5000);
	a.stream = n == TLS_END;
	a.carrier = a.stream ? 7 : 0;
	return a;
}

static bool
to_stream(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct play *p = ctx;
	struct rd_addr tls = end_addr(TLS_END);
	(void)now_ns;
	if (!rd_addr_equal(to, &tls) || len <= RD_RELAYED_HEADER || len > FORWARD_MAX ||
			(data[0] & 0xf4) != RD_RELAY_RELAYED ||
			memcmp(data + 2, p->handle[TLS_END], RD_HANDLE) != 0)
		abort();
	return true;
}

static void
answered(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	(void)ctx, (void)to;
	if (!data || len == 0 || len > DATAGRAM_MAX)
		abort();
}

static void
told(void *ctx, const struct core_event *e)
{
	(void)ctx, (void)e;
}

/* Nothing is lost without a word: but for the queue, which is behind what is counted as out. */
static void
check(const struct play *p)
{
	const struct counters *c = &p->counters;
	uint64_t in = 0, out = 0;
	for (unsigned i = 0; i < CLASSES; i++) {
		in += c->packets[DIR_IN][i];
		out += c->packets[DIR_OUT][i];
	}
	for (unsigned i = 0; i < DROPS; i++)
		out += i == DROP_QUEUE ? 0 : c->drops[i];
	if (in != out || p->out.count != 0)
		abort();
}

static void
give(struct play *p, struct rd_reader *in)
{
	unsigned what = rd_reader_u8(in), segment = rd_reader_u8(in) + 1;
	size_t len = rd_reader_u8(in) * 4u;
	struct rd_addr from = end_addr(what % 3);
	if (len > rd_reader_left(in))
		len = rd_reader_left(in);
	if (len == 0)
		return;
	/* Memory of its own: what is used after it has gone is found. */
	uint8_t *data = xmalloc(len);
	memcpy(data, rd_reader_bytes(in, len), len);
	/* Else hardly any would have a handle that is one. */
	for (size_t at = what & 128 ? 2 : 0; what & 64 && at + RD_RELAYED_HEADER <= len; at += segment)
		memcpy(data + at + 2, p->handle[what % 3 % 2], RD_HANDLE);
	if (what & 128) {
		ssize_t n = forward_records(&p->forward, &from, data, len, 100 * NS_PER_S);
		if (n > (ssize_t)len || (n < 0 && n != -EPROTO))
			abort();
	} else {
		forward_train(&p->forward, &from, data, len, segment < len ? segment : len,
			100 * NS_PER_S);
		outbox_flush(&p->out);
	}
	free(data);
	check(p);
}

static void
add_legs(struct play *p)
{
	struct rd_addr at[2] = {end_addr(UDP_END), end_addr(TLS_END)};
	struct session_new n = {.id = 77, .ends_ns = 1000 * NS_PER_S,
		.at = {where_of(&at[0]), where_of(&at[1])}, .kbps = 1000};
	struct session *s = legs_add(&p->core->legs, &n, 100 * NS_PER_S);
	for (unsigned leg = 0; leg < 2; leg++)
		handle_bytes(s->handle[leg], p->handle[leg]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct play p;	/* too large for a stack */
	struct core_config cfg = {.max_peers = 8, .max_sessions = 4};
	struct rd_reader in;
	dice_state = 1;
	if (vnet_sodium() < 0)
		abort();
	p = (struct play){.udp = {.count = 1, .threads = 1}};
	/* A socket that is none: what is sent is counted as an error. */
	p.udp.place[0] = (struct place){.at = {.family = 4}, .domain = AF_INET, .fd = {-1}};
	memset(&cfg.key.secret, 3, sizeof(cfg.key.secret));
	rd_keypair_derive(&cfg.key);
	p.core = core_new(&cfg, told, &p);
	p.out.udp = &p.udp;
	p.out.counters = &p.counters;
	p.forward = (struct forward){.core = p.core, .core_out = {answered, &p}, .out = &p.out,
		.counters = &p.counters, .to_stream = to_stream, .ctx = &p};
	add_legs(&p);
	rd_reader_init(&in, data, size);
	for (unsigned n = 0; n < PARTS_MAX && rd_reader_left(&in) > 0; n++)
		give(&p, &in);
	core_free(p.core);
	return 0;
}
