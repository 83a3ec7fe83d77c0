#include <arpa/inet.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/relay.h"

/*
 * As much of TURN (RFC 8656) as a bench takes, of a server that asks for no
 * credentials: Allocate by UDP, and one channel to one peer.
 */
#define COOKIE 0x2112a442u
#define ALLOCATE 0x0003
#define CHANNEL_BIND 0x0009
#define CHANNEL 0x4000
#define TRIES 100

static size_t
put_head(uint8_t *out, uint16_t type, unsigned end)
{
	uint32_t cookie = htonl(COOKIE), id = htonl(end);
	out[0] = (uint8_t)(type >> 8);
	out[1] = (uint8_t)type;
	memcpy(out + 4, &cookie, 4);
	randombytes_buf(out + 8, 12);
	memcpy(out + 8, &id, 4);
	return 20;
}

static size_t
put_attribute(uint8_t *out, size_t at, uint16_t type, const void *data, uint16_t len)
{
	out[at] = (uint8_t)(type >> 8);
	out[at + 1] = (uint8_t)type;
	out[at + 2] = (uint8_t)(len >> 8);
	out[at + 3] = (uint8_t)len;
	memcpy(out + at + 4, data, len);
	at += 4 + len;
	out[2] = (uint8_t)((at - 20) >> 8);
	out[3] = (uint8_t)(at - 20);
	return at;
}

/* Whether the answer to that kind of request has come to this end. */
static bool
answered(struct relay_socket *s, unsigned end, uint16_t type)
{
	struct relay_got got[RELAY_BATCH];
	bool yes = false;
	unsigned n = relay_socket_receive(s, got);
	for (unsigned i = 0; i < n; i++) {
		unsigned what = (unsigned)(got[i].data[0] << 8 | got[i].data[1]);
		if (got[i].end != end || got[i].len < 20)
			continue;
		if (what == (type | 0x0110u))
			bench_die("the TURN server says no to %u", type);
		yes |= what == (type | 0x0100u);
	}
	return yes;
}

static void
ask(struct relay_socket *s, unsigned end, uint16_t type, const uint8_t *data, size_t len)
{
	for (int i = 0; i < TRIES; i++) {
		relay_socket_say(s, end, data, len);
		for (int k = 0; k < 100; k++) {
			if (answered(s, end, type))
				return;
			bench_sleep_ns(100000);
		}
	}
	bench_die("the TURN server does not answer");
}

void
relay_turn(struct relay_flow *f, unsigned n, struct relay_socket *clients,
	struct relay_socket *peers)
{
	static const uint8_t udp[4] = {17};
	for (unsigned i = 0; i < n; i++) {
		uint8_t out[128] = {0}, channel[4] = {0}, peer[8] = {0, 1};
		uint16_t number = (uint16_t)(CHANNEL + i % 0x1000);
		uint16_t port = (uint16_t)(peers->port ^ (COOKIE >> 16));
		uint32_t ip = htonl(relay_address(2 * i + 1) ^ COOKIE);
		size_t len = put_attribute(out, put_head(out, ALLOCATE, i), 0x0019, udp, 4);
		ask(clients, 2 * i, ALLOCATE, out, len);
		channel[0] = (uint8_t)(number >> 8);
		channel[1] = (uint8_t)number;
		peer[2] = (uint8_t)(port >> 8);
		peer[3] = (uint8_t)port;
		memcpy(peer + 4, &ip, 4);
		memset(out, 0, sizeof(out));
		len = put_attribute(out, put_head(out, CHANNEL_BIND, i), 0x000c, channel, 4);
		len = put_attribute(out, len, 0x0012, peer, 8);
		ask(clients, 2 * i, CHANNEL_BIND, out, len);
		f[i].head_len = 4;
		memcpy(f[i].head, channel, 2);
	}
}
