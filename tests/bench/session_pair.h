#ifndef BENCH_SESSION_PAIR_H
#define BENCH_SESSION_PAIR_H

#include "net/conn.h"
#include "net/server.h"

/*
 * The two ends of a session in one process, without sockets: what one of them
 * gives the other gets at once, on a clock that only moves when it is told to.
 * Whose processor time it was is counted apart.
 */
enum side { HOST, VIEWER, SIDES };

/* No larger datagram passes, as on most networks. */
#define PAIR_DATAGRAM 1200
#define PAIR_TRAIN 64		/* datagrams of one turn */

struct pair_end {
	struct pair *pair;
	enum side side;
	uint64_t cpu_ns;
	bool established, closed;
	uint64_t bytes;				/* handed out to the owner */
	uint64_t sent[PAIR_DATAGRAM + 1];	/* datagrams, by length */
};

struct pair {
	struct rd_keypair keys[SIDES];
	struct rd_server *server;
	struct rd_conn *host, *viewer;		/* host: NULL until it stands */
	struct pair_end end[SIDES];
	uint64_t now_ns, wall_ns;
	const char *password;			/* the viewer stretches it; NULL: it knows prs */
	uint8_t prs[RD_CONN_PRF_SIZE], salt[16];
	struct rd_addr at[SIDES];
	struct {
		size_t count, len[PAIR_TRAIN];
		uint8_t bytes[PAIR_TRAIN * PAIR_DATAGRAM + RD_PACKET_MAX];
	} train;
};

/* A host that takes its password too. */
void pair_open(struct pair *p);
void pair_close(struct pair *p);
/* Begins a session; it stands after some pair_exchange. */
void pair_dial(struct pair *p, bool by_password);
/*
 * Each end sends a train, and takes the other's; then its timers run. False: there
 * was nothing to send.
 */
bool pair_exchange(struct pair *p);
/* Until both stand; a bench that cannot is over. */
void pair_stand(struct pair *p);
/* Ends the session at both ends. */
void pair_hang_up(struct pair *p);
/* Forgets what was counted. */
void pair_count_anew(struct pair *p);
struct rd_mux *pair_mux(struct pair *p, enum side side);

#endif
