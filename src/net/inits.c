#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/inits.h"

struct rd_inits_past {
	struct rd_noise noise;
	uint8_t mac1[RD_MAC];
};

void
rd_inits_finish(struct rd_inits *inits)
{
	if (inits->past)
		sodium_memzero(inits->past, RD_INITS * sizeof(*inits->past));
	free(inits->past);
	*inits = (struct rd_inits){0};
}

static const uint8_t *
mac1_of(const uint8_t *init, size_t len)
{
	return init + len - 2 * RD_MAC;
}

void
rd_inits_keep(struct rd_inits *inits, const struct rd_noise *noise, const uint8_t *init, size_t len)
{
	if (!inits->past)
		inits->past = xcalloc(RD_INITS, sizeof(*inits->past));
	struct rd_inits_past *past = &inits->past[inits->kept++ % RD_INITS];
	past->noise = *noise;
	memcpy(past->mac1, mac1_of(init, len), RD_MAC);
}

static unsigned
count(const struct rd_inits *inits)
{
	return inits->kept < RD_INITS ? inits->kept : RD_INITS;
}

/* What does not open must not change a handshake: it may be anybody's. */
static int
try_read(struct rd_noise *noise, const struct rd_noise *said, const struct rd_packet *p,
	uint8_t *payload)
{
	struct rd_noise attempt = *said;
	int len = rd_noise_read(&attempt, p->noise, p->noise_len, payload);
	if (len >= 0)
		*noise = attempt;
	rd_noise_finish(&attempt);
	return len;
}

int
rd_inits_read(const struct rd_inits *inits, struct rd_noise *noise, const struct rd_packet *p,
	uint8_t *payload)
{
	int len = try_read(noise, noise, p, payload);
	for (unsigned i = 0; len < 0 && i < count(inits); i++)
		len = try_read(noise, &inits->past[i].noise, p, payload);
	return len;
}

int
rd_inits_cookie(const struct rd_inits *inits, const uint8_t *init, size_t len,
	const struct rd_packet *p, const struct rd_key *key, uint8_t cookie[static RD_COOKIE])
{
	uint8_t opened[RD_COOKIE];	/* what does not open leaves zeros */
	int err = rd_cookie_open(p, key, mac1_of(init, len), opened);
	for (unsigned i = 0; err && i < count(inits); i++)
		err = rd_cookie_open(p, key, inits->past[i].mac1, opened);
	if (!err)
		memcpy(cookie, opened, RD_COOKIE);
	sodium_memzero(opened, sizeof(opened));
	return err;
}
