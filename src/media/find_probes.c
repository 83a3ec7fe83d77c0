#include "base/mem.h"
#include "media/find_priv.h"

#define PROBES_MAX 8192

/* How far a pixel is from the mean: of text, the letters are. */
static int
contrast(uint32_t p, const int mean[3])
{
	return abs((int)(p & 0xff) - mean[0]) + abs((int)(p >> 8 & 0xff) - mean[1]) +
		abs((int)(p >> 16 & 0xff) - mean[2]);
}

static void
find_mean(const struct rd_needle *n, int mean[3])
{
	int64_t sum[3] = {0};
	for (int y = 0; y < n->im.height; y++)
		for (int x = 0; x < n->im.width; x++) {
			uint32_t p = rd_pixel(&n->im, x, y);
			for (int c = 0; c < 3 && needle_counts(p); c++)
				sum[c] += p >> (8 * c) & 0xff;
		}
	for (int c = 0; c < 3; c++)
		mean[c] = (int)(sum[c] / n->counted);
}

/* The least contrast that at most `wanted` pixels have; *have of them. */
static int
threshold(const struct rd_needle *n, const int mean[3], int64_t wanted, int64_t *have)
{
	int64_t of[766] = {0};
	for (int y = 0; y < n->im.height; y++)
		for (int x = 0; x < n->im.width; x++) {
			uint32_t p = rd_pixel(&n->im, x, y);
			if (needle_counts(p))
				of[contrast(p, mean)]++;
		}
	int least = 765;
	*have = of[least];
	while (least > 0 && *have < wanted)
		*have += of[--least];
	return least;
}

static void
shuffle(struct needle_probe *p, int n)
{
	uint32_t x = 1;
	for (int i = n - 1; i > 0; i--) {
		x = x * 1664525 + 1013904223;
		int k = (int)((x >> 8) % (uint32_t)(i + 1));
		struct needle_probe t = p[i];
		p[i] = p[k];
		p[k] = t;
	}
}

/*
 * Those that tell most, in no order: where none of it is most of them differ,
 * and that is known after a few more than may.
 */
void
needle_choose_probes(struct rd_needle *n)
{
	int mean[3];
	int64_t wanted = 4 * n->allowed + 16, have;
	if (wanted > PROBES_MAX)
		wanted = PROBES_MAX;
	find_mean(n, mean);
	int least = threshold(n, mean, wanted, &have);
	int64_t step = have / wanted > 1 ? have / wanted : 1, seen = 0;
	n->probe = xcalloc((size_t)(have / step + 1), sizeof(*n->probe));
	for (int y = 0; y < n->im.height; y++)
		for (int x = 0; x < n->im.width; x++) {
			uint32_t p = rd_pixel(&n->im, x, y);
			if (!needle_counts(p) || contrast(p, mean) < least || seen++ % step)
				continue;
			n->probe[n->probes++] = (struct needle_probe){(int16_t)x, (int16_t)y};
		}
	shuffle(n->probe, n->probes);
}
