#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"
#include "config/file.h"

struct loading {
	struct rd_config *config;
	rd_config_report *report;
	void *ctx;
	int err;
};

/* One file on its way in, and which included it. */
struct chain {
	const struct chain *up;
	struct stat st;
	unsigned depth;
};

char *
rd_config_place(const struct rd_config_file *f, const struct rd_yaml *at)
{
	return rd_yaml_place(f->path, at);
}

char *
rd_config_home(const char *path)
{
	const char *home = getenv("HOME");
	if (strncmp(path, "~/", 2) != 0 || !home || home[0] != '/')
		return xstrdup(path);
	return xasprintf("%s%s", home, path + 1);
}

static void
fail(struct loading *l, char *line)
{
	l->err = -EINVAL;
	l->report(l->ctx, line);
}

static void
fail_at(struct loading *l, const struct rd_config_file *f, const struct rd_yaml *at, char *what)
{
	char *place = rd_config_place(f, at);
	fail(l, xasprintf("%s: include: %s", place, what));
	free(place);
	free(what);
}

/* "other.yaml" is beside the file that names it. */
static char *
path_beside(const char *file, const char *named)
{
	char *path = rd_config_home(named);
	const char *slash = strrchr(file, '/');
	if (path[0] == '/' || !slash)
		return path;
	char *whole = xasprintf("%.*s/%s", (int)(slash - file), file, path);
	free(path);
	return whole;
}

static bool
in_chain(const struct chain *c, const struct stat *st)
{
	for (; c; c = c->up)
		if (c->st.st_dev == st->st_dev && c->st.st_ino == st->st_ino)
			return true;
	return false;
}

static int load(struct loading *l, const char *path, const struct chain *up,
	const struct rd_config_file *from, const struct rd_yaml *at);

static void
include_one(struct loading *l, const struct rd_config_file *f, const struct chain *c,
	const struct rd_yaml *at)
{
	if (at->kind != RD_YAML_TEXT) {
		fail_at(l, f, at, xstrdup("a file's name belongs here"));
		return;
	}
	char *path = path_beside(f->path, at->text);
	load(l, path, c, f, at);
	free(path);
}

/* The last one first: what stands before wins. */
static void
include_all(struct loading *l, const struct rd_config_file *f, const struct chain *c)
{
	const struct rd_yaml *list = rd_yaml_get(f->yaml.root, "include");
	if (!list || list->kind == RD_YAML_NULL)
		return;
	if (list->kind != RD_YAML_LIST)
		include_one(l, f, c, list);
	else
		for (size_t i = list->count; i-- > 0;)
			include_one(l, f, c, list->items[i]);
}

/* Why a file cannot be read, at the place that names it. */
static void
fail_read(struct loading *l, const char *path, int err, const struct rd_config_file *from,
	const struct rd_yaml *at)
{
	char *why = rd_private_why(path, err);
	if (from)
		fail_at(l, from, at, why);
	else
		fail(l, why);
}

static int
read_one(struct loading *l, const char *path, const struct rd_config_file *from,
	const struct rd_yaml *at, struct rd_config_file **out)
{
	char *text, *error;
	size_t len;
	int err = rd_private_read(path, RD_PRIVATE_TRUSTED, &text, &len);
	if (err == -ENOENT && !from)
		return err;
	if (err) {
		fail_read(l, path, err, from, at);
		return err;
	}
	struct rd_config_file *f = *out = &l->config->files[l->config->count++];
	f->path = xstrdup(path);
	err = rd_yaml_read(&f->yaml, f->path, text, len, &error);
	rd_private_free(text, len);
	if (err)
		fail(l, error);
	return err;
}

static int
load(struct loading *l, const char *path, const struct chain *up, const struct rd_config_file *from,
	const struct rd_yaml *at)
{
	struct chain c = {.up = up, .depth = up ? up->depth + 1 : 0};
	struct rd_config_file *f = NULL;
	if (from && stat(path, &c.st) == 0 && in_chain(up, &c.st)) {
		fail_at(l, from, at, xstrdup("this file includes itself that way"));
		return -EINVAL;
	}
	bool many = c.depth > RD_CONFIG_INCLUDE_MAX || l->config->count == RD_CONFIG_FILES_MAX;
	if (from && many) {
		fail_at(l, from, at, xasprintf("more than %d files, or %d in a row, are not taken",
			RD_CONFIG_FILES_MAX, RD_CONFIG_INCLUDE_MAX));
		return -EINVAL;
	}
	if (!from && stat(path, &c.st) < 0 && errno != ENOENT) {
		fail_read(l, path, -errno, NULL, NULL);
		return -EINVAL;
	}
	int err = read_one(l, path, from, at, &f);
	if (!err)
		include_all(l, f, &c);
	return err;
}

int
rd_config_load(struct rd_config *c, const char *path, rd_config_report *report, void *ctx)
{
	struct loading l = {.config = c, .report = report, .ctx = ctx};
	*c = (struct rd_config){0};
	int err = load(&l, path, NULL, NULL, NULL);
	return err == -ENOENT && !l.err ? err : l.err;
}

void
rd_config_finish(struct rd_config *c)
{
	for (size_t i = 0; i < c->count; i++) {
		rd_yaml_finish(&c->files[i].yaml);
		free(c->files[i].path);
	}
	*c = (struct rd_config){0};
}
