#ifndef RD_SEND_MONITOR_H
#define RD_SEND_MONITOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/loop.h"
#include "base/notify.h"
#include "base/spawn.h"
#include "net/agent.h"
#include "net/lan.h"
#include "net/password.h"
#include "net/totp.h"
#include "rd-send/options.h"
#include "rd-send/said.h"

/*
 * The half that may do things: it reads the files with keys, decides who comes
 * in, starts producers, and looks at no byte of a peer's but through said.h.
 *
 *	monitor.c	the loop, the other half, the end
 *	peers.c		who wants to come in, and who is in
 *	producers.c	the commands that make the stream
 *	tell.c		what is told of them
 *	judge.c		what authorized_keys says
 *	codes.c		an authenticator's codes, and how many may be tried
 *	asking.c	what a command or a person says
 *	relays.c	the relay as this half sees it: its key, its codes
 *	lookup.c	the relay's addresses
 *	remember.c	who came by a code may come again
 *	terminal.c	what is said and typed where we were started
 *	indicator.c	… and what is shown on the display
 *	ready.c		what who started us as a service hears
 *	announce.c	this host on the local network, where it is to be found there
 */
#define MONITOR_SIGNALS 7

/* A viewer that has proven its key; how far it has come. */
enum peer_stage {
	PEER_CHALLENGED,	/* it is to say an authenticator's code */
	PEER_ASKED,		/* a command or a person decides */
	PEER_GRANTED,
};

struct peer {
	struct peer *next;
	struct monitor *monitor;
	uint32_t id;
	enum peer_stage stage;
	struct rd_key key;
	struct rd_addr addr;
	enum said_by by;
	uint8_t how;		/* enum rd_path_how, when it came */
	uint32_t rtt_us;
	bool listed;		/* authorized_keys has known it */
	bool started;		/* it has had its producer */
	unsigned wanted, rights;
	int64_t expires;	/* 0: never */
	uint64_t since_ns;	/* when it was let in */
	char name[128];
	char session[RD_CONN_NAME];
	unsigned tries;		/* of codes */
	pid_t asking;		/* 0: nobody is asked */
	bool group;		/* … a command */
	struct rd_timer limit;	/* of the asking */
};

struct producer {
	struct producer *next;
	struct monitor *monitor;
	uint32_t id;
	struct rd_child child;
	bool stopped;		/* the other half has closed its link */
	struct rd_timer grace;	/* then it is to end by itself soon */
	unsigned told;		/* … and was told so often */
};

/* One that came by a code and was lost: it may come again by its key for a while. */
#define MET_MAX 8
struct met { struct rd_key key; uint64_t until_ns; };

/* Whether a viewer that came by code is to be authorized: one person is asked about one. */
struct remember {
	uint32_t id;		/* 0: nobody is asked */
	pid_t pid;
	int fd;
	struct rd_fd watch;
};

/* Ready: viewers may come, by the relay, too, where there is one. */
struct ready {
	struct rd_notify notify;
	bool listening, relay_up, code;	/* how far it is; a code is out */
	bool waited;			/* long enough for a relay */
	bool done, stopped;		/* that was said */
	unsigned port;
	char told[256];			/* the last status */
	struct rd_timer limit;
};

/* Where somebody sits and sees what we say. Zeroed but for fd it is none. */
struct terminal {
	int fd;			/* -1: nothing is read there */
	struct rd_fd watch;
	bool says;		/* who comes and goes is told, whatever the log's level */
	bool helped;		/* it was said what can be typed */
};

/* The process that announces this host. */
struct announce {
	pid_t pid;			/* 0: there is none */
	int fd;				/* what it says; -1 */
	struct rd_fd heard;
	struct rd_timer again;
	uint64_t wait_ns;
	char name[RD_LAN_NAME_MAX + 1];	/* that is wanted */
	unsigned port;
	unsigned names;			/* of this process, that it has had */
	bool announced, complained;	/* it is; that it is not was said */
};

struct monitor {
	const struct options *opt;
	struct rd_loop *loop;
	struct rd_key key;	/* ours, the public half */
	pid_t network;		/* the other half; 0: it has ended */
	int sock;
	struct rd_fd heard;
	struct rd_signal signals[MONITOR_SIGNALS];
	int inotify;
	struct rd_fd changed;
	struct rd_timer patience; /* for the other half to end */
	bool stopping;
	uint64_t asked_ns;	/* … since when */
	bool paused;
	struct terminal terminal;
	struct rd_child indicator;
	struct peer *peers;
	struct rd_timer expiry;	/* the files are looked at again: a key in use may have expired */
	unsigned words;		/* about strangers: lines that may be said yet … */
	uint64_t words_ns;	/* … as of then */
	struct producer *producers;
	uint32_t next_shared;	/* that waits until the one before has ended; 0: none does */
	struct rd_totp totp;	/* kept, so that no step is taken twice */
	unsigned totp_wrong;
	uint64_t totp_shut_ns;	/* no code is taken before */

