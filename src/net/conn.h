#ifndef RD_NET_CONN_H
#define RD_NET_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/cookie.h"
#include "net/frame.h"
#include "net/key.h"
#include "net/mux.h"
#include "net/packet.h"
#include "net/punch.h"
#include "net/recovery.h"

/*
 * One session between two machines, rd-session(5), as a state machine: it
 * takes datagrams and the time, and gives datagrams and the time it wants to
 * be called again. It opens no socket and reads no clock.
 *
 * The initiator (the viewer) makes one with rd_conn_dial; the responder's are
 * made by a server (server.h). After every call look at rd_conn_send until it
 * gives nothing, and at rd_conn_deadline.
 *
 * Callbacks come from within rd_conn_receive and rd_conn_tick, never from
 * within anything else; they may call everything here but rd_conn_free.
 */
struct rd_conn;

/* Why a session ended. On the wire in CLOSE; numbers are for ever. */
enum rd_close {
	RD_CLOSE_DONE = 0,		/* an ordinary end */
	RD_CLOSE_PROTOCOL = 1,		/* the peer broke a rule */
	RD_CLOSE_REFUSED = 2,		/* the host does not know this key */
	RD_CLOSE_RIGHT = 3,		/* the key lacks the right or service asked for */
	RD_CLOSE_EXPIRED = 4,		/* the key has expired, or was removed while in use */
	RD_CLOSE_TOTP = 5,		/* wrong one-time code of an authenticator */
	RD_CLOSE_BUSY = 6,		/* the host has as many sessions as it takes */
	RD_CLOSE_SOURCE = 7,		/* what the host was to show failed or ended badly */
	RD_CLOSE_GOING = 8,		/* the host is shutting down */
	/* never on the wire: what we find ourselves */
	RD_CLOSE_NO_ANSWER = 256,	/* nobody answered a handshake */
	RD_CLOSE_SILENT = 257,		/* nothing was heard for RD_CONN_DEAD_NS */
	RD_CLOSE_PASSWORD = 258,	/* the password is wrong (XX1 was not answered, or forged) */
	RD_CLOSE_HOST_KEY = 259,	/* the host is not who we expect */
	RD_CLOSE_NO_PASSWORD = 260,	/* the host takes no password */
	RD_CLOSE_KEYS_OLD = 261,	/* rekeying failed for RD_CONN_KEYS_DEAD_NS */
	RD_CLOSE_NO_DIRECT = 262,	/* only a direct path was allowed, and there is none */
	RD_CLOSE_CODE = 263,		/* as PASSWORD, of a one-time code */
	RD_CLOSE_RELAY_KEY = 264,	/* the relay's key is not the one we know */
	RD_CLOSE_RELAY_NO = 265,	/* the relay said NO: dial's `no` says why */
	RD_CLOSE_RELAY = 266,		/* the relay cannot be reached */
};
const char *rd_close_name(uint64_t code);	/* "refused", …; "?" for what we do not know */

#define RD_CONN_RETRY_NS (UINT64_C(250) * 1000000)	/* first; doubles up to 2 s, ± 10 % */
#define RD_CONN_KEEPALIVE_NS (UINT64_C(10) * 1000000000)
#define RD_CONN_DEAD_NS (UINT64_C(30) * 1000000000)
#define RD_CONN_SILENT_NS (UINT64_C(3) * 1000000000)	/* with something unanswered */
#define RD_CONN_REKEY_NS (UINT64_C(120) * 1000000000)
#define RD_CONN_KEYS_DEAD_NS (UINT64_C(180) * 1000000000)
#define RD_CONN_HALF_OPEN_NS (UINT64_C(10) * 1000000000)
#define RD_CONN_PRF_SIZE 32		/* of a stretched password (net/password.h) */

/*
 * The first payload of each end: INIT {u64 timestamp, params}, RESPONSE
 * {params}, XX2 {params}, XX3 {params}. Params: {u16 version, varints:
 * window, stream window, units window, unit max}; more may follow and is ignored.
 */
