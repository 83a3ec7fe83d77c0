#ifndef RD_CONFIG_FILE_H
#define RD_CONFIG_FILE_H

#include <stddef.h>

#include "config/yaml.h"

/*
 * config.yaml and what it includes, rd-config(5). Each file is the user's own or
 * root's and nobody else may write it: what is in it names commands.
 */
#define RD_CONFIG_FILES_MAX 16
#define RD_CONFIG_INCLUDE_MAX 8	/* files that include one another in a row */

struct rd_config_file {
	struct rd_yaml_file yaml;
	char *path;
};

/* Zeroed: nothing is configured. */
struct rd_config {
	/* What stands before wins: a file is before those it includes, a later include before an earlier. */
	struct rd_config_file files[RD_CONFIG_FILES_MAX];
	size_t count;
};

/* What is wrong, "FILE:line:column: …" or "FILE: …"; takes `line`. */
typedef void rd_config_report(void *ctx, char *line);

/*
 * Reads a file and those it includes. What cannot be read is reported, once
 * each; -ENOENT where the first is not there, which is not. 0; -EINVAL after a
 * report. rd_config_finish in any case.
 */
int rd_config_load(struct rd_config *c, const char *path, rd_config_report *report, void *ctx);
void rd_config_finish(struct rd_config *c);

/* "FILE:line:column" of a node of one of its files; the caller frees. */
char *rd_config_place(const struct rd_config_file *f, const struct rd_yaml *at);
/* "~/x" is x in the home folder, if there is one; anything else is itself. The caller frees. */
char *rd_config_home(const char *path);

#endif
