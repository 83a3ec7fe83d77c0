#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "control/folder.h"

#define FALLBACK "/tmp/rd-"

static bool
is_own_folder(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/* 0, or -ENAMETOOLONG. */
static int
choose(char *out, size_t cap)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char usual[64];
	int n;
	snprintf(usual, sizeof(usual), "/run/user/%u", (unsigned)geteuid());
	if (run && run[0] == '/')
		n = snprintf(out, cap, "%s/rd", run);
	else if (is_own_folder(usual))
		n = snprintf(out, cap, "%s/rd", usual);
	else
		n = snprintf(out, cap, FALLBACK "%u", (unsigned)geteuid());
	return n < 0 || (size_t)n >= cap ? -ENAMETOOLONG : 0;
}

/* What is open is looked at, not what the name stands for a moment later. */
static const char *
what_is_wrong(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (st.st_uid != geteuid())
		return "it belongs to another user";
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return "others may enter it (chmod 700 it)";
	return NULL;
}

static int
fail(struct rd_control_folder *f, int err, char **why, const char *what)
{
	*why = xasprintf("%s: %s", f->path, what);
	rd_control_folder_close(f);
	return err;
}

int
rd_control_folder_open(struct rd_control_folder *f, bool make, char **why)
{
	*f = (struct rd_control_folder){.fd = -1};
	*why = NULL;
	int err = choose(f->path, sizeof(f->path));
	if (err)
		return fail(f, err, why, strerror(-err));
	if (make && mkdir(f->path, 0700) < 0 && errno != EEXIST)
		return fail(f, -errno, why, strerror(errno));
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (f->fd < 0)
		return fail(f, -errno, why, errno == ELOOP || errno == ENOTDIR
			? "it is no folder of its own, or a symbolic link" : strerror(errno));
	const char *wrong = what_is_wrong(f->fd);
	return wrong ? fail(f, -EPERM, why, wrong) : 0;
}

void
rd_control_folder_close(struct rd_control_folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void
rd_control_folder_tidy(const struct rd_control_folder *f)
{
	char fallback[64];
	snprintf(fallback, sizeof(fallback), FALLBACK "%u", (unsigned)geteuid());
	if (strcmp(f->path, fallback) == 0)
		rmdir(f->path);
}

/* --- names --- */

/* Names are in whatever script people write; what is left out is ASCII's. */
static bool
is_plain(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		c >= 0x80 || (c && strchr("._-+@:,=", c));
}

/* How many bytes of a name have room, cut between characters. */
static size_t
fitting(const char *name)
{
	size_t room = RD_CONTROL_NAME, n = 0, whole = 0;
	for (; name[n]; n++) {
		unsigned char c = (unsigned char)name[n];
		size_t needs = is_plain(c) && (n > 0 || c != '.') ? 1 : 3;
		if ((c & 0xc0) != 0x80)
			whole = n;
		if (needs > room)
			return whole;
		room -= needs;
	}
	return n;
}

void
rd_control_file_name(char out[static RD_CONTROL_FILE], const char *name, const char *tool, pid_t pid)
{
	char *at = out;
	size_t n = fitting(name);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];
		/* A file that begins with a point is not there yet. */
		bool plain = is_plain(c) && (i > 0 || c != '.');
		at += sprintf(at, plain ? "%c" : "%%%02X", c);
	}
	snprintf(at, (size_t)(out + RD_CONTROL_FILE - at), ".%.*s.%ld", RD_CONTROL_TOOL, tool,
		(long)pid);
}

static bool
unescape(const char *text, size_t len, char *out, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned value = (unsigned char)text[i];
		char hex[3] = {0};
		if (value == '%') {
			if (i + 2 >= len)
				return false;
			memcpy(hex, text + i + 1, 2);
			if (strspn(hex, "0123456789ABCDEF") != 2)
				return false;
			value = (unsigned)strtoul(hex, NULL, 16);
			i += 2;
		}
		if (value == 0 || n + 1 >= cap)
			return false;
		out[n++] = (char)value;
	}
	out[n] = 0;
	return n > 0;
}

bool
rd_control_file_parse(const char *file, char name[static RD_CONTROL_NAME + 1],
	char tool[static RD_CONTROL_TOOL + 1], pid_t *pid)
{
	const char *last = strrchr(file, '.'), *before = last;
	char *end;
	if (file[0] == '.' || !last || last == file)
		return false;
	while (before > file && *--before != '.')
		;
	size_t len = (size_t)(last - before);
	if (before == file || len < 2 || len - 1 > RD_CONTROL_TOOL)
		return false;
	snprintf(tool, RD_CONTROL_TOOL + 1, "%.*s", (int)len - 1, before + 1);
	errno = 0;
	long number = strtol(last + 1, &end, 10);
	if (errno || *end || last[1] < '1' || last[1] > '9' || number > 0x7fffffff)
		return false;
	*pid = (pid_t)number;
	return unescape(file, (size_t)(before - file), name, RD_CONTROL_NAME + 1);
}

void
rd_control_address(struct sockaddr_un *out, const struct rd_control_folder *f, const char *file)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	/* sun_path has 108 bytes, and $XDG_RUNTIME_DIR may have more. */
	size_t cap = sizeof(out->sun_path), n = strlen(f->path), m = strlen(file);
	if (n + 1 + m < cap) {
		memcpy(out->sun_path, f->path, n);
		out->sun_path[n] = '/';
		memcpy(out->sun_path + n + 1, file, m);
		return;
	}
	snprintf(out->sun_path, cap, "/proc/self/fd/%d/%.*s", f->fd & 0xffff, RD_CONTROL_FILE, file);
}
