#ifndef RD_RELAY_CONFIG_H
#define RD_RELAY_CONFIG_H

#include <stddef.h>

#include "base/opt.h"

/*
 * The configuration file: one mapping (config/yaml.h) whose keys are names of
 * options, and under `limits` a second one. Values are single ones, or lists of
 * them where an option takes several; ~ is what is built in.
 */
struct config_table {
	const struct rd_opt *opts;	/* at most CONFIG_KEYS */
	const struct rd_opt *limits;
	const char *const *command_only; /* options that no file sets; ends with NULL */
};
#define CONFIG_KEYS 64

/* Texts that options borrow, and where in the file they begin. Zeroed: empty. */
struct config {
	struct config_text { char *text; unsigned line, column; } *texts;
	size_t count;
};

/*
 * Sets the options of a file of that name. 0, or -EINVAL with a line for people
 * in *error, to free: "FILE:line:column: what is wrong". What was set before the
 * mistake stays set.
 */
int config_parse(struct config *c, const struct config_table *t, const char *name,
	const char *text, size_t len, char **error);
/*
 * "FILE:line:column" of a value that an option has borrowed from it, for mistakes
 * that are found later; to free. NULL: that text is from elsewhere.
 */
char *config_place(const struct config *c, const char *name, const char *text);
/* The options it has set are worth nothing after that. */
void config_finish(struct config *c);

#endif
