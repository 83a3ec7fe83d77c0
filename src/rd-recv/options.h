#ifndef RD_RECV_OPTIONS_H
#define RD_RECV_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/metrics.h"
#include "net/addr.h"
#include "net/dial.h"
#include "net/key.h"

/* What the command line asks for. Strings are borrowed from it but for `name` and `code`. */
struct options {
	struct rd_host_port host;
	char *name;		/* as known_hosts writes it; met by code: "relay/slot"; ours to free */
	const char *nearest;	/* of the configuration's hosts, where that is none of them; NULL */
	bool by_code;		/* met by a one-time code, */
	char *code;		/* … "[relay/][code]", to be asked for where it is not whole; ours, wiped */
	int64_t code_fd;	/* -1: none */
	const char *relay;	/* --relay; NULL */
	int relay_way;		/* index of rd_relay_ways */
	int path;		/* enum rd_path_policy */
	bool relay_policy;	/* with AUTO the relay's wish counts */
	const char *ca_file;	/* instead of the system's; NULL */
	const char *remember;	/* the name for a host met by code; NULL: ask … */
	bool ask_remember;	/* … if this says so */
	bool has_key;		/* --host-key, or KEY@HOST */
	struct rd_key key;
	const char *service;
	const char *config;	/* --config; NULL: the usual place */
	const char *identity;	/* --identity; NULL: `identity` there */
	int64_t identity_fd, password_fd, totp_fd;	/* -1: none */
	bool accept_new, view_only, once, json;
	bool list;		/* no session: who announces itself here; then there is no host */
	bool wake;		/* the host may sleep: it is woken */
	bool control;		/* a control socket … */
	const char *control_name; /* … of that name; NULL: `name` */
	uint64_t timeout_ns;	/* 0: none */
	enum rd_dial_way way;
	struct rd_metrics_where metrics;
	bool confine, confine_test;
	const char *cc;
	uint64_t rate_bps;
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);
void options_finish(struct options *o);

#endif
