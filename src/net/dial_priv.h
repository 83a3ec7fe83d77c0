#ifndef RD_NET_DIAL_PRIV_H
#define RD_NET_DIAL_PRIV_H

#include "base/bytes.h"
#include "net/dial.h"
#include "net/packet.h"

/*
 * Inside a dial, for dial*.c only:
 *
 *	dial.c		the attempts, when each begins, which one wins
 *	dial_conn.c	an attempt's session, and what it says to the owner
 *	dial_ask.c	an attempt that only asks who the host is
 *	dial_carrier.c	TCP connections: those of attempts, and another one for
 *			the session that stands when its own is lost
 */

enum attempt_state {
	ATTEMPT_WAITING,	/* its time has not come */
	ATTEMPT_CONNECTING,	/* its TCP connection does not stand yet */
	ATTEMPT_RUNNING,
	ATTEMPT_DONE,		/* its session is freed when no callback is under way */
};

/* Of a dial that asks: the datagram, and when it goes again. */
struct ask {
	uint32_t index;
	uint8_t nonce[16];
	uint64_t send_ns, wait_ns;
};

/* One address by UDP, or by TCP. */
struct attempt {
	struct rd_dial *d;
	enum attempt_state state;
	struct rd_addr to;
	uint64_t due_ns;	/* WAITING: begins then, unless another is getting on */
	uint64_t end_ns;	/* CONNECTING, asking: NO_ANSWER then */
	bool heard;		/* something came back */
	struct rd_conn *conn;	/* RUNNING, unless the dial only asks */
	struct ask ask;
};

#define DIAL_TEXT 160
#define DIAL_SALT 16

struct rd_dial {
	struct rd_loop *loop;
	struct rd_endpoint *endpoint;
	struct rd_dial_config cfg;
	struct rd_dial_ops ops;
	void *ctx;
	struct rd_keypair own;
	struct rd_key host;
	bool asking;
	struct attempt attempts[2 * RD_DIAL_ADDRS];	/* UDP first, as `addrs`; then TCP */
	unsigned count;
	unsigned turn;			/* whose datagram is next */
	struct attempt *winner;
	uint64_t quiet_ns;		/* no further attempt begins before: one is getting on */
	uint64_t code;			/* the most telling of those that failed */
	char text[DIAL_TEXT];
	bool told, over;		/* `told`, `failed` or `closed` was called: say no more */
	/* The winner's next connection: when to try, how long to wait then, and its carrier. */
	struct { uint64_t due_ns, wait_ns; struct rd_addr to; } again;
	struct { bool known; uint8_t salt[DIAL_SALT], prs[RD_CONN_PRF_SIZE]; } stretched;
	struct rd_timer timer;
	unsigned depth;			/* of callbacks we are in */
	bool closed;			/* by its owner: say nothing more, free at depth 0 */
};

/* Nobody waits for it any more; code: why, of those that are told if none stands. */
void dial_attempt_done(struct attempt *a, uint64_t code, const char *text);
/* It stands: the others go. */
void dial_attempt_won(struct attempt *a);

/* Begins to talk: its socket is there. */
void dial_attempt_talk(struct attempt *a, uint64_t now_ns);

void dial_carrier(struct rd_dial *d, const struct rd_addr *peer, int error, uint64_t now_ns);
/* At again.due_ns. */
void dial_carrier_again(struct rd_dial *d, uint64_t now_ns);

void dial_conn_start(struct attempt *a, uint64_t now_ns);
void dial_ask_start(struct attempt *a, uint64_t now_ns);
/* True: it was the answer, *host and *ways say what. */
bool dial_ask_take(struct attempt *a, const uint8_t *data, size_t len, struct rd_key *host,
	unsigned *ways);
/* The datagram, when it is due; 0: it is not. */
size_t dial_ask_next(struct attempt *a, uint8_t *out, size_t cap, uint64_t now_ns);

#endif
