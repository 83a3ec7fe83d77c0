#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/loop_hangup.h"

int
hangups_open(struct hangups *h)
{
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	return h->epoll < 0 ? -errno : 0;
}

void
hangups_close(struct hangups *h)
{
	if (h->epoll >= 0)
		close(h->epoll);
	h->epoll = -1;
}

int
hangups_accepts(struct hangups *h, int fd)
{
	struct epoll_event ev = {.events = EPOLLONESHOT};
	if (epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
		return errno == EEXIST ? 0 : -errno;
	epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, &ev);
	return 0;
}

int
hangups_add(struct hangups *h, struct rd_fd *w)
{
	/* EPOLLERR and EPOLLHUP come unasked. */
	struct epoll_event ev = {.events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = w};
	return epoll_ctl(h->epoll, EPOLL_CTL_ADD, w->fd, &ev) < 0 ? -errno : 0;
}

void
hangups_remove(struct hangups *h, struct rd_fd *w)
{
	struct epoll_event ev = {0};
	epoll_ctl(h->epoll, EPOLL_CTL_DEL, w->fd, &ev);
}

struct rd_fd *
hangups_take(struct hangups *h)
{
	struct epoll_event ev;
	return epoll_wait(h->epoll, &ev, 1, 0) == 1 ? ev.data.ptr : NULL;
}
