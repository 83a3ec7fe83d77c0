#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/blob.h"

static void
counts_references(void **state)
{
	(void)state;
	struct rd_blob *b = rd_blob_new(16);
	assert_non_null(b);
	assert_int_equal(b->refs, 1);
	assert_int_equal(b->fd, -1);
	memset(b->data, 1, 16);
	assert_ptr_equal(rd_blob_ref(b), b);
	rd_blob_unref(b);
	assert_int_equal(b->refs, 1);
	rd_blob_unref(b);
	rd_blob_unref(NULL);
	rd_blob_unref(rd_blob_new(0));
}

static void
keep(struct rd_blob *b, void *arg)
{
	*(struct rd_blob **)arg = b;
}

static void
release_takes_the_blob(void **state)
{
	(void)state;
	struct rd_blob *kept = NULL, *b = rd_blob_new(16);
	b->release = keep;
	b->arg = &kept;
	rd_blob_unref(b);
	assert_ptr_equal(kept, b);
	assert_int_equal(b->refs, 0);
	rd_blob_destroy(b);
}

static void
shared_bytes_are_seen_by_both(void **state)
{
	(void)state;
	struct rd_blob *mine = rd_blob_shared(5000);
	assert_non_null(mine);
	struct rd_blob *theirs = rd_blob_map(dup(mine->fd), 5000);
	assert_non_null(theirs);
	memcpy(mine->data + 4990, "0123456789", 10);
	assert_memory_equal(theirs->data + 4990, "0123456789", 10);
	assert_int_equal(theirs->size, 5000);
	assert_true(ftruncate(mine->fd, 10) < 0);
	assert_true(ftruncate(mine->fd, 10000) < 0);
	rd_blob_unref(mine);
	assert_memory_equal(theirs->data + 4990, "0123456789", 10);
	rd_blob_unref(theirs);
}

static void
impossible_sizes_fail(void **state)
{
	(void)state;
	assert_null(rd_blob_shared(0));
	assert_int_equal(errno, EINVAL);
	assert_null(rd_blob_shared(SIZE_MAX));
	assert_int_equal(errno, EINVAL);
	assert_null(rd_blob_shared(SIZE_MAX / 2 - 4096));
}

static int
memfd(size_t size, int seals)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void
refused(int fd, size_t size, int error)
{
	errno = 0;
	assert_null(rd_blob_map(fd, size));
	assert_int_equal(errno, error);
	assert_int_equal(fcntl(fd, F_GETFD), -1); /* taken in every case */
}

static void
unsafe_descriptors_are_refused(void **state)
{
	(void)state;
	refused(memfd(4096, 0), 4096, EPROTO);
	refused(memfd(4096, F_SEAL_GROW), 4096, EPROTO);
	refused(memfd(4096, F_SEAL_SHRINK), 4097, EPROTO);
	refused(memfd(4096, F_SEAL_SHRINK), 0, EPROTO);
	refused(memfd(4096, F_SEAL_SHRINK), SIZE_MAX, EPROTO);
	refused(memfd(0, F_SEAL_SHRINK), 1, EPROTO);
	refused(open("/proc/self/exe", O_RDONLY), 16, EPROTO);
	refused(open("/dev/zero", O_RDONLY), 16, EPROTO);
	int p[2];
	assert_int_equal(pipe(p), 0);
	refused(p[0], 16, EPROTO);
	close(p[1]);
	refused(-1, 16, EBADF);

	struct rd_blob *b = rd_blob_map(memfd(4096, F_SEAL_SHRINK), 100);
	assert_non_null(b);
	assert_int_equal(b->size, 100);
	rd_blob_unref(b);
}

static void
a_pool_uses_blobs_again(void **state)
{
	(void)state;
	struct rd_blob_pool *pool = rd_blob_pool_new(2);
	struct rd_blob *a = rd_blob_pool_get(pool, 4096);
	struct rd_blob *b = rd_blob_pool_get(pool, 4096);
	assert_non_null(a);
	assert_non_null(b);
	assert_true(a != b && a->fd >= 0);
	assert_true(rd_blob_pool_busy(pool));
	assert_null(rd_blob_pool_get(pool, 4096));
	assert_int_equal(errno, EAGAIN);
	rd_blob_ref(a);
	rd_blob_unref(a);
	assert_null(rd_blob_pool_get(pool, 4096));
	rd_blob_unref(a);
	assert_false(rd_blob_pool_busy(pool));
	struct rd_blob *again = rd_blob_pool_get(pool, 4000);
	assert_ptr_equal(again, a);
	assert_int_equal(again->refs, 1);
	rd_blob_unref(again);
	rd_blob_unref(b);
	rd_blob_pool_free(pool);
	rd_blob_pool_free(NULL);
}

static void
a_pool_follows_a_new_size(void **state)
{
	(void)state;
	struct rd_blob_pool *pool = rd_blob_pool_new(2);
	struct rd_blob *small = rd_blob_pool_get(pool, 4096);
	struct rd_blob *large = rd_blob_pool_get(pool, 1 << 20);
	assert_int_equal(large->size, 1 << 20);
	rd_blob_unref(small); /* too small to come back */
	struct rd_blob *other = rd_blob_pool_get(pool, 1 << 20);
	assert_int_equal(other->size, 1 << 20);
	rd_blob_unref(other);
	rd_blob_unref(large);
	/* Neither is a large one kept for small pictures. */
	small = rd_blob_pool_get(pool, 4096);
	assert_int_equal(small->size, 4096);
	rd_blob_unref(small);
	rd_blob_pool_free(pool);
}

static void
blobs_outlive_their_pool(void **state)
{
	(void)state;
	struct rd_blob_pool *pool = rd_blob_pool_new(3);
	struct rd_blob *a = rd_blob_pool_get(pool, 4096);
	struct rd_blob *b = rd_blob_pool_get(pool, 4096);
	rd_blob_unref(rd_blob_pool_get(pool, 4096));
	rd_blob_pool_free(pool);
	a->data[0] = b->data[4095] = 1;
	rd_blob_unref(a);
	rd_blob_unref(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_references),
		cmocka_unit_test(release_takes_the_blob),
		cmocka_unit_test(shared_bytes_are_seen_by_both),
		cmocka_unit_test(impossible_sizes_fail),
		cmocka_unit_test(unsafe_descriptors_are_refused),
		cmocka_unit_test(a_pool_uses_blobs_again),
		cmocka_unit_test(a_pool_follows_a_new_size),
		cmocka_unit_test(blobs_outlive_their_pool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
