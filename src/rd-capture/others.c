#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "rd-capture/others.h"

/* Of ":0.1" the screen makes no other display. */
static size_t
without_screen(const char *display)
{
	const char *colon = strrchr(display, ':');
	return colon ? (size_t)(colon - display) + strcspn(colon, ".") : strlen(display);
}

static char *
path_of(const char *display)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	if (!display)
		display = getenv("DISPLAY");
	if (!run || run[0] != '/' || !display)
		return NULL;
	char *name = xasprintf("%.*s", (int)without_screen(display), display);
	for (char *p = name; *p; p++)
		*p = *p == '/' ? '_' : *p;
	char *path = xasprintf("%s/rd-controls-%s", run, name);
	free(name);
	return path;
}

/* What others may open they may lock, and then nobody would be the last. */
static bool
is_ours(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		!(st.st_mode & (S_IRWXG | S_IRWXO));
}

int
others_open(const char *display)
{
	char *path = path_of(display);
	if (!path)
		return -1;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0 || !is_ours(fd)) {
		rd_debug("%s cannot be used: nobody knows here who else controls this display", path);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

/* It is not to be had for the moment in which another asks. */
bool
others_join(int fd)
{
	return fd < 0 || flock(fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* Ours is given up first: two that left at once, each with its own, would each see the other's. */
bool
others_none_after(int fd)
{
	if (fd < 0)
		return true;
	flock(fd, LOCK_UN);
	bool none = flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
	flock(fd, LOCK_UN);
	return none;
}
