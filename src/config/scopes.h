#ifndef RD_CONFIG_SCOPES_H
#define RD_CONFIG_SCOPES_H

#include <stdbool.h>

#include "config/file.h"

#define RD_CONFIG_PROFILES_MAX 16

/* Whose values are asked for. */
struct rd_config_scopes {
	const char *tool;	/* "rd-send" */
	const char *as;		/* "rd-share", whose section counts before that; or NULL */
	const char *profiles[RD_CONFIG_PROFILES_MAX]; /* the last one counts first */
	size_t profile_count;
	const char *host;	/* NULL: none that is configured */
};

/* Where a value is from: the lower, the more it counts. The command line is before all. */
enum rd_config_rank {
	RD_CONFIG_OF_PROFILE,	/* several: of the last one */
	RD_CONFIG_OF_HOST = RD_CONFIG_PROFILES_MAX,
	RD_CONFIG_OF_TOOL,
	RD_CONFIG_OF_ALL,	/* defaults */
};

struct rd_config_value {
	const struct rd_yaml *node;
	const struct rd_config_file *file;
	int rank;		/* enum rd_config_rank, or one between */
	const char *section;	/* "profiles", "hosts", NULL */
	const char *name;	/* "ci", "rd-view", "defaults" */
};

/* The value that counts for an option: ~ is one. False: there is none. */
bool rd_config_find(const struct rd_config *c, const struct rd_config_scopes *s,
	const char *option, struct rd_config_value *out);
/* What a host's entry says: "address" or "key"; NULL: nothing. */
const char *rd_config_of_host(const struct rd_config *c, const char *host, const char *what);
/* Whether there is hosts.NAME or profiles.NAME. */
bool rd_config_exists(const struct rd_config *c, const char *section, const char *name);
/* The nearest name of that section, or NULL; borrowed from the files. */
const char *rd_config_nearest(const struct rd_config *c, const char *section, const char *name);

#endif
