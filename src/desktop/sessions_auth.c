#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "desktop/sessions_auth.h"

/* An environment or cookie file beyond that is not one. */
#define FILE_MAX ((size_t)1 << 20)
/* Cookie files of one rung. */
#define FILES_MAX 64

struct files {
	struct rd_auth_file *list;
	int count;
};

uint8_t *
rd_auth_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	struct rd_buf b = {0};
	ssize_t n;
	while (b.len < FILE_MAX && (n = read(fd, rd_buf_room(&b, 8192), 8192)) > 0)
		b.len += (size_t)n;
	close(fd);
	*len = b.len;
	return b.data;
}

/* Takes the path. */
static void
add(struct files *f, char *path, bool server)
{
	for (int i = 0; i < f->count; i++) {
		if (strcmp(f->list[i].path, path) == 0) {
			f->list[i].server |= server;
			free(path);
			return;
		}
	}
	if (f->count == FILES_MAX) {
		free(path);
		return;
	}
	f->list = xreallocarray(f->list, (size_t)f->count + 1, sizeof(*f->list));
	f->list[f->count++] = (struct rd_auth_file){path, server};
}

static void
add_default(struct files *f, const struct rd_session_places *p)
{
	if (p->xauthority)
		add(f, xstrdup(p->xauthority), false);
	if (p->home)
		add(f, xasprintf("%s/.Xauthority", p->home), false);
}

static void
add_runtime(struct files *f, const struct rd_session_places *p)
{
	/* gdm; Xwayland under mutter; sddm and Xwayland under kwin */
	static const char *const patterns[] = {"gdm/Xauthority", ".mutter-Xwaylandauth*", "xauth_*"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		char *pattern = xasprintf("%s/%s", p->runtime, patterns[i]);
		glob_t found;
		if (glob(pattern, 0, NULL, &found) == 0) {
			for (size_t k = 0; k < found.gl_pathc; k++)
				add(f, xstrdup(found.gl_pathv[k]), false);
			globfree(&found);
		}
		free(pattern);
	}
}

/* The string after `s` in a block of 0-ended strings; NULL behind the last. */
static const char *
next_string(const char *s, const char *end)
{
	s += strlen(s) + 1;
	return s < end ? s : NULL;
}

/* A block of 0-ended strings out of /proc, with one more 0 at its end. */
static char *
read_strings(const char *path, const char **end)
{
	size_t len;
	char *s = (char *)rd_auth_read(path, &len);
	if (!s)
		return NULL;
	if (len == 0) {
		free(s);
		return NULL;
	}
	s = xrealloc(s, len + 1);
	s[len] = '\0';
	*end = s + len;
	return s;
}

/* A process's path, as seen from its own working directory. */
static char *
path_of(const char *process, const char *path)
{
	return path[0] == '/' ? xstrdup(path) : xasprintf("%s/cwd/%s", process, path);
}

static void
add_environment(struct files *f, const char *process)
{
	static const char name[] = "XAUTHORITY=";
	char *path = xasprintf("%s/environ", process);
	const char *end;
	char *block = read_strings(path, &end);
	for (const char *s = block; s; s = next_string(s, end)) {
		if (strncmp(s, name, sizeof(name) - 1) == 0 && s[sizeof(name) - 1])
			add(f, path_of(process, s + sizeof(name) - 1), false);
	}
	free(block);
	free(path);
}

/* Xorg, Xvfb, Xwayland, Xtigervnc, X … */
static bool
is_server(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');
	return (slash ? slash[1] : argv0[0]) == 'X';
}

static void
add_server(struct files *f, const char *process)
{
	char *path = xasprintf("%s/cmdline", process);
	const char *end;
	char *block = read_strings(path, &end);
	if (block && is_server(block)) {
		for (const char *s = block; s; s = next_string(s, end)) {
			const char *file = strcmp(s, "-auth") == 0 ? next_string(s, end) : NULL;
			if (file && file[0])
				add(f, path_of(process, file), true);
		}
	}
	free(block);
	free(path);
}

static void
add_processes(struct files *f, const struct rd_session_places *p)
{
	DIR *dir = opendir(p->proc);
	if (!dir)
		return;
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		struct stat st;
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		char *process = xasprintf("%s/%s", p->proc, e->d_name);
		if (stat(process, &st) == 0 && st.st_uid == p->uid) {
			add_server(f, process);
			add_environment(f, process);
		}
		free(process);
	}
	closedir(dir);
}

int
rd_auth_files(struct rd_auth_file **list, const struct rd_session_places *p,
	enum rd_auth_rung rung)
{
	struct files f = {0};
	switch (rung) {
	case RD_AUTH_DEFAULT:
		add_default(&f, p);
		break;
	case RD_AUTH_RUNTIME:
		add_runtime(&f, p);
		break;
	default:
		add_processes(&f, p);
	}
	*list = f.list;
	return f.count;
}

void
rd_auth_files_free(struct rd_auth_file *list, int count)
{
	for (int i = 0; i < count; i++)
		free(list[i].path);
	free(list);
}
