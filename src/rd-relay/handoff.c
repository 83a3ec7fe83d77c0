#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "rd-relay/handoff.h"

int
handoff_open(struct handoff *h, int wake)
{
	*h = (struct handoff){.data = malloc(HANDOFF_SIZE), .wake = wake};
	return h->data ? 0 : -ENOMEM;
}

void
handoff_close(struct handoff *h)
{
	free(h->data);
	h->data = NULL;
}

static void
copy_in(struct handoff *h, size_t at, const void *from, size_t n)
{
	size_t place = at % HANDOFF_SIZE;
	size_t first = n < HANDOFF_SIZE - place ? n : HANDOFF_SIZE - place;
	memcpy(h->data + place, from, first);
	memcpy(h->data, (const uint8_t *)from + first, n - first);
}

static void
copy_out(const struct handoff *h, size_t at, void *to, size_t n)
{
	size_t place = at % HANDOFF_SIZE;
	size_t first = n < HANDOFF_SIZE - place ? n : HANDOFF_SIZE - place;
	memcpy(to, h->data + place, first);
	memcpy((uint8_t *)to + first, h->data, n - first);
}

bool
handoff_put(struct handoff *h, uint32_t carrier, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct handed head = {carrier, (uint32_t)len, now_ns};
	size_t at = atomic_load_explicit(&h->written, memory_order_relaxed);
	size_t taken = atomic_load_explicit(&h->taken, memory_order_acquire);
	if (at - taken + sizeof(head) + len > HANDOFF_SIZE)
		return false;
	copy_in(h, at, &head, sizeof(head));
	copy_in(h, at + sizeof(head), data, len);
	atomic_store_explicit(&h->written, at + sizeof(head) + len, memory_order_release);
	h->unsaid = true;
	return true;
}

void
handoff_poke(struct handoff *h)
{
	uint64_t one = 1;
	if (!h->unsaid)
		return;
	h->unsaid = false;
	/* Full or interrupted: the reader has been woken before and has not looked yet. */
	ssize_t n = write(h->wake, &one, sizeof(one));
	(void)n;
}

bool
handoff_take(struct handoff *h, struct handed *what, uint8_t *out, size_t cap)
{
	size_t at = atomic_load_explicit(&h->taken, memory_order_relaxed);
	if (at == atomic_load_explicit(&h->written, memory_order_acquire))
		return false;
	copy_out(h, at, what, sizeof(*what));
	if (what->len <= cap)
		copy_out(h, at + sizeof(*what), out, what->len);
	atomic_store_explicit(&h->taken, at + sizeof(*what) + what->len, memory_order_release);
	if (what->len > cap)
		what->len = 0;
	return true;
}
