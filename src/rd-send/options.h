#ifndef RD_SEND_OPTIONS_H
#define RD_SEND_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/metrics.h"
#include "net/addr.h"

#define LISTEN_MAX 16
#define ANNOUNCE_AUTO "auto"	/* … by the machine's name */
#define VIEWERS_MAX 255		/* the channel of an input message names its viewer, from 1 */

/* The command line, checked and with the defaults filled in. */
struct options {
	char **producer;		/* NULL: the stream comes on stdin */
	bool shared;			/* one producer for all */
	struct rd_addr listen[LISTEN_MAX];
	unsigned listen_count;
	bool listen_given;
	const char *relay;		/* --relay; NULL */
	bool no_relay;
	bool code;			/* makes a one-time code */
	int code_fd;			/* … and writes it there, too; -1 */
	uint64_t code_life_ns;		/* … that lives no longer; 0: as long as the relay says */
	int path;			/* enum rd_path_policy */
	bool relay_policy;		/* with AUTO the relay's wish counts */
	int relay_way;			/* index of rd_relay_ways */
	const char *ca_file;		/* NULL: the system's certificates */
	const char *remember;		/* a viewer that came by code, under that name; NULL: ask */
	bool udp, tcp;
	bool once;
	unsigned max_viewers;
	uint64_t timeout_ns;		/* for somebody to come; 0: none */
	bool view_only;
	bool introduce;
	const char *announce;		/* on the local network, by that name; NULL: not */
	bool ask;			/* at the terminal, about keys we do not know */
	const char *on_connect;		/* NULL: none */
	const char *lock, *blank;	/* handed on to rd-capture: --lock-on-end, --blank; NULL */
	const char *cc;
	uint64_t cc_bps;
	bool json;
	bool indicator;			/* on this machine's display: who is connected */
	bool control;			/* a control socket … */
	const char *control_name;	/* … of that name; NULL: this machine's */
	struct rd_metrics_where metrics;
	bool confine, confine_test;
	/* files, owned */
	char *folder, *identity, *authorized, *password, *totp, *relays;
};

/* false when the program should end now, with *code. */
bool options_read(struct options *o, int argc, char **argv, int *code);
void options_finish(struct options *o);

#endif
