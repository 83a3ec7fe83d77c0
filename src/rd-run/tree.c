#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "rd-run/tree.h"

struct table {
	struct tree_stat *row;
	size_t count, room;
};

bool
tree_parse(struct tree_stat *st, const char *line)
{
	/* The name may hold anything, parentheses too: the last one ends it. */
	const char *open = strchr(line, '('), *close = strrchr(line, ')');
	if (!open || !close || close < open)
		return false;
	size_t len = (size_t)(close - open - 1);
	len = len < sizeof(st->name) ? len : sizeof(st->name) - 1;
	memcpy(st->name, open + 1, len);
	st->name[len] = '\0';
	return sscanf(line, "%d (", &st->pid) == 1 &&
		sscanf(close + 1, " %c %d %d", &st->state, &st->parent, &st->group) == 3;
}

/* One that is gone meanwhile is none. */
static bool
read_one(struct tree_stat *st, int proc, const char *number)
{
	char path[64], line[512];
	snprintf(path, sizeof(path), "%.20s/stat", number);
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n <= 0)
		return false;
	line[n] = '\0';
	return tree_parse(st, line);
}

static struct table
read_all(void)
{
	struct table t = {0};
	DIR *proc = opendir("/proc");
	struct dirent *e;
	while (proc && (e = readdir(proc))) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		if (t.count == t.room) {
			t.room = t.room ? t.room * 2 : 256;
			t.row = xreallocarray(t.row, t.room, sizeof(*t.row));
		}
		t.count += read_one(&t.row[t.count], dirfd(proc), e->d_name);
	}
	if (proc)
		closedir(proc);
	return t;
}

static bool
spared(const struct tree_ask *ask, pid_t pid)
{
	for (int i = 0; i < TREE_SPARED; i++)
		if (ask->spared[i] == pid)
			return true;
	return false;
}

/* Of `parent` and below; depth is bounded by what a kernel lets one fork. */
static size_t
signal_below(const struct table *t, pid_t parent, const struct tree_ask *ask, int sig)
{
	size_t met = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct tree_stat *st = &t->row[i];
		if (st->parent != parent || st->pid == parent || st->state == 'Z' || st->state == 'X')
			continue;
		bool keeper = !ask->keepers && strcmp(st->name, TREE_KEEPER) == 0;
		if (keeper)
			met += !ask->group;
		if (keeper || spared(ask, st->pid))
			continue;
		/* What it starts is looked at first: once it is dead these are ours. */
		met += signal_below(t, st->pid, ask, sig);
		if (ask->group && st->group != ask->group)
			continue;
		if (sig)
			kill(st->pid, sig);
		met++;
	}
	return met;
}

size_t
tree_signal(const struct tree_ask *ask, int sig)
{
	struct table t = read_all();
	size_t met = signal_below(&t, getpid(), ask, sig);
	free(t.row);
	return met;
}

size_t
tree_signal_children(const struct tree_ask *ask, int sig)
{
	char text[4096], *at = text, *end;
	size_t met = 0;
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	/* Not every kernel is built with it. */
	if (n < 0)
		return tree_signal(ask, sig);
	text[n] = '\0';
	/* A blank follows each number: one without was cut, and is another one's. */
	for (pid_t pid; (pid = (pid_t)strtol(at, &end, 10)) > 0 && *end == ' '; at = end) {
		if (spared(ask, pid))
			continue;
		if (sig)
			kill(pid, sig);
		met++;
	}
	return met;
}
