#ifndef RD_RELAY_OPTIONS_H
#define RD_RELAY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/key.h"
#include "net/relay_msg.h"
#include "rd-relay/config.h"

#define LISTEN_MAX 16
#define THREADS_MAX 64

struct places { struct rd_addr at[LISTEN_MAX]; unsigned count; };	/* family 0: all addresses */

/* What rd-relay is to do: its defaults, then the file's words, then the command line's. */
struct options {
	struct places udp, tls;
	bool tls_quiet;			/* nobody asked for 443: where it cannot be had, none */
	int64_t stun_port;		/* 0: none */
	struct rd_addr metrics;		/* family 0: none */
	const char *config_file;	/* NULL: none */
	char *state;			/* the folder with our key and the join key */
	const char *certificate, *certificate_key; /* NULL: one of our own making */
	const char *audit;		/* NULL: none */
	bool check, show_join_key, json, confine, confine_test, open;
	int policy;			/* enum rd_path_policy */
	int64_t threads, node;
	uint64_t drain_ns;
	struct rd_key *hosts;		/* that need no join key */
	size_t host_count;
	/* limits */
	int64_t max_peers, max_sessions, sessions_each, connects_minute, tls_connections;
	uint64_t session_bps, session_bytes, session_life_ns, idle_ns;
	uint64_t host_day_bytes, total_bps;

	struct config config;		/* whose texts those above borrow */
};

/*
 * False: end with *code. May be called again with the same command line, to read
 * the file anew; what it filled is the caller's to finish either way.
 */
bool options_read(struct options *o, int argc, char **argv, int *code);
void options_finish(struct options *o);

#endif