	/* lookup.c, relays.c, remember.c */
	bool has_relay;
	struct rd_agent_relay relay;	/* without its join key */
	bool by_tls;			/* it is reached by that */
	pid_t lookup;			/* 0: none is under way */
	struct rd_fd looked_up;
	int lookup_fd;
	struct rd_timer look_again;
	uint64_t look_wait_ns;
	struct met met[MET_MAX];
	unsigned met_at;
	struct remember remember;
	struct ready ready;
	struct announce announce;
};

/*
 * The whole life of it; returns the program's exit status. `key`: this host's;
 * relay: NULL, or the one in use, copied without its join key; notify: who wants to
 * know when viewers may come.
 */
int monitor_run(const struct options *opt, const struct rd_key *key,
	const struct rd_agent_relay *relay, const struct rd_notify *notify, pid_t network,
	int sock);
/* To the other half; one that does not listen is ended. */
void monitor_say(struct monitor *m, const struct said *s, int fd);
/* Sessions stand still, or go on; the other half tells when they do. */
void monitor_pause(struct monitor *m, bool on);
/* Everything ends. */
void monitor_stop(struct monitor *m);
/* A process of our own begins, that needs no secret: it keeps none. */
void monitor_forget(struct monitor *m);

void peers_new(struct monitor *m, const struct said *s);
void peers_answer(struct monitor *m, const struct said *s);
void peers_gone(struct monitor *m, const struct said *s);
/* One that came by a code wants to come again. */
void peers_remember(struct monitor *m, const struct said *s);
/* NULL unless it is in. */
struct peer *peers_granted(struct monitor *m, uint32_t id);
/* How many are. */
unsigned peers_in(const struct monitor *m);
/* Somebody who was asked may have answered. */
void peers_reap(struct monitor *m);
/* The owner sends off whoever has that number, name or fingerprint. False: nobody. */
bool peers_end(struct monitor *m, const char *who);
/* The files or the time may have changed what somebody may do. */
void peers_recheck(struct monitor *m);
void peers_close(struct monitor *m);

/* Where a password alone is not enough: 1; 0: it is; negative: that cannot be known. */
int codes_wanted(struct monitor *m);
/* 0; -EAGAIN: wrong, it may try again; -EACCES: it may not; -EBUSY: none is taken now. */
int codes_check(struct peer *p, const char *text);

/* The relay's addresses are asked for by the other half, or once it listens. */
void lookup_start(struct monitor *m);
void lookup_reap(struct monitor *m);
void lookup_open(struct monitor *m);
void lookup_close(struct monitor *m);

/* announce.c: once the other half listens, if that is wanted. */
void announce_start(struct monitor *m, unsigned port);
void announce_reap(struct monitor *m);
void announce_open(struct monitor *m);
void announce_close(struct monitor *m);

/* What the other half says of the relay. */
void relays_key(struct monitor *m, const struct said *s);
void relays_is(struct monitor *m, const struct said *s);
void relays_code(struct monitor *m, const struct said *s);
void relays_code_over(struct monitor *m, const struct said *s);

/* terminal.c: reads there only while nobody else does. */
void terminal_open(struct monitor *m);
void terminal_check(struct monitor *m);
void terminal_came(struct monitor *m);
void terminal_paused(struct monitor *m);
void terminal_close(struct monitor *m);

/* indicator.c */
void indicator_start(struct monitor *m);
void indicator_reap(struct monitor *m);
void indicator_close(struct monitor *m);

/* ready.c: says what has changed since it was last asked. */
void ready_check(struct monitor *m);
void ready_listening(struct monitor *m, unsigned port);
void ready_stopping(struct monitor *m);
void ready_open(struct monitor *m, const struct rd_notify *notify);
void ready_close(struct monitor *m);

/* That viewer wants to come again without a code. */
void remember_wanted(struct monitor *m, struct peer *p, const char *itself);
/* Somebody else is to be asked about, or the viewer has gone. */
void remember_drop(struct monitor *m);
void remember_gone(struct monitor *m, const struct peer *p);
void remember_reap(struct monitor *m);
/* Somebody at the terminal is being asked, about this or who may come in. */
bool remember_asks(const struct monitor *m);
/* A session of one that came by a code was lost … */
void remember_lost(struct monitor *m, const struct rd_key *key);
/* … and it is back, once for each loss. */
bool remember_met(struct monitor *m, const struct rd_key *key);

void producers_start(struct monitor *m, uint32_t id);
void producers_stopped(struct monitor *m, uint32_t id);
void producers_reap(struct monitor *m);
/* Waits for all of them. */
void producers_close(struct monitor *m);

#endif
