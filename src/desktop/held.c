#include <stdlib.h>

#include "base/mem.h"
#include "desktop/held.h"

/* KEY_CNT of linux/input-event-codes.h; buttons follow the keys. */
#define KEYS 768
#define THINGS (KEYS + 64)
#define WORDS (THINGS / 64)

struct peer {
	uint64_t down[WORDS];
	unsigned count;		/* bits set in down */
	uint64_t heard_ns;
};

struct rd_held {
	struct peer peers[RD_HELD_PEERS];
	uint16_t holders[THINGS];
	unsigned count;		/* of all peers together */
};

struct changes {
	struct rd_held_change *out;
	int n, max;
};

struct rd_held *
rd_held_new(void)
{
	return xcalloc(1, sizeof(struct rd_held));
}

void
rd_held_free(struct rd_held *h)
{
	free(h);
}

static void
put(struct changes *c, unsigned thing, bool down)
{
	bool button = thing >= KEYS;

	c->out[c->n++] = (struct rd_held_change){
		.button = button,
		.code = (uint16_t)(button ? thing - KEYS : thing),
		.down = down,
	};
}

static void
press(struct rd_held *h, struct peer *p, unsigned thing, struct changes *c)
{
	uint64_t bit = UINT64_C(1) << (thing % 64);

	if ((p->down[thing / 64] & bit) || c->n == c->max)
		return;
	p->down[thing / 64] |= bit;
	p->count++;
	h->count++;
	if (h->holders[thing]++ == 0)
		put(c, thing, true);
}

static void
let_go(struct rd_held *h, struct peer *p, unsigned thing, struct changes *c)
{
	uint64_t bit = UINT64_C(1) << (thing % 64);

	if (!(p->down[thing / 64] & bit) || c->n == c->max)
		return;
	p->down[thing / 64] &= ~bit;
	p->count--;
	h->count--;
	if (--h->holders[thing] == 0)
		put(c, thing, false);
}

/* Lets go of what the peer holds and `keep` does not name. */
static void
let_go_but(struct rd_held *h, struct peer *p, const uint64_t keep[static WORDS], struct changes *c)
{
	for (unsigned w = 0; w < WORDS; w++) {
		for (uint64_t gone = p->down[w] & ~keep[w]; gone; gone &= gone - 1)
			let_go(h, p, w * 64 + (unsigned)__builtin_ctzll(gone), c);
	}
}

static void
let_go_all(struct rd_held *h, struct peer *p, struct changes *c)
{
	static const uint64_t nothing[WORDS];

	if (p->count > 0)
		let_go_but(h, p, nothing, c);
}

/* The thing a KEY or BUTTON is about; false for what cannot be held. */
static bool
thing_of(const struct rd_input *in, unsigned *thing)
{
	if (in->kind == RD_INPUT_KEY) {
		*thing = in->code;
		return in->code > 0 && in->code < KEYS;
	}
	*thing = KEYS + in->code;
	return in->kind == RD_INPUT_BUTTON && in->code < RD_BUTTON_COUNT;
}

static void
snapshot(const struct rd_input *in, uint64_t down[static WORDS])
{
	for (int i = 0; i < in->held_count && i < RD_INPUT_HELD_MAX; i++) {
		unsigned code = in->held[i];

		if (code < KEYS)
			down[code / 64] |= UINT64_C(1) << (code % 64);
	}
	down[KEYS / 64] = in->buttons;
}

int
rd_held_input(struct rd_held *h, uint8_t peer, const struct rd_input *in, uint64_t now_ns,
	struct rd_held_change *out, int max)
{
	struct changes c = {.out = out, .max = max};
	struct peer *p = &h->peers[peer];
	unsigned thing;

	p->heard_ns = now_ns;
	if (in->kind == RD_INPUT_HELD) {
		uint64_t down[WORDS] = {0};

		snapshot(in, down);
		let_go_but(h, p, down, &c);
	} else if (thing_of(in, &thing)) {
		if (in->down)
			press(h, p, thing, &c);
		else
			let_go(h, p, thing, &c);
	}
	return c.n;
}

int
rd_held_expire(struct rd_held *h, uint64_t now_ns, struct rd_held_change *out, int max)
{
	struct changes c = {.out = out, .max = max};

	for (int i = 0; i < RD_HELD_PEERS && h->count > 0; i++) {
		if (h->peers[i].heard_ns + RD_INPUT_RELEASE_NS <= now_ns)
			let_go_all(h, &h->peers[i], &c);
	}
	return c.n;
}

uint64_t
rd_held_due(const struct rd_held *h)
{
	uint64_t due = UINT64_MAX;

	for (int i = 0; i < RD_HELD_PEERS && h->count > 0; i++) {
		const struct peer *p = &h->peers[i];

		if (p->count > 0 && p->heard_ns + RD_INPUT_RELEASE_NS < due)
			due = p->heard_ns + RD_INPUT_RELEASE_NS;
	}
	return due;
}

int
rd_held_release_all(struct rd_held *h, struct rd_held_change *out, int max)
{
	struct changes c = {.out = out, .max = max};

	for (int i = 0; i < RD_HELD_PEERS && h->count > 0; i++)
		let_go_all(h, &h->peers[i], &c);
	return c.n;
}
