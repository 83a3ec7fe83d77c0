#ifndef RD_NET_MUX_BYTES_H
#define RD_NET_MUX_BYTES_H

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes of a stream that we send, from the first that is not yet
 * acknowledged to the last written, in chunks that go as they are acknowledged.
 * Zeroed memory is an empty one.
 */
#define MUX_CHUNK 16384

struct mux_bytes {
	uint8_t **chunk;	/* chunk[head] is number `first` */
	size_t head, count, cap;
	uint64_t first;		/* holds from first * MUX_CHUNK on */
	uint64_t end;		/* bytes written since the beginning */
};

/* A copy of them behind the last. */
void mux_bytes_append(struct mux_bytes *b, const uint8_t *data, size_t len);
/* What stands at `offset`, and how much of it lies together: at least one byte. */
const uint8_t *mux_bytes_at(const struct mux_bytes *b, uint64_t offset, size_t *len);
/* What lies before `offset` is not asked for again. */
void mux_bytes_release(struct mux_bytes *b, uint64_t offset);
size_t mux_bytes_memory(const struct mux_bytes *b);
void mux_bytes_finish(struct mux_bytes *b);

#endif
