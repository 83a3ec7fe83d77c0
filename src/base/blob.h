#ifndef RD_BASE_BLOB_H
#define RD_BASE_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Counted bytes: on the heap, or in a memfd that another process can map.
 * Whoever keeps a blob beyond the call that handed it over takes a reference.
 * One thread only.
 */
struct rd_blob {
	uint8_t *data;
	size_t size;
	int fd;	/* the memfd, or -1; owned */
	unsigned refs;
	/*
	 * Called when the last reference goes; the callee then owns the blob
	 * (a pool puts it back, a link sends RELEASE). NULL: it is freed.
	 */
	void (*release)(struct rd_blob *blob, void *arg);
	void *arg;
};

/* Heap bytes, not cleared. NULL and errno when there is no memory. */
struct rd_blob *rd_blob_new(size_t size);
/*
 * A memfd of that size, mapped writable, sealed against shrinking and growing
 * so that a reader can never fault on it. NULL and errno on failure.
 */
struct rd_blob *rd_blob_shared(size_t size);
/*
 * Maps a descriptor a peer sent, read-only, after checking that it is a memfd
 * sealed against shrinking and at least `size` long. Takes the descriptor in
 * every case. NULL and errno: EPROTO when seals or size are wrong.
 */
struct rd_blob *rd_blob_map(int fd, size_t size);
struct rd_blob *rd_blob_ref(struct rd_blob *b);
void rd_blob_unref(struct rd_blob *b);
/* Unmaps, closes and frees, whatever `release` says; refs must be 0. */
void rd_blob_destroy(struct rd_blob *b);

/*
 * At most `max` shared blobs of one size, used over and over: memory that both
 * ends have mapped once costs nothing per frame. Blobs may outlive the pool.
 */
struct rd_blob_pool;
struct rd_blob_pool *rd_blob_pool_new(unsigned max);
/*
 * A blob of at least `size` bytes with one reference, the caller's. NULL with
 * EAGAIN while all are in use, with another errno on failure.
 */
struct rd_blob *rd_blob_pool_get(struct rd_blob_pool *pool, size_t size);
/* All are in use: there would be none. */
bool rd_blob_pool_busy(const struct rd_blob_pool *pool);
void rd_blob_pool_free(struct rd_blob_pool *pool);

#endif
