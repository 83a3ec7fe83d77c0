#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "control/sweep.h"

/* A folder of more is no folder of ours. */
#define FILES_MAX 4096
/* One that has not got its name after so long never will. */
#define EARLY_S 60

int
rd_control_connect(const struct rd_control_folder *f, const char *file)
{
	struct sockaddr_un sun;
	rd_control_address(&sun, f, file);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	int err = -errno;
	close(fd);
	return err;
}

void
rd_control_remove_dead(const struct rd_control_folder *f, const char *file)
{
	struct stat st;
	if (fstatat(f->fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(st.st_mode))
		unlinkat(f->fd, file, 0);
}

bool
rd_control_is_alive(const struct rd_control_folder *f, const char *file)
{
	int fd = rd_control_connect(f, file);
	if (fd >= 0)
		close(fd);
	if (fd == -ECONNREFUSED)
		rd_control_remove_dead(f, file);
	/* Who lacks descriptors does not know. */
	return fd >= 0 || fd == -EAGAIN || fd == -EMFILE;
}

int
rd_control_each(const struct rd_control_folder *f,
	void (*each)(void *ctx, const struct rd_control_folder *f, const char *file), void *ctx)
{
	int copy = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *e;
	if (!dir) {
		int err = -errno;
		if (copy >= 0)
			close(copy);
		return err;
	}
	for (int n = 0; n < FILES_MAX && (e = readdir(dir)); n++)
		if (strlen(e->d_name) <= RD_CONTROL_FILE)
			each(ctx, f, e->d_name);
	closedir(dir);
	return 0;
}

static bool
is_old(const struct rd_control_folder *f, const char *file)
{
	struct stat st;
	return fstatat(f->fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(st.st_mode) &&
		time(NULL) - st.st_mtime > EARLY_S;
}

/* A number can be another program's by now: then it is left to who lists. */
static void
look(void *ctx, const struct rd_control_folder *f, const char *file)
{
	char name[RD_CONTROL_NAME + 1], tool[RD_CONTROL_TOOL + 1];
	bool early = file[0] == '.';
	pid_t pid;
	(void)ctx;
	if (!rd_control_file_parse(file + early, name, tool, &pid) || (early && !is_old(f, file)))
		return;
	if (kill(pid, 0) < 0 && errno == ESRCH)
		rd_control_is_alive(f, file);
}

void
rd_control_sweep(const struct rd_control_folder *f)
{
	rd_control_each(f, look, NULL);
}
