#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-top/relay.h"

/* A page of metrics, twice: the second half is the newer one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(const struct prom *p)
{
	if (p->count > PROM_SAMPLES_MAX)
		abort();
	for (unsigned i = 0; i < p->count; i++) {
		const struct prom_sample *s = &p->sample[i];
		if (!s->name[0] || !memchr(s->name, 0, sizeof(s->name)) || s->labels > PROM_LABELS_MAX)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct prom p = {0};
	struct relay r = {0};
	unsigned line;
	const char *text = (const char *)data;
	int err = prom_parse(&p, text, len, &line);
	if ((err != 0 && err != -EPROTO) || (err && p.count))
		abort();
	check(&p);
	prom_finish(&p);
	relay_take(&r, text, len / 2, 1000);
	relay_take(&r, text + len / 2, len - len / 2, 2000);
	check(&r.now);
	double share = relay_quantile(&r, "rd_forward_seconds", 0.99);
	if (relay_refused(&r) < 0 || share < -1e300)
		abort();
	relay_finish(&r);
	return 0;
}
