#ifndef RD_RELAY_SETTINGS_H
#define RD_RELAY_SETTINGS_H

#include "rd-relay/core.h"
#include "rd-relay/options.h"

/*
 * What the process at the network is told, first and at each SIGHUP: all that
 * comes out of files. The monitor reads them, since the other may open none.
 */
struct settings {
	struct core_config core;	/* core.listed is ours; its key is not sent again */
	char *certificate, *certificate_key;	/* PEM; both NULL without TLS */
	size_t certificate_len, certificate_key_len;
	uint64_t drain_ns;
	unsigned tls_connections;
};

/*
 * Reads the files that the options name, and makes the key, the join key and the
 * certificate where there are none (state.h). 0 or an exit status, when a line
 * has said why. `again`: not the key; it stays as long as we run.
 */
int settings_read(struct settings *s, const struct options *o, bool again);
void settings_finish(struct settings *s);

/* Into memory that a descriptor names, and from there: -1 or a negative errno. */
int settings_put(const struct settings *s);
int settings_get(struct settings *s, int fd);

#endif
