#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "rd-relay/accounts.h"

_Static_assert(sizeof(struct account) * ACCOUNTS_WAYS * ACCOUNTS_SETS == 1 << 20, "one MiB");

void
accounts_init(struct accounts *a)
{
	a->set = xcalloc(ACCOUNTS_SETS, sizeof(*a->set));
	randombytes_buf(a->secret, sizeof(a->secret));
}

void
accounts_finish(struct accounts *a)
{
	free(a->set);
}

static bool
is_free(const struct accounts *a, const struct account *one)
{
	return one->bytes == 0 || one->day != a->day;
}

uint64_t
accounts_charge(struct accounts *a, uint32_t tag, uint64_t bytes)
{
	uint64_t hash;
	crypto_shorthash((uint8_t *)&hash, (const uint8_t *)&tag, sizeof(tag), a->secret);
	struct account *set = a->set[hash % ACCOUNTS_SETS], *place = &set[0];
	for (unsigned i = 0; i < ACCOUNTS_WAYS; i++) {
		struct account *one = &set[i];
		if (!is_free(a, one) && one->tag == tag)
			return one->bytes += bytes;
		if (!is_free(a, place) && (is_free(a, one) || one->bytes < place->bytes))
			place = one;
	}
	if (bytes)
		*place = (struct account){.tag = tag, .day = a->day, .bytes = bytes};
	return bytes;
}
