#ifndef RD_CONFIG_CONFIG_PRIV_H
#define RD_CONFIG_CONFIG_PRIV_H

#include "base/opt.h"
#include "config/file.h"
#include "config/scopes.h"

/* What config.c shares with those that show and check; nobody else includes this. */

/* The options that every tool has for its configuration, as given. */
struct rd_config_asked {
	struct rd_opt_layer layer;
	const char *path, *profile; /* --config and --profile: their words are looked at */
	bool none;		/* --no-config */
	int task;		/* enum rd_config_task; -1: to work */
	struct rd_config_scopes scopes;
	char *profiles;		/* holds the names of those above */
};

/* What rd-ctl asks of a tool, and completion: --configuration, hidden. */
enum rd_config_task {
	RD_CONFIG_CHECK,	/* every mistake, a line each */
	RD_CONFIG_SHOW,		/* every option: name, value, from where; tabs between */
	RD_CONFIG_HOSTS,	/* names */
	RD_CONFIG_PROFILES,
};

/*
 * Which file is to be read, to free; NULL: none. *must: it is to be there. Puts
 * aside the word of the command line that is no folder of keys, and tells the
 * environment of those that the tool starts.
 */
char *rd_config_where(const struct rd_config_asked *asked, const struct rd_opt_given *g,
	bool *must);

/* These print on stdout. */
void rd_config_print_mistakes(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts);
void rd_config_print_values(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts);
void rd_config_print_names(const struct rd_config *c, const char *section);

/* Holds a text as long as the program lives, as the command line is held. */
const char *rd_config_keep(char *text);
/* The value that counts for an option that no word gives. False: what is built in, or the environment's. */
bool rd_config_counts(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts, const struct rd_opt *o, struct rd_config_value *v);
/* The last word of that option on the command line; NULL: none. */
struct rd_opt_word *rd_config_word(const struct rd_opt_given *g, const char *name);
/* Whether a configuration may set that option at all. */
bool rd_config_sets(const struct rd_opt *o);
/* Sets it: 0, or -EINVAL with a line for people in *error, to free. */
int rd_config_set(const struct rd_opt *opts, const struct rd_opt *o,
	const struct rd_config_file *f, const struct rd_yaml *value, char **error);
/* The value as it would stand on the command line, a list with commas; the caller frees. */
char *rd_config_text(const struct rd_yaml *value);
/* The variable that says it instead, if it is set and counts before that rank; else NULL. */
const char *rd_config_environment(const struct rd_opt *o, int rank);

#endif
