#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/reasm.h"

#define WORDS (RD_REASM_PAGE / 64)

struct rd_reasm_page {
	uint64_t number;	/* its first byte's offset is number * RD_REASM_PAGE */
	uint64_t come[WORDS];	/* a bit for each byte, the lowest first */
	uint8_t data[RD_REASM_PAGE];
};

static size_t
smaller(uint64_t a, size_t b)
{
	return a < b ? (size_t)a : b;
}

/* Where page `number` stands or would stand, counted from the lowest. */
static size_t
find(const struct rd_reasm *r, uint64_t number)
{
	/* without pages there may be no memory for pointers to them either */
	if (r->count == 0)
		return 0;
	struct rd_reasm_page *const *page = r->page + r->head;
	size_t low = 0, high = r->count;

	if (page[high - 1]->number < number)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (page[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Room for one more pointer behind the last. */
static void
make_room(struct rd_reasm *r)
{
	if (r->head + r->count < r->cap)
		return;
	if (r->head > r->count) {
		memcpy(r->page, r->page + r->head, r->count * sizeof(*r->page));
		r->head = 0;
		return;
	}
	size_t cap = r->cap ? 2 * r->cap : 4;
	r->page = xreallocarray(r->page, cap, sizeof(*r->page));
	r->memory += (cap - r->cap) * sizeof(*r->page);
	r->cap = cap;
}

static struct rd_reasm_page *
get(struct rd_reasm *r, uint64_t number)
{
	size_t i = find(r, number);

	if (i < r->count && r->page[r->head + i]->number == number)
		return r->page[r->head + i];
	make_room(r);
	struct rd_reasm_page *new = xmalloc(sizeof(*new));
	new->number = number;
	memset(new->come, 0, sizeof(new->come));
	struct rd_reasm_page **at = r->page + r->head + i;
	memmove(at + 1, at, (r->count - i) * sizeof(*at));
	*at = new;
	r->count++;
	r->memory += sizeof(*new);
	return new;
}

/* Sets bits from … from + n - 1, n ≥ 1. */
static void
mark(struct rd_reasm_page *p, size_t from, size_t n)
{
	size_t last = from + n - 1;
	uint64_t low = UINT64_MAX << from % 64;
	uint64_t high = UINT64_MAX >> (63 - last % 64);

	if (from / 64 == last / 64) {
		p->come[from / 64] |= low & high;
		return;
	}
	p->come[from / 64] |= low;
	for (size_t i = from / 64 + 1; i < last / 64; i++)
		p->come[i] = UINT64_MAX;
	p->come[last / 64] |= high;
}

/* How many bits from `from` on are set without a gap. */
static size_t
run(const struct rd_reasm_page *p, size_t from)
{
	size_t at = from;

	while (at < RD_REASM_PAGE) {
		uint64_t missing = ~p->come[at / 64] & UINT64_MAX << at % 64;
		if (missing)
			return at / 64 * 64 + (size_t)__builtin_ctzll(missing) - from;
		at = (at / 64 + 1) * 64;
	}
	return RD_REASM_PAGE - from;
}

void
rd_reasm_put(struct rd_reasm *r, uint64_t offset, const uint8_t *data, size_t len)
{
	if (offset < r->next) {
		size_t known = smaller(r->next - offset, len);
		offset += known;
		data += known;
		len -= known;
	}
	while (len) {
		size_t from = offset % RD_REASM_PAGE;
		size_t n = smaller(len, RD_REASM_PAGE - from);
		struct rd_reasm_page *p = get(r, offset / RD_REASM_PAGE);
		memcpy(p->data + from, data, n);
		mark(p, from, n);
		offset += n;
		data += n;
		len -= n;
	}
}

size_t
rd_reasm_peek(const struct rd_reasm *r, const uint8_t **data)
{
	size_t from = r->next % RD_REASM_PAGE;

	if (!r->count || r->page[r->head]->number != r->next / RD_REASM_PAGE)
		return 0;
	*data = r->page[r->head]->data + from;
	return run(r->page[r->head], from);
}

/* Nothing of it lies at `next` or behind. */
static bool
is_used_up(const struct rd_reasm_page *p, uint64_t next)
{
	size_t from = next % RD_REASM_PAGE;
	uint64_t left = p->come[from / 64] & UINT64_MAX << from % 64;

	if (p->number != next / RD_REASM_PAGE)
		return p->number < next / RD_REASM_PAGE;
	for (size_t i = from / 64 + 1; i < WORDS; i++)
		left |= p->come[i];
	return !left;
}

void
rd_reasm_take(struct rd_reasm *r, uint64_t n)
{
	assert(n <= UINT64_MAX - r->next);
	r->next += n;
	while (r->count && is_used_up(r->page[r->head], r->next)) {
		free(r->page[r->head]);
		r->head++;
		r->count--;
		r->memory -= sizeof(struct rd_reasm_page);
	}
	if (!r->count) {
		free(r->page);
		r->page = NULL;
		r->head = r->cap = 0;
		r->memory = 0;
	}
}

void
rd_reasm_finish(struct rd_reasm *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->page[r->head + i]);
	free(r->page);
	*r = (struct rd_reasm){0};
}
