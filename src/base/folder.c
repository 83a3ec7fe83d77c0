#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/mem.h"

static int
make_one(const char *dir)
{
	struct stat st;
	if (mkdir(dir, 0700) == 0)
		return 0;
	int err = -errno;
	/* Whatever mkdir said: of a folder that is there it may be EROFS or EACCES. */
	if (stat(dir, &st) < 0)
		return err;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

char *
rd_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return xstrdup(".");
	return xasprintf("%.*s", slash == path ? 1 : (int)(slash - path), path);
}

int
rd_folder_make(const char *dir)
{
	char *path = xstrdup(dir);
	int err = 0;
	for (char *c = path + 1; !err && path[0] && *c; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		err = make_one(path);
		*c = '/';
	}
	if (!err)
		err = make_one(path);
	free(path);
	return err;
}

/* Without $HOME (a service's environment), the password file's. */
static const char *
home(void)
{
	const char *dir = getenv("HOME");
	if (dir && dir[0] == '/')
		return dir;
	const struct passwd *pw = getpwuid(geteuid());
	return pw && pw->pw_dir[0] == '/' ? pw->pw_dir : NULL;
}

char *
rd_folder_own(bool make)
{
	char *dir;
	/* The XDG Base Directory Specification ignores a relative one. */
	const char *base = getenv("XDG_CONFIG_HOME");
	if (base && base[0] == '/') {
		dir = xasprintf("%s/rd", base);
	} else if ((base = home())) {
		dir = xasprintf("%s/.config/rd", base);
	} else {
		errno = ENOENT;
		return NULL;
	}
	int err = make ? rd_folder_make(dir) : 0;
	if (!err)
		return dir;
	free(dir);
	errno = -err;
	return NULL;
}

char *
rd_folder_path(const char *name, bool make)
{
	char *dir = rd_folder_own(make);
	if (!dir)
		return NULL;
	char *path = xasprintf("%s/%s", dir, name);
	free(dir);
	return path;
}
