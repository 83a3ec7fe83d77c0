#ifndef RD_NET_MUX_SPANS_H
#define RD_NET_MUX_SPANS_H

#include <stddef.h>
#include <stdint.h>

/*
 * A set of numbers kept as spans [first, end), in order, no two touching: which
 * bytes were acknowledged, which must go out again. Cheap at both ends, where
 * nearly all changes are. Zeroed memory is an empty set.
 */
struct rd_span { uint64_t first, end; };

struct rd_spans {
	struct rd_span *at;
	size_t head;		/* at[head] is the lowest; below it is room */
	size_t count, cap;
};

/* Returns how many numbers were not in the set before. */
uint64_t rd_spans_add(struct rd_spans *s, uint64_t first, uint64_t end);
void rd_spans_cut(struct rd_spans *s, uint64_t first, uint64_t end);
/* Cuts out what is in `other` too, of [first, end). */
void rd_spans_cut_known(struct rd_spans *s, const struct rd_spans *other, uint64_t first,
	uint64_t end);
/* The lowest span; NULL: the set is empty. Holds until the next change. */
const struct rd_span *rd_spans_lowest(const struct rd_spans *s);
/* The lowest number that is missing. */
uint64_t rd_spans_prefix(const struct rd_spans *s);
void rd_spans_finish(struct rd_spans *s);

#endif
