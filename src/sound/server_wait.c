#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "sound/server_path.h"
#include "sound/server_wait.h"

static void
on_ready(void *ctx, unsigned events)
{
	struct server_wait *w = ctx;
	char buf[4096];
	(void)events;
	while (read(w->fd, buf, sizeof(buf)) > 0)
		;
	w->appeared(w->ctx);
}

int
server_wait_begin(struct server_wait *w, struct rd_loop *loop, void (*appeared)(void *ctx),
	void *ctx)
{
	char path[PATH_MAX];
	if (!rd_sound_server_path(path))
		return -ENOENT;
	*w = (struct server_wait){.appeared = appeared, .ctx = ctx};
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->fd < 0)
		return -errno;
	/* Its folder may not be there yet, or be another one later. */
	char *folder = dirname(path);
	int watched = inotify_add_watch(w->fd, folder, IN_CREATE | IN_MOVED_TO | IN_ATTRIB) >= 0;
	watched += inotify_add_watch(w->fd, dirname(folder), IN_CREATE | IN_MOVED_TO) >= 0;
	int err = watched ? rd_fd_open(&w->watch, loop, w->fd, on_ready, w) : -ENOENT;
	if (err)
		server_wait_end(w);
	else
		rd_fd_want(&w->watch, RD_READ);
	return err;
}

void
server_wait_end(struct server_wait *w)
{
	rd_fd_close(&w->watch);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}
