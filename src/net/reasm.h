#ifndef RD_NET_REASM_H
#define RD_NET_REASM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes that came before others that belong in front of them: of a stream or a
 * unit. What comes in order does not pass through here; the owner uses it at
 * once and says so with rd_reasm_take.
 *
 * They lie in pages of RD_REASM_PAGE bytes with a bit for each byte that came,
 * so that a peer cannot make us pay more for many small pieces than for one
 * large one: the cost is at most the distance between `next` and the farthest
 * byte and an eighth of it, plus one page, and never more than a page and a
 * pointer for a byte that came. The owner bounds the distance by credit. Where
 * a byte came twice the later copy stands.
 */
#define RD_REASM_PAGE 2048

struct rd_reasm_page;

struct rd_reasm {
	uint64_t next;		/* everything before it has been taken */
	size_t memory;		/* bytes held */
	struct rd_reasm_page **page;	/* ascending; page[head] is the lowest */
	size_t head, count, cap;
};

/* Zeroed memory is an empty one that begins at 0. */
void rd_reasm_finish(struct rd_reasm *r);
/* Keeps what of it lies beyond `next`. */
void rd_reasm_put(struct rd_reasm *r, uint64_t offset, const uint8_t *data, size_t len);
/*
 * Bytes at `next` that have come, as far as they lie together: how many. Valid
 * until the next put, take or finish.
 */
size_t rd_reasm_peek(const struct rd_reasm *r, const uint8_t **data);
/* n bytes from `next` on were used, from here or from elsewhere. */
void rd_reasm_take(struct rd_reasm *r, uint64_t n);

#endif
