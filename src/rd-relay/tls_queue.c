#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rd-relay/tls_queue.h"

#define RATE_NS (100 * RD_NS_PER_MS)	/* over which it is measured */

/* What the relay itself says is as urgent as input is. */
static unsigned
class_of(const uint8_t *data, size_t len)
{
	return rd_relayed_is(data, len) ? data[0] & RD_RELAYED_CLASS : 0;
}

static size_t
bound(const struct tls_queue *q)
{
	uint64_t n = q->rate ? q->rate * TLS_QUEUE_NS / RD_NS_PER_S : TLS_QUEUE_MAX;
	return n > TLS_QUEUE_MAX ? TLS_QUEUE_MAX : n < TLS_QUEUE_MIN ? TLS_QUEUE_MIN : (size_t)n;
}

static struct tls_waiting *
take_first(struct tls_queue *q, unsigned class)
{
	struct tls_waiting *w = q->of[class].first;
	q->of[class].first = w->next;
	if (!w->next)
		q->of[class].last = NULL;
	q->bytes -= w->len;
	return w;
}

/* False: there is nothing to drop. */
static bool
drop_one(struct tls_queue *q)
{
	for (unsigned class = TLS_CLASSES; class-- > 0;) {
		if (!q->of[class].first)
			continue;
		free(take_first(q, class));
		return true;
	}
	return false;
}

unsigned
tls_queue_put(struct tls_queue *q, const uint8_t *data, size_t len, uint64_t now_ns)
{
	unsigned dropped = 0, class = class_of(data, len);
	struct tls_waiting *w = len ? malloc(sizeof(*w) + len) : NULL;
	if (!w)
		return len > 0;
	*w = (struct tls_waiting){.since_ns = now_ns, .order = q->order++, .len = (uint32_t)len};
	memcpy(w->data, data, len);
	if (q->bytes == 0) {
		q->since_ns = now_ns;
		q->taken = 0;
	}
	if (q->of[class].last)
		q->of[class].last->next = w;
	else
		q->of[class].first = w;
	q->of[class].last = w;
	q->bytes += len;
	while (q->bytes > bound(q) && drop_one(q))
		dropped++;
	return dropped;
}

static void
measure(struct tls_queue *q, size_t len, uint64_t now_ns)
{
	q->taken += len;
	if (now_ns - q->since_ns < RATE_NS)
		return;
	uint64_t rate = q->taken * RD_NS_PER_S / (now_ns - q->since_ns);
	q->rate = q->rate ? (3 * q->rate + rate) / 4 : rate;
	q->since_ns = now_ns;
	q->taken = 0;
}

struct tls_waiting *
tls_queue_take(struct tls_queue *q, uint64_t now_ns)
{
	int class = -1;
	for (int i = 0; i < TLS_CLASSES; i++)
		if (q->of[i].first &&
				(class < 0 || q->of[i].first->order < q->of[class].first->order))
			class = i;
	if (class < 0)
		return NULL;
	struct tls_waiting *w = take_first(q, (unsigned)class);
	if (now_ns - w->since_ns > TLS_SOJOURN_NS && rd_relayed_is(w->data, w->len))
		w->data[0] |= RD_RELAYED_CE;
	measure(q, w->len, now_ns);
	return w;
}

void
tls_queue_finish(struct tls_queue *q)
{
	while (drop_one(q))
		;
	*q = (struct tls_queue){0};
}
