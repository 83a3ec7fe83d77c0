#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/mem.h"
#include "config/config_priv.h"

static bool
is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
is_yaml(const char *path)
{
	struct stat st;
	const char *dot = strrchr(path, '.');
	bool named = dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
	return named || (stat(path, &st) == 0 && !S_ISDIR(st.st_mode));
}

/* For the tools that this one starts, wherever they are started. */
static void
hand_on(const char *path)
{
	char whole[PATH_MAX];
	setenv("RD_CONFIG", realpath(path, whole) ? whole : path, 1);
}

/* The file in a folder, or the file itself; *must: it is to be there. */
static char *
file_of(const char *path, bool *must)
{
	*must = !is_folder(path);
	return *must ? xstrdup(path) : xasprintf("%s/config.yaml", path);
}

/*
 * --config names a file; or a folder, with config.yaml and, for tools that have
 * keys, with them. Theirs is an option of their own that knows folders only.
 */
static char *
given_path(struct rd_opt_word *word, bool *must)
{
	char *path = file_of(word->text, must);
	/* A folder of keys that is not there may be made. */
	bool own = strcmp(word->opt->metavar, "DIR") == 0;
	if (own && *must && !is_yaml(word->text)) {
		free(path);
		*must = false;
		setenv("RD_CONFIG", "", 1);
		return NULL;
	}
	hand_on(word->text);
	if (own && *must)
		word->text = NULL;
	return path;
}

char *
rd_config_where(const struct rd_config_asked *asked, const struct rd_opt_given *g, bool *must)
{
	struct rd_opt_word *word = rd_config_word(g, "config");
	const char *environment = getenv("RD_CONFIG");
	*must = false;
	char *path = word ? given_path(word, must) : NULL;
	if (asked->none) {
		free(path);
		setenv("RD_CONFIG", "", 1);
		return NULL;
	}
	if (word)
		return path;
	if (environment)
		return *environment ? file_of(environment, must) : NULL;
	return rd_folder_path("config.yaml", false);
}