struct rd_params { uint16_t version; uint64_t window, stream_window, units_window, unit_max; };
#define RD_SESSION_VERSION 1
#define RD_CONN_PROLOGUE "rd-session 1"

struct rd_conn_stats {
	struct rd_rtt rtt;
	struct rd_recovery_count packets;
	uint64_t bytes_sent, bytes_received;	/* datagrams, without UDP and IP */
	uint64_t window, in_flight, target_bps;
	unsigned epoch;				/* rekeyings done */
	size_t size;				/* of a datagram on this path */
	struct rd_mux_memory memory;
	struct rd_addr path;
};

struct rd_conn_ops {
	struct rd_mux_ops mux;	/* streams, units, events of the peer */
	/* Both ends have proven their keys. The peer's: rd_conn_peer. */
	void (*established)(void *ctx);
	/* It lives at another address now. */
	void (*moved)(void *ctx, const struct rd_addr *to);
	/* Nothing is heard (true) though something waits for an answer; heard again (false). */
	void (*silent)(void *ctx, bool silent);
	/* Probing wants so many sockets more (punch.h); 0: those not in use may go. */
	void (*sockets)(void *ctx, unsigned count);
	/*
	 * Nothing is acknowledged on this path: once, when it is left for another; again
	 * and again while there is none. family 0: no direct path was found though there
	 * should be one: where we may be reached is to be found out anew, and told.
	 */
	void (*stuck)(void *ctx, const struct rd_addr *path);
	/* Not NULL: the ctx of these two, which whoever has the endpoint sees to. */
	void *paths_ctx;
	/* Over, once. text is escaped, may be "". Nothing but rd_conn_free helps now. */
	void (*closed)(void *ctx, uint64_t code, const char *text);
};

struct rd_conn_config {
	const struct rd_keypair *own;	/* borrowed as long as the session lives */
	const char *cc;			/* rd_cc_open; NULL: "scream" */
	uint64_t cc_bps;
	uint64_t unit_max;		/* bytes of a unit we take; 0: none */
	uint64_t keepalive_ns;		/* 0: RD_CONN_KEEPALIVE_NS */
};

/* What an initiator knows of the host. */
struct rd_conn_dial {
	struct rd_addr to;
	const struct rd_key *host;	/* by keys: IK. NULL: by password */
	/*
	 * By password: TELL asks for it. Called with the host's salt; fills the
	 * stretched password (PRS). May say false: nobody knows one; then the
	 * session closes with RD_CLOSE_PASSWORD.
	 */
	bool (*stretch)(void *ctx, const uint8_t salt[static 16],
		uint8_t prs[static RD_CONN_PRF_SIZE]);
	/*
	 * By a one-time code instead: `stretch` gives the code's PRS (no salt counts),
	 * and these two go into CPace's channel identifier. slot 0: a password.
	 */
	uint32_t slot;
	struct rd_key relay;
	uint64_t wall_ns;		/* CLOCK_REALTIME now, for the times of INITs */
	uint64_t patience_ns;		/* NO_ANSWER after so long; 0: RD_CONN_HALF_OPEN_NS */
};

struct rd_conn *rd_conn_dial(const struct rd_conn_config *cfg, const struct rd_conn_dial *dial,
	const struct rd_conn_ops *ops, void *ctx, uint64_t now_ns);
void rd_conn_free(struct rd_conn *c);
/* Before it stands: it gives up so long from now, whatever was said before. */
void rd_conn_patience(struct rd_conn *c, uint64_t patience_ns, uint64_t now_ns);

/*
 * A datagram. Its memory is used for decryption in place. Returns 0, or -EPROTO
 * when it is not for this session or not genuine: it was then ignored.
 */
