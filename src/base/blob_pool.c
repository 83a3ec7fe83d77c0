#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/blob.h"
#include "base/mem.h"

/*
 * Lives until it was freed and every blob is back. Idle blobs are a stack: the
 * one used last is the one the caches still know.
 */
struct rd_blob_pool {
	struct rd_blob **idle;
	unsigned idle_count;
	unsigned out;	/* handed out, not yet back */
	unsigned max;
	size_t size;	/* of the last request */
	bool freed;
};

struct rd_blob_pool *
rd_blob_pool_new(unsigned max)
{
	assert(max > 0);
	struct rd_blob_pool *pool = xcalloc(1, sizeof(*pool));
	pool->idle = xcalloc(max, sizeof(*pool->idle));
	pool->max = max;
	return pool;
}

/* Whether b is worth keeping: large enough, and not twice too large. */
static bool
fits(const struct rd_blob_pool *pool, const struct rd_blob *b)
{
	return b->size >= pool->size && b->size / 2 <= pool->size;
}

static void
end_if_done(struct rd_blob_pool *pool)
{
	if (!pool->freed || pool->out > 0)
		return;
	free(pool->idle);
	free(pool);
}

static void
come_back(struct rd_blob *b, void *arg)
{
	struct rd_blob_pool *pool = arg;
	assert(pool->out > 0);
	pool->out--;
	if (pool->freed || !fits(pool, b))
		rd_blob_destroy(b);
	else
		pool->idle[pool->idle_count++] = b;
	end_if_done(pool);
}

/* An idle blob that fits; those that do not are let go. NULL: none. */
static struct rd_blob *
take_idle(struct rd_blob_pool *pool)
{
	while (pool->idle_count > 0) {
		struct rd_blob *b = pool->idle[--pool->idle_count];
		if (fits(pool, b))
			return b;
		rd_blob_destroy(b);
	}
	return NULL;
}

bool
rd_blob_pool_busy(const struct rd_blob_pool *pool)
{
	return pool->out == pool->max;
}

struct rd_blob *
rd_blob_pool_get(struct rd_blob_pool *pool, size_t size)
{
	pool->size = size;
	if (rd_blob_pool_busy(pool)) {
		errno = EAGAIN;
		return NULL;
	}
	struct rd_blob *b = take_idle(pool);
	if (!b) {
		b = rd_blob_shared(size);
		if (!b)
			return NULL;
		b->release = come_back;
		b->arg = pool;
	}
	b->refs = 1;
	pool->out++;
	return b;
}

void
rd_blob_pool_free(struct rd_blob_pool *pool)
{
	if (!pool)
		return;
	while (pool->idle_count > 0)
		rd_blob_destroy(pool->idle[--pool->idle_count]);
	pool->freed = true;
	end_if_done(pool);
}
