#ifndef RD_RECV_SESSION_PRIV_H
#define RD_RECV_SESSION_PRIV_H

#include "base/meter.h"
#include "chan/chan.h"
#include "chan/msg_session.h"
#include "control/metrics.h"
#include "control/server.h"
#include "rd-recv/ask.h"
#include "rd-recv/clips.h"
#include "rd-recv/say.h"
#include "rd-recv/session.h"
#include "rd-recv/splice.h"
#include "wire/link.h"

/*
 * Inside the session, for these only:
 *
 *	session.c	the object, and the link to our reader
 *	meet.c		from a host's name to a session that stands: the steps
 *	meet_dial.c	… and what comes of each
 *	talk.c		what is said in a session
 *	talk_stream.c	… of the stream, by the host
 *	clips.c		… of clipboards, to be said again
 *	path.c		by which way it goes, for the reader and whoever asks
 *	lose.c		after a session: connecting again
 *	wake.c		a host that sleeps: until it answers
 *	ending.c	the end: exit status, last words
 *	asking.c	questions to the monitor
 *	control.c	what rd-ctl asks and tells
 */
enum phase {
	PHASE_MEETING,
	PHASE_OPENING,		/* it stands; the host has not said what we may */
	PHASE_STREAMING,
	PHASE_WAITING,		/* before connecting again */
	PHASE_ENDING,
};

/* A message handler may not free its chan: those that are over are freed later. */
struct stale {
	struct rd_chan *chan;
	struct stale *next;
};

struct session {
	const struct options *o;
	const struct known *known;
	struct rd_loop *loop;
	struct say say;
	enum phase phase;

	struct rd_link *link;
	bool answers;		/* our reader can send something back */
	bool corked;		/* until the loop sleeps */
	bool link_over;
	int link_error;
	uint64_t last_ns;	/* stream time of the last message */
	struct rd_buf listen;	/* what our reader said of sound last: of every session anew */
	struct rd_buf watch_only; /* … and of the monitors it looks at */
	struct splice splice;

	int monitor;
	struct rd_fd monitor_watch;
	struct rd_addr addrs[RD_DIAL_ADDRS];
	unsigned addr_count;
	struct rd_agent_relay relay;	/* with its addresses; has_key: also one it has told */
	struct rd_portmap *portmap;	/* NULL: none */
	uint32_t program;		/* which of the hosts of its key it was met at there; 0: none yet */
	enum rd_relay_no no;		/* why the relay would not; 0: it has not said so */
	bool by_tls;			/* the relay is reached by that now */
	struct {
		bool said;
		uint8_t kind, how;
		const char *why;
		uint64_t rtt_ns, said_ns, looked_ns;
	} told;			/* of the path, to our reader */

	/* control.c */
	struct rd_control *control;	/* NULL: there is none */
	struct rd_metrics *metrics;	/* NULL: none */
	int policy;		/* enum rd_path_policy: --path, until it is set */
	uint64_t max_bps;	/* what the host is asked for at most; 0: no bound */
	uint64_t reader_bps;	/* … by our reader */
	bool paused;
	uint64_t reconnects;
	struct rd_meter down, up, shown;	/* bytes of messages; frames */

	struct clips clips;
	struct rd_dial *dial;
	struct rd_chan *chan;
	struct stale *stale;
	struct rd_timer sweep;
	enum { MEET_ASK, MEET_KEY, MEET_PASSWORD, MEET_CODE } way;
	bool expects;		/* the host is to have this key */
	struct rd_key host;
	enum pin_how pin;	/* how that key came to us; PIN_NOT: nothing to remember */
	enum asked_why { ASKED_UNKNOWN, ASKED_REFUSED, ASKED_OTHER_KEY } asked_why;
	struct rd_key offered;	/* by a host that we do not know */
	unsigned wrong;		/* passwords in a row */
	unsigned codes;		/* of an authenticator, in this session */
	enum { REMEMBER_NOT, REMEMBER_ASKED, REMEMBER_WANTED, REMEMBER_DONE } remember;
	bool stood;		/* a session has streamed */
	bool learnt;		/* the host's network card was told to be remembered */
	bool relay_away;	/* so it was at the last try */
	uint32_t rights;
	uint64_t wait_ns;	/* before the next try */
	struct rd_timer again;	/* PHASE_WAITING */
	struct rd_timer limit;	/* --timeout; runs while no session streams and nobody is asked */
	uint64_t until_ns;	/* when it fires */
	uint64_t left_ns;	/* of it, while somebody is asked */

