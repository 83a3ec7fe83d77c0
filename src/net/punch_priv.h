#ifndef RD_NET_PUNCH_PRIV_H
#define RD_NET_PUNCH_PRIV_H

#include "net/punch.h"

/*
 * What the files of punch share: punch.c says what is probed when, punch_targets.c
 * whom, punch_guess.c which ports are guessed, punch_anew.c when all begins once more,
 * punch_paths.c keeps what was proven.
 */
#define PUNCH_MS UINT64_C(1000000)
#define PUNCH_S (1000 * PUNCH_MS)
#define PUNCH_HEARD 16		/* addresses that were only heard of */
#define PUNCH_PREDICTED 5	/* ports of a peer whose NAT counts */
#define PUNCH_TARGETS (RD_CANDIDATES + PUNCH_HEARD + PUNCH_PREDICTED)
#define PUNCH_ASKED 256		/* probes whose answer still counts */
#define PUNCH_STRIKES 8
#define PUNCH_OPENER_HOPS 4

/* An address that is probed in every round. */
struct punch_target {
	struct rd_addr addr;
	enum rd_candidate_kind kind;
	enum rd_path_how how;
	bool opened;		/* what comes from there passes our NAT: something of ours went there */
	uint64_t ready_ns;	/* after an opener: ours may arrive from then on */
	bool wanted;		/* at once: it has spoken to us */
};

struct punch_asked {
	uint8_t data[8];
	struct rd_addr to;	/* family 0: none */
	enum rd_path_how how;
	bool full;		/* it was as large as the session's datagrams */
	uint64_t sent_ns;
};

struct punch_path {
	struct rd_punched proven;
	bool kept;		/* by rd_punch_keep */
	unsigned unanswered;	/* probes since the last answer */
	uint64_t due_ns;
	/* Full ones: one was answered; none was; so many were sent; the next. */
	bool full, narrow;
	unsigned tries;
	uint64_t full_ns;
};

/* A path that has died, and how often of late. */
struct punch_strike {
	struct rd_addr addr;
	unsigned count;
	uint64_t died_ns, barred_ns;	/* not to be taken before barred_ns */
};

struct punch_guess { uint8_t data[8]; uint16_t port; uint64_t sent_ns; };
struct punch_socket { uint8_t data[8]; uint32_t carrier; uint64_t sent_ns; };

/* Hard against easy. guesses and sockets are allocated while it runs. */
struct punch_birthday {
	bool running, hard;		/* hard: we have the sockets; else we guess */
	uint64_t start_ns;		/* when to think of it next */
	uint64_t begun_ns, due_ns;
	struct rd_addr to;		/* the peer's; its port is guessed, or known */
	struct punch_guess *guesses;	/* RD_PUNCH_GUESSES */
	unsigned guessed;
	uint32_t first, stride;
	struct punch_socket *sockets;	/* RD_PUNCH_SOCKETS */
	unsigned count, cursor, sweeps;
	uint64_t last_ns;		/* 0: never yet */
	struct rd_addr last_own, last_peer;
	bool once_more;			/* though it was, within the hour: a second chance */
	uint64_t hour_ns;		/* since then … */
	unsigned in_hour;		/* … it was done so often */
};

/* A second chance, when the rounds are over. */
struct punch_anew {
	unsigned taken;
	bool holding;		/* no round begins until both ends have told anew */
	bool own, peer;		/* … we have; the peer has */
	bool ask;		/* our owner does not know of it yet */
	uint64_t due_ns;	/* the next begins, or this one ends; UINT64_MAX: none */
	uint64_t hour_ns;	/* since then … */
	unsigned in_hour;	/* … there were so many */
};

struct rd_punch {
	struct rd_candidates own, peer;
	bool has_own, has_peer;
	uint64_t lag_ns;
	struct punch_target targets[PUNCH_TARGETS];
	unsigned count;
	struct punch_asked asked[PUNCH_ASKED];
	unsigned next_asked;

	/* the rounds */
	bool resting;			/* a direct path stands: none are due */
	uint64_t begun_ns, round_ns;	/* the first; the next */
	unsigned round;			/* how many have begun */
	unsigned cursor;		/* the next target of the one that runs */
	uint64_t shift_ns;		/* by which the rounds behind the first are later than usual */
	unsigned credit;		/* probes that may still leave unpaced */
	uint64_t credit_ns;		/* when that was given last; 0: never */
	uint64_t pace_ns;

	bool full, narrowed;		/* the last probe is to be full; a path is narrow */
	struct rd_addr used;
	struct punch_path paths[RD_PUNCH_PATHS];
	unsigned path_count;
	struct punch_strike strikes[PUNCH_STRIKES];
	struct punch_birthday birthday;
	struct punch_anew anew;
};

/* punch.c: notes a probe: fills data with 8 random bytes. */
struct punch_asked *punch_ask(struct rd_punch *p, const struct rd_addr *to, enum rd_path_how how,
	uint8_t data[static 8], uint64_t now_ns);

/* punch_targets.c */
/*
 * In the order in which they are asked. A NAT that counts spends a port on every
 * new place: what depends on these ports comes before all that does not.
 */
void punch_targets_list(struct rd_punch *p);

/* punch_guess.c */
/* The peer's k-th next port (1 …) as an address; false: there is none. */
bool punch_predict(const struct rd_nat *peer, unsigned k, struct rd_addr *out);
/* Both NATs count: the k-th probe of either goes to the k-th port of the other. */
bool punch_lock_step(const struct rd_punch *p);
/* The rounds begin: when it will be its turn. */
void punch_birthday_schedule(struct rd_punch *p);
void punch_birthday_advance(struct rd_punch *p, uint64_t now_ns);
bool punch_birthday_next(struct rd_punch *p, struct rd_addr *to, uint8_t data[static 8],
	uint64_t now_ns);
uint64_t punch_birthday_deadline(const struct rd_punch *p);
/* ANSWER with these bytes: one of its probes: when it was sent. */
bool punch_birthday_answered(struct rd_punch *p, const uint8_t data[static 8],
	const struct rd_addr *from, uint64_t *sent_ns);
/* That is one of the sockets opened for it. */
bool punch_birthday_carrier(const struct rd_punch *p, uint32_t carrier);
void punch_birthday_end(struct rd_punch *p);

/* punch_anew.c */
/*
 * We, or the peer, have told anew: true: no round is to begin yet. moved: all is another
 * matter now.
 */
bool punch_anew_own(struct rd_punch *p, bool moved, uint64_t now_ns);
bool punch_anew_peer(struct rd_punch *p, bool moved, uint64_t now_ns);
/* The rounds begin. */
void punch_anew_reset(struct rd_punch *p);
void punch_anew_advance(struct rd_punch *p, uint64_t now_ns);

/* punch_paths.c */
struct punch_path *punch_path_find(const struct rd_punch *p, const struct rd_addr *addr);
bool punch_path_fresh(const struct punch_path *path, uint64_t now_ns);
/* A direct path is proven. */
bool punch_direct(const struct rd_punch *p, uint64_t now_ns);
void punch_path_proven(struct rd_punch *p, const struct punch_asked *asked, uint64_t now_ns,
	struct rd_punched *out);
/* The next proven path to be probed now, and whether to the full; NULL: none. */
struct punch_path *punch_path_due(struct rd_punch *p, bool *full, uint64_t now_ns);
void punch_path_probed(struct rd_punch *p, struct punch_path *path, bool full, uint64_t now_ns);
uint64_t punch_path_deadline(const struct rd_punch *p);

#endif