int rd_conn_receive(struct rd_conn *c, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns);
/* The next datagram to send now: its length and where to; 0: none. cap ≥ RD_PACKET_MAX. */
size_t rd_conn_send(struct rd_conn *c, struct rd_addr *to, uint8_t *out, size_t cap,
	uint64_t now_ns);
uint64_t rd_conn_deadline(const struct rd_conn *c);
void rd_conn_tick(struct rd_conn *c, uint64_t now_ns);

/*
 * The initiator reaches the host at another address from now on: another
 * connection, or another interface of its own (`to` may be what it was). The
 * host follows as soon as it hears of it.
 */
void rd_conn_move(struct rd_conn *c, const struct rd_addr *to, uint64_t now_ns);
/*
 * A TCP connection has ended. A session on it goes nowhere until rd_conn_move, a
 * packet from elsewhere, or RD_CONN_DEAD_NS. True: it was on it.
 */
bool rd_conn_carrier_gone(struct rd_conn *c, uint32_t carrier, uint64_t now_ns);

/*
 * Where we may be reached, told to the peer now; both ends' candidates are
 * probed from then on (punch.h), and the session goes to the best path and
 * leaves dead ones. The initiator chooses; the responder follows, and moves by
 * itself only when its path is dead. May come at any time, also before the
 * session stands; `own->policy` counts until rd_conn_policy, its generation does not.
 */
void rd_conn_candidates(struct rd_conn *c, const struct rd_candidates *own, uint64_t now_ns);
/* The sockets asked for by ops->sockets. */
void rd_conn_sockets(struct rd_conn *c, const uint32_t *carriers, unsigned count, uint64_t now_ns);
/*
 * What paths may be used; what is in use and is not allowed is left when there
 * is another. Where either end asks for a direct one, streams, units and events
 * wait on a relayed path.
 */
void rd_conn_policy(struct rd_conn *c, enum rd_path_policy policy, uint64_t now_ns);
struct rd_conn_way {
	struct rd_addr path;
	enum rd_path_how how;
	uint64_t rtt_ns, since_ns;
	bool peer_told;			/* the peer's candidates have come */
	struct rd_nat own, peer;
	const char *why;		/* why no direct one, where it is relayed: static text */
	bool hopeless;			/* … and none is to be expected: nobody need wait for one */
};
struct rd_conn_way rd_conn_way(const struct rd_conn *c);

/* The mux of an established session: to write streams, units, events. NULL before. */
struct rd_mux *rd_conn_mux(struct rd_conn *c);
/* Says CLOSE (a few times, as long as the peer goes on), then `closed` comes. */
void rd_conn_close(struct rd_conn *c, uint64_t code, const char *text, uint64_t now_ns);
/* Closed, and nothing more to send: may be freed. */
bool rd_conn_over(const struct rd_conn *c);

const struct rd_key *rd_conn_peer(const struct rd_conn *c);	/* NULL while unproven */
bool rd_conn_by_password(const struct rd_conn *c);		/* or by a one-time code */
uint32_t rd_conn_slot(const struct rd_conn *c);			/* by a one-time code: of which slot; else 0 */
const struct rd_addr *rd_conn_path(const struct rd_conn *c);
const uint8_t *rd_conn_hash(const struct rd_conn *c);		/* of the handshake, 64 bytes */
/* What both ends call this session in what they tell: 16 letters of that hash's hash. */
#define RD_CONN_NAME 17
const char *rd_conn_name(const struct rd_conn *c, char out[static RD_CONN_NAME]);
void rd_conn_stats(const struct rd_conn *c, struct rd_conn_stats *out);
/* Of what we sent the share that was lost, 0 to 1; NAN: nothing was sent yet. */
double rd_conn_loss(const struct rd_conn_stats *s);
uint32_t rd_conn_index(const struct rd_conn *c);		/* ours, by which the peer names us */
/* Begins a rekeying now (initiator only); for tests. */
void rd_conn_rekey(struct rd_conn *c, uint64_t now_ns);

#endif
