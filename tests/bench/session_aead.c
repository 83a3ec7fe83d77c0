#include <sodium.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/session_aead.h"
#include "net/packet.h"

/* In so many memories in turn: a session does not seal the same bytes again and again either. */
#define PLACES 64

static uint8_t places[PLACES][RD_PACKET_MAX];

static void
seal(uint8_t *datagram, size_t len, const uint8_t *nonce, const uint8_t *key)
{
	uint8_t *body = datagram + RD_PACKET_DATA_HEADER;
	crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, body, len - RD_PACKET_OVERHEAD,
		datagram, RD_PACKET_DATA_HEADER, NULL, nonce, key);
}

static bool
opens(uint8_t *datagram, size_t len, const uint8_t *nonce, const uint8_t *key)
{
	uint8_t *body = datagram + RD_PACKET_DATA_HEADER;
	return crypto_aead_chacha20poly1305_ietf_decrypt(body, NULL, NULL, body,
		len - RD_PACKET_DATA_HEADER, datagram, RD_PACKET_DATA_HEADER, nonce, key) == 0;
}

struct aead_ns
aead_cost(size_t len, uint64_t count)
{
	static const uint8_t key[32] = {1}, nonce[12] = {2};
	struct aead_ns cost = {0, 0};

	for (uint64_t done = 0; done < count; done += PLACES) {
		size_t n = count - done < PLACES ? (size_t)(count - done) : PLACES;
		uint64_t start = rd_clock_cpu_ns();
		for (size_t i = 0; i < n; i++)
			seal(places[i], len, nonce, key);
		uint64_t sealed = rd_clock_cpu_ns();
		for (size_t i = 0; i < n; i++)
			if (!opens(places[i], len, nonce, key))
				bench_die("what was sealed does not open");
		cost.seal += (double)(sealed - start);
		cost.open += (double)(rd_clock_cpu_ns() - sealed);
	}
	return cost;
}
