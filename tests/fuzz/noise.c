#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/noise.h"

/*
 * A message for a handshake: the first byte picks the pattern (modulo 3) and,
 * divided by 3, which of its messages is awaited; the rest is the message. All
 * keys are fixed, so the one message that is genuine is known: nothing else may
 * be taken.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PATTERNS 3
#define MESSAGES 3

static struct genuine {
	struct rd_noise reader;		/* that awaits it */
	uint8_t bytes[256];
	size_t len;
} genuine[PATTERNS][MESSAGES];
static unsigned messages[PATTERNS];

static struct rd_keypair
make_pair(int byte)
{
	struct rd_keypair k;

	memset(k.secret.bytes, byte, RD_KEY_SIZE);
	rd_keypair_derive(&k);
	return k;
}

static void
make_handshake(enum rd_noise_pattern p)
{
	static const uint8_t psk[32] = { 7 };
	const struct rd_keypair s[2] = { make_pair(1), make_pair(2) };
	const struct rd_keypair e[2] = { make_pair(3), make_pair(4) };
	struct rd_noise end[2];

	for (int i = 0; i < 2; i++)
		rd_noise_start(&end[i], &(struct rd_noise_init){
			.pattern = p, .initiator = i, .s = &s[i], .rs = &s[0].public,
			.psk = psk, .e = &e[i],
		});
	for (unsigned turn = 0; !rd_noise_done(&end[0]); turn++) {
		struct genuine *g = &genuine[p][turn];
		uint8_t payload[256];

		g->reader = end[turn % 2];
		int n = rd_noise_write(&end[turn % 2 == 0], "payload", 7, g->bytes);
		if (n < 0 || rd_noise_read(&end[turn % 2], g->bytes, (size_t)n, payload) != 7)
			abort();
		g->len = (size_t)n;
		messages[p] = turn + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!messages[0]) {
		if (sodium_init() < 0)
			abort();
		for (int p = 0; p < PATTERNS; p++)
			make_handshake((enum rd_noise_pattern)p);
	}
	if (size < 1)
		return 0;
	unsigned p = data[0] % PATTERNS, turn = data[0] / PATTERNS % messages[p];
	const struct genuine *g = &genuine[p][turn];
	struct rd_noise n = g->reader;
	uint8_t *payload = malloc(size);

	data++;
	size--;
	int got = rd_noise_read(&n, data, size, payload);
	bool same = size == g->len && memcmp(data, g->bytes, size) == 0;
	if (same ? got != 7 || memcmp(payload, "payload", 7) != 0 : got >= 0 || !n.failed)
		abort();
	free(payload);
	return 0;
}
