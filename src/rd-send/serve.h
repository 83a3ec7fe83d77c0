#ifndef RD_SEND_SERVE_H
#define RD_SEND_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "base/loop.h"
#include "control/metrics.h"
#include "control/server.h"
#include "net/host.h"
#include "net/identity.h"
#include "rd-send/options.h"
#include "rd-send/said.h"

/*
 * The half at the network: it speaks with viewers, holds the key, and may
 * neither open a file nor start a program. What it wants done it asks the
 * monitor for.
 *
 *	serve.c		the loop, the monitor, the end
 *	session.c	a viewer; session_talk.c: its first words
 *	viewer.c	what of the stream it gets, and what comes back from it
 *	source.c	a producer's stream; source_end.c: its end
 *	share.c		… and how several viewers share it
 *	relay.c		the relay that we are met through
 *	slot.c		… with a one-time code
 *	misled.c	… and whether the relay lies
 *	pause.c		nothing goes out or in for a while
 *	control.c	what rd-ctl asks and tells; control_session.c: … of one session
 */
struct session;
struct source;

struct serve {
	const struct options *opt;
	struct rd_loop *loop;
	struct rd_host *host;
	int sock;			/* to the monitor */
	struct rd_fd heard;
	struct rd_signal term;
	struct session *sessions;
	struct source *sources;
	struct source *shared;		/* whom a viewer joins, with --shared or from stdin */
	uint32_t next_id;
	uint32_t next_shared;	/* likewise, of the producers of all */
	bool taken[VIEWERS_MAX + 1];	/* numbers of viewers, as channels of their input */
	struct rd_timer limit;		/* --timeout; then: of the end */
	bool closing;
	int code;			/* the exit status, once closing */

	/* relay.c */
	const struct rd_keypair *key;	/* of the secrets */
	struct rd_agent_relay *relay;	/* of the secrets; NULL: none */
	struct rd_portmap *portmap;	/* NULL: none */
	bool relay_began;		/* its addresses are known, and it was called */
	bool relay_up, relay_ever;	/* it serves us; it has done so */
	bool by_tls;			/* it is reached by that */
	char relay_why[128];		/* why it cannot be reached */
	struct rd_timer relay_limit;	/* for it to be there at all */
	uint32_t program;		/* which of the hosts of our key we are to it */
	/* slot.c */
	bool want_code;			/* as soon as the relay serves us */
	uint32_t slot;			/* of the code that is out; 0: none */
	uint32_t slot_before;		/* … and of the last one that was */
	uint64_t misled_ns;		/* misled.c: when it last said so */

	/* control.c */
	struct rd_control *control;	/* NULL: none */
	struct rd_metrics *metrics;	/* NULL: none */
	struct rd_histogram deliver;	/* a frame to a viewer, of all that were here */
	int policy;			/* enum rd_path_policy: --path, until it is set */
	uint64_t max_bps;		/* of each producer; 0: no bound */
	bool paused;
};

/* What the network's half needs and may not read itself. */
struct secrets {
	struct rd_keypair key;
	struct rd_agent_relay relay;
	bool has_relay;
	int portmap;			/* to the process that opens ports at routers; -1: none */
	bool has_password;
	uint8_t prs[RD_CONN_PRF_SIZE];
	uint8_t salt[16];
};

/* How rd-ctl gets in, and what the monitor has to tell to who watches there. */
struct door {
	struct rd_control_place place;
	int feed;			/* control/server.h; -1: none */
};

/* The whole life of it; returns the exit status. Wipes *secrets. */
int serve_run(const struct options *opt, struct secrets *secrets, int sock, const struct door *door);
/* To the monitor. */
void serve_say(struct serve *sv, const struct said *s);
/* Somebody was let in. */
void serve_came(struct serve *sv);
/* A session is over, one that was let in; its exit status. */
void serve_left(struct serve *sv, int code);
/* The stream on stdin is over. */
void serve_source_over(struct serve *sv, int code);
/* relay.c */
void relay_open(struct serve *sv, struct secrets *secrets);
void relay_close(struct serve *sv);
/* What the monitor says of it; true: that was it. */
bool relay_obey(struct serve *sv, const struct said *said);
/* NULL: none. */
struct rd_relay_client *relay_client(const struct serve *sv);
/* slot.c: another one, as soon as the relay gives a slot; and the end of the one that is out. */
void slot_want(struct serve *sv);
void slot_drop(struct serve *sv, enum rd_slot_over why);
void slot_over(struct serve *sv, uint32_t slot, enum rd_code_end end);
/* As struct rd_relay_client_ops has them. */
void slot_ready(void *ctx, uint32_t slot, uint32_t lifetime_s);
void slot_gone(void *ctx, uint32_t slot);
/* Ends all sessions; then the program, with that status. The first one stands. */
void serve_stop(struct serve *sv, int code, uint64_t close_code, const char *text);

#endif