	struct rd_signal term;
	struct rd_timer patience; /* PHASE_ENDING */
	bool dial_over;
	int code;
};

/* --- meet.c --- */
void meet(struct session *s);
/* An answer to ASK_ADDRESSES, ASK_PASSWORD, ASK_TRUST. */
void meet_answer(struct session *s, const struct answer *a);
/* The host does not know our key: by password, perhaps. False: there is no way. */
bool meet_otherwise(struct session *s);
/* The session, or what was to become one, is given up at once. */
void meet_drop(struct session *s);
/* The next step: to dial, as `way` says; or to ask first, a person or whoever is there. */
void meet_begin(struct session *s);
void meet_ask_password(struct session *s);
void meet_ask_trust(struct session *s);
void meet_ask_who(struct session *s, enum asked_why why);

/* --- meet_dial.c --- */
extern const struct rd_dial_ops meet_dial_ops;

/* --- talk.c --- */
extern const struct rd_chan_ops talk_ops;
/* A message of ours; the body is freed. */
void talk_say(struct session *s, uint16_t type, struct rd_buf *body);
void talk_open(struct session *s);
void talk_code(struct session *s, const struct answer *a);
/* A message of our reader. */
int talk_up(struct session *s, const struct rd_msg *m);
/* A message of the stream from the host, on its way to our reader. 0, or a negative errno. */
int talk_stream(struct session *s, const struct rd_msg *m);
void talk_hello(struct session *s, const struct rd_hello *h);
/* Our reader has room again, or has none. */
void talk_hold(struct session *s, bool hold);

/* What rd-ctl wants. */
void talk_pause(struct session *s, bool pause);
void talk_refresh(struct session *s);
/* The least of what it and our reader ask for. */
void talk_rate(struct session *s);

/* listen.c: what our reader wishes, of which the newest counts, and saying it to the next session. */
void talk_wish(struct session *s, const struct rd_msg *m);
void talk_wishes_again(struct session *s, uint32_t caps);
/* An answer to ASK_REMEMBER. */
void talk_remember(struct session *s, const struct answer *a);

/* --- path.c --- */
struct say_way path_way(const struct session *s, char why[static 256]);
/* The session has a way, or another one. */
void path_moved(struct session *s);
/* Now and then: whether there is something new to tell the reader. */
void path_check(struct session *s);

/* --- lose.c --- */
/* A session that stood has closed. */
void lose(struct session *s, uint64_t code, const char *text);
/* The clock of --timeout runs (or stops, while a person is asked). */
void lose_limit_start(struct session *s);
void lose_limit_stop(struct session *s);
void lose_limit_pause(struct session *s);
void lose_open(struct session *s);
void lose_close(struct session *s);

/* --- wake.c --- */
/* The host is to be woken, and has not answered yet. */
bool wake_wanted(const struct session *s);
/* For how long, if nothing else is said; 0: it is not. */
uint64_t wake_limit(const struct session *s);
void wake_say(struct session *s);
/* Nobody has answered: it is tried again soon. False: that ends it. */
bool wake_again(struct session *s);
/* The session has a path: the host's card is remembered, if it is one of our network. */
void wake_learn(struct session *s);

/* --- ending.c --- */
/* Nothing comes of it, or no more: says so, ends stream and session, and stops. */
void leave(struct session *s, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The host's own END: passed on, and the exit status is as it says. */
void leave_as_told(struct session *s, const struct rd_end_msg *end);
/* rd_close codes with which a session ends for good. */
void leave_closed(struct session *s, uint64_t code, const char *text);
/* The relay would not: s->no says why. */
void leave_relay_no(struct session *s);
void leave_link_over(struct session *s, int error);
/* While leaving: the host has heard it, or will not. */
void leave_dial_over(struct session *s);
void ending_open(struct session *s);
void ending_close(struct session *s);

/* --- asking.c --- */
int asking_open(struct session *s);
void asking_close(struct session *s);
void ask(struct session *s, const struct ask *a);
/* Asks and waits, for what takes the monitor no time. False: it is gone. */
bool ask_now(struct session *s, const struct ask *a, struct answer *out);

#endif
