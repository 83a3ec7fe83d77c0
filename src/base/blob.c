#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/blob.h"
#include "base/mem.h"

static struct rd_blob *
blob_of(uint8_t *data, size_t size, int fd)
{
	struct rd_blob *b = xcalloc(1, sizeof(*b));
	b->data = data;
	b->size = size;
	b->fd = fd;
	b->refs = 1;
	return b;
}

struct rd_blob *
rd_blob_new(size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	return data ? blob_of(data, size, -1) : NULL;
}

/* Closes fd and keeps the errno that led here. */
static struct rd_blob *
give_up(int fd)
{
	int error = errno;
	close(fd);
	errno = error;
	return NULL;
}

struct rd_blob *
rd_blob_shared(size_t size)
{
	if (size == 0 || size > SIZE_MAX / 2) {
		errno = EINVAL;
		return NULL;
	}
	int fd = memfd_create("rd-blob", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return NULL;
	if (ftruncate(fd, (off_t)size) < 0)
		return give_up(fd);
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return give_up(fd);
	void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		return give_up(fd);
	return blob_of(data, size, fd);
}

static int
check_foreign(int fd, size_t size)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	/* F_GET_SEALS fails on all that is no memfd. */
	int seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0 || !(seals & F_SEAL_SHRINK))
		return -EPROTO;
	if (size == 0 || st.st_size < 0 || size > (uint64_t)st.st_size)
		return -EPROTO;
	return 0;
}

struct rd_blob *
rd_blob_map(int fd, size_t size)
{
	int err = check_foreign(fd, size);
	if (err) {
		errno = -err;
		return give_up(fd);
	}
	void *data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		return give_up(fd);
	return blob_of(data, size, fd);
}

struct rd_blob *
rd_blob_ref(struct rd_blob *b)
{
	b->refs++;
	return b;
}

void
rd_blob_unref(struct rd_blob *b)
{
	if (!b || --b->refs > 0)
		return;
	if (b->release)
		b->release(b, b->arg);
	else
		rd_blob_destroy(b);
}

void
rd_blob_destroy(struct rd_blob *b)
{
	if (b->fd >= 0) {
		munmap(b->data, b->size);
		close(b->fd);
	} else {
		free(b->data);
	}
	free(b);
}
