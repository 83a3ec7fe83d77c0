#ifndef RD_NET_DIAL_PRIV_H
#define RD_NET_DIAL_PRIV_H

#include "base/bytes.h"
#include "net/dial.h"
#include "net/extra.h"
#include "net/packet.h"

/*
 * Inside a dial, for dial*.c only:
 *
 *	dial.c		the dial opened, with its attempts, and closed
 *	dial_endpoint.c	what comes from the endpoint's sockets, and goes to them
 *	dial_run.c	what is due, and the timer
 *	dial_attempt.c	when an attempt begins and is given up; which one wins
 *	dial_life.c	callbacks that are under way, and the end after the last of them
 *	dial_fail.c	attempts that fail, and what of it is told
 *	dial_conn.c	an attempt's session, and what it says to the owner
 *	dial_ask.c	an attempt that only asks who the host is
 *	dial_carrier.c	TCP connections: those of attempts, and another one for
 *			the session that stands when its own is lost
 *	dial_relay.c	the attempt through a relay, and what the session that stands
 *			wants from it later
 */

enum attempt_state {
	ATTEMPT_WAITING,	/* its time has not come */
	ATTEMPT_CONNECTING,	/* its TCP connection does not stand yet; relay: its key is not known */
	ATTEMPT_RUNNING,
	ATTEMPT_DONE,		/* its session is freed when no callback is under way */
};

/* Of a dial that asks: the datagram, and when it goes again. */
struct ask {
	uint32_t index;
	uint8_t nonce[16];
	uint64_t send_ns, wait_ns;
};

/* One address by UDP, or by TCP; or the relay's, `relayed`. */
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
/*
 * What a leg is to the session: one number, also when the leg is another one
 * because the relay has lost the first.
 */
#define DIAL_LEG 1

struct dial_relay {
	struct rd_agent *agent;		/* NULL: none, or none any more */
	struct attempt *attempt;
	uint32_t leg;			/* 0: none yet, or lost */
	bool told;			/* its key, and the owner thinks */
	bool asked;			/* CONNECT is under way, or answered */
	uint64_t again_ns;		/* the leg of a session that stands is lost: CONNECT then */
	uint64_t held_ns;		/* `established` is told then; 0: nothing is held back */
	bool has_no;
	enum rd_relay_no no;
	uint32_t retry_s;
	char why[DIAL_TEXT];		/* it is not reached */
	struct rd_extra extra;
};
#define DIAL_SALT 16

struct rd_dial {
	struct rd_loop *loop;
	struct rd_endpoint *endpoint;
	struct rd_dial_config cfg;
	struct rd_dial_ops ops;
	void *ctx;
	struct rd_keypair own;
	struct rd_key host;
	uint64_t began_ns;		/* then it was cfg.how.wall_ns */
	bool asking;
	struct attempt attempts[2 * RD_DIAL_ADDRS + 1];	/* UDP first, as `addrs`; TCP; the relay */
	unsigned count;
	unsigned turn;			/* whose datagram is next */
	struct attempt *winner;
	uint64_t quiet_ns;		/* no further attempt begins before: one is getting on */
	uint64_t code;			/* the most telling of those that failed */
	char text[DIAL_TEXT];
	bool up;			/* `established` was called */
	bool over;			/* `told`, `failed` or `closed` was called: say no more */
	/* The winner's next connection: when to try, how long to wait then, and its carrier. */
	struct { uint64_t due_ns, wait_ns; struct rd_addr to; } again;
	struct { bool known; uint8_t salt[DIAL_SALT], prs[RD_CONN_PRF_SIZE]; } stretched;
	struct dial_relay relay;
	struct rd_timer timer;
	unsigned depth;			/* of callbacks we are in */
	bool closed;			/* by its owner: say nothing more, free at depth 0 */
};

/* Around everything that calls the owner: the dial outlives its own callbacks. */
void dial_enter(struct rd_dial *d);
void dial_leave(struct rd_dial *d);
/* At once: no callback is under way. */
void dial_destroy(struct rd_dial *d);

/* Sends what is to be sent now, and sets the timer for what comes later. */
void dial_run(struct rd_dial *d);
void dial_on_timer(void *dial);
extern const struct rd_endpoint_ops dial_endpoint_ops;

/* If none is left that could stand: says so. */
void dial_fail(struct rd_dial *d);
/* Nobody waits for it any more; code: why, of those that are told if none stands. */
void dial_attempt_done(struct attempt *a, uint64_t code, const char *text);
/* It stands: the others go. */
void dial_attempt_won(struct attempt *a);
/* Begins to talk: its socket is there. */
void dial_attempt_talk(struct attempt *a, uint64_t now_ns);
/* When it has something to do; UINT64_MAX: never. */
uint64_t dial_attempt_due(const struct attempt *a);
/* Does it, if it is due. */
void dial_attempt_tick(struct attempt *a, uint64_t now_ns);
/* How long nobody answers before it is said. */
uint64_t dial_patience(const struct rd_dial *d);
/* The owner hears of the session that stands. */
void dial_up(struct rd_dial *d);

void dial_carrier(struct rd_dial *d, const struct rd_addr *peer, int error, uint64_t now_ns);
/* At again.due_ns. */
void dial_carrier_again(struct rd_dial *d, uint64_t now_ns);

/* 0 or negative errno. */
int dial_relay_open(struct rd_dial *d, const struct rd_agent_config *cfg);
void dial_relay_close(struct rd_dial *d);
void dial_relay_begin(struct rd_dial *d, uint64_t now_ns);
/* What a conn of this attempt is told before anything else. */
void dial_relay_started(struct rd_dial *d, struct attempt *a, uint64_t now_ns);
/* The session stands. True: `established` is to be held back. */
bool dial_relay_won(struct rd_dial *d, uint64_t now_ns);
void dial_relay_moved(struct rd_dial *d, const struct rd_addr *to);
/* Something came for the session: perhaps that nobody need wait for a direct path. */
void dial_relay_heard(struct rd_dial *d, uint64_t now_ns);
/* A datagram: true: taken; else what sessions are to see of it. */
bool dial_relay_receive(struct rd_dial *d, struct rd_addr *from, uint8_t **data, size_t *len);
/* A session's datagram for the leg: as rd_agent_wrap; or the first one, for CONNECT. */
size_t dial_relay_send(struct rd_dial *d, struct rd_addr *to, uint8_t *data, size_t len,
	uint64_t now_ns);
bool dial_relay_can_send(struct rd_dial *d);
void dial_relay_tick(struct rd_dial *d, uint64_t now_ns);
uint64_t dial_relay_deadline(const struct rd_dial *d);
/* rd_conn_ops of the attempt. */
void dial_relay_sockets(struct rd_dial *d, unsigned count);
void dial_relay_stuck(struct rd_dial *d, const struct rd_addr *path);

void dial_conn_start(struct attempt *a, uint64_t now_ns);
void dial_ask_start(struct attempt *a, uint64_t now_ns);
/* True: it was the answer, *host and *ways say what. */
bool dial_ask_take(struct attempt *a, const uint8_t *data, size_t len, struct rd_key *host,
	unsigned *ways);
/* The datagram, when it is due; 0: it is not. */
size_t dial_ask_next(struct attempt *a, uint8_t *out, size_t cap, uint64_t now_ns);

#endif
