#ifndef RD_CONFIG_NAMES_H
#define RD_CONFIG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The names of all tools and of their options, so that each of them knows a key
 * of another from a slip. Made from the option tables by `make completions`
 * (names.inc); the tests hold it against them.
 */
struct rd_config_tool {
	const char *name;
	const char *options;	/* with a blank between; '!' before what no configuration sets */
};
extern const struct rd_config_tool rd_config_tools[];	/* ends with a NULL name */

const struct rd_config_tool *rd_config_tool(const char *name);

enum rd_config_has { RD_CONFIG_NO, RD_CONFIG_YES, RD_CONFIG_COMMAND_ONLY };
/* Whether that tool has an option that a configuration sets. */
enum rd_config_has rd_config_has(const struct rd_config_tool *t, const char *option);
/* The first of all tools that has; NULL: none. */
const struct rd_config_tool *rd_config_who_has(const char *option);

/* Likeliest names; the caller frees. NULL: there is none. */
char *rd_config_nearest_option(const struct rd_config_tool *t, const char *text);	/* t NULL: of all */
char *rd_config_nearest_tool(const char *text);

#endif
