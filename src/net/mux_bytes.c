#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/mux_bytes.h"

static void
add_chunk(struct mux_bytes *b)
{
	if (b->head + b->count == b->cap && b->head > b->count) {
		memcpy(b->chunk, b->chunk + b->head, b->count * sizeof(*b->chunk));
		b->head = 0;
	} else if (b->head + b->count == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 4;
		b->chunk = xreallocarray(b->chunk, b->cap, sizeof(*b->chunk));
	}
	if (b->count == 0)
		b->first = b->end / MUX_CHUNK;
	b->chunk[b->head + b->count] = xmalloc(MUX_CHUNK);
	b->count++;
}

void
mux_bytes_append(struct mux_bytes *b, const uint8_t *data, size_t len)
{
	while (len) {
		if (b->end == (b->first + b->count) * MUX_CHUNK || b->count == 0)
			add_chunk(b);
		size_t from = b->end % MUX_CHUNK;
		size_t n = len < MUX_CHUNK - from ? len : MUX_CHUNK - from;
		memcpy(b->chunk[b->head + b->count - 1] + from, data, n);
		b->end += n;
		data += n;
		len -= n;
	}
}

const uint8_t *
mux_bytes_at(const struct mux_bytes *b, uint64_t offset, size_t *len)
{
	uint64_t number = offset / MUX_CHUNK - b->first;

	assert(offset < b->end && number < b->count);
	size_t from = offset % MUX_CHUNK;
	uint64_t left = b->end - offset;
	*len = left < MUX_CHUNK - from ? (size_t)left : MUX_CHUNK - from;
	return b->chunk[b->head + number] + from;
}

void
mux_bytes_release(struct mux_bytes *b, uint64_t offset)
{
	while (b->count && (offset >= (b->first + 1) * MUX_CHUNK || offset >= b->end)) {
		free(b->chunk[b->head]);
		b->head++;
		b->count--;
		b->first++;
	}
	if (b->count == 0)
		b->head = 0;
}

size_t
mux_bytes_memory(const struct mux_bytes *b)
{
	return b->count * MUX_CHUNK + b->cap * sizeof(*b->chunk);
}

void
mux_bytes_finish(struct mux_bytes *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->chunk[b->head + i]);
	free(b->chunk);
	*b = (struct mux_bytes){0};
}
