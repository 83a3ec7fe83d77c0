#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "desktop/x11_stage.h"

int
rd_x11_attach_fd(const struct rd_x11 *x, xcb_shm_seg_t seg, int fd)
{
	/* xcb closes what it has sent. */
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0)
		return -errno;
	xcb_shm_attach_fd(x->conn, seg, copy, 0);
	return 0;
}

static int
make_shared(struct rd_x11_stage *s, const struct rd_x11 *x, size_t size)
{
	struct rd_blob *blob = rd_blob_shared(size);
	if (!blob)
		return -errno;
	*s = (struct rd_x11_stage){blob->data, size, xcb_generate_id(x->conn), blob};
	int err = rd_x11_attach_fd(x, s->seg, blob->fd);
	if (err) {
		rd_blob_unref(blob);
		*s = (struct rd_x11_stage){0};
	}
	return err;
}

/*
 * Whether the server attached *this* segment: a server on the other side of a
 * container's wall may have another one by the same number.
 */
static bool
attached_by_both(int id)
{
	struct shmid_ds ds;
	return shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_nattch >= 2;
}

static int
attach_sysv(struct rd_x11_stage *s, const struct rd_x11 *x, int id)
{
	xcb_void_cookie_t cookie = xcb_shm_attach_checked(x->conn, s->seg, (uint32_t)id, 0);
	xcb_generic_error_t *e = xcb_request_check(x->conn, cookie);
	bool ok = !e && attached_by_both(id);
	free(e);
	return ok ? 0 : -EACCES;
}

static int
make_sysv(struct rd_x11_stage *s, const struct rd_x11 *x, size_t size)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
	if (id < 0)
		return -errno;
	void *data = shmat(id, NULL, 0);
	int err = data == (void *)-1 ? -errno : 0;
	if (!err) {
		*s = (struct rd_x11_stage){data, size, xcb_generate_id(x->conn), NULL};
		err = attach_sysv(s, x, id);
		if (err) {
			shmdt(data);
			*s = (struct rd_x11_stage){0};
		}
	}
	/* It lives on while it is attached, and not a moment longer. */
	shmctl(id, IPC_RMID, NULL);
	return err;
}

int
rd_x11_stage_ensure(struct rd_x11_stage *s, const struct rd_x11 *x, bool sysv, size_t size)
{
	if (s->data && s->size >= size && sysv == !s->blob)
		return 0;
	rd_x11_stage_drop(s, x);
	return sysv ? make_sysv(s, x, size) : make_shared(s, x, size);
}

void
rd_x11_stage_drop(struct rd_x11_stage *s, const struct rd_x11 *x)
{
	if (!s->data)
		return;
	xcb_shm_detach(x->conn, s->seg);
	if (s->blob)
		rd_blob_unref(s->blob);
	else
		shmdt(s->data);
	*s = (struct rd_x11_stage){0};
}
