#ifndef RD_NET_CONN_PRIV_H
#define RD_NET_CONN_PRIV_H

#include "net/conn.h"
#include "net/cpace.h"
#include "net/inits.h"
#include "net/noise.h"
#include "net/path.h"
#include "net/received.h"
#include "net/replay.h"

/*
 * What the files of conn share, and server.c with them.
 *
 * The states of a session, and what leads from one to the next:
 *
 *	initiator, by keys		responder, by keys
 *	INIT				(server.c: an INIT that is no replay)
 *	  RESPONSE, to the last INIT	KEYED
 *	  or one before it → OPEN
 *					  DATA that opens → OPEN
 *	initiator, by password		responder, by password
 *	ASK				(server.c answers ASK without a session)
 *	  TELL → PAKE			(server.c: a PAKE with our nonce)
 *	PAKE				PAKED
 *	  PAKE_REPLY → XX1		  XX1 that opens → XXED
 *	XX1				XXED
 *	  XX2 that opens → OPEN,	  XX3 that opens → KEYED
 *	  XX3 is repeated until		KEYED
 *	  DATA comes			  DATA that opens → OPEN
 *
 *	OPEN, and either end
 *	  rd_conn_close, a broken rule → CLOSING; CLOSE of the peer, silence → CLOSED
 *	CLOSING
 *	  CLOSE of the peer, three probe timeouts → CLOSED
 *
 * Whatever does not open, is repeated, or does not belong to the state changes
 * nothing. Before OPEN a session ends when its time is up.
 */
enum rd_conn_state {
	RD_CONN_INIT,		/* INIT is out */
	RD_CONN_ASK,		/* ASK is out */
	RD_CONN_PAKE,		/* PAKE is out */
	RD_CONN_XX1,		/* XX1 is out */
	RD_CONN_PAKED,		/* PAKE is answered */
	RD_CONN_XXED,		/* XX1 is answered: the peer knows the password, its key is not shown yet */
	RD_CONN_KEYED,		/* there are keys; DATA will show that the peer has them, too */
	RD_CONN_OPEN,
	RD_CONN_CLOSING,	/* we have said CLOSE */
	RD_CONN_CLOSED,
};

#define RD_CONN_SID 32
#define RD_CONN_SEEN 16		/* bytes that tell one handshake message from another */

/* Of a session that is not open yet; wiped and freed when it is. */
struct rd_handshake {
	struct rd_conn_dial dial;	/* initiator */
	struct rd_noise noise;
	struct rd_cpace cpace;
	uint8_t sid[RD_CONN_SID];	/* the viewer's nonce, the host's nonce */
	uint8_t seen[RD_CONN_SEEN];	/* responder: of the message last answered */
	struct rd_addr peer;		/* responder: where that came from */
	bool elsewhere;			/* responder: it came from another address, too */
	struct rd_buf out;		/* the last datagram of ours, repeated as it is … */
	bool repeated;			/* … but INIT only once: whether that has been done, */
	struct rd_inits inits;		/* and those before the last */
	bool due;			/* it is to be sent now */
	bool ask_due;			/* INIT: so is ASK, beside it */
	uint64_t retry_ns;		/* initiator: when it is repeated */
	uint64_t wait_ns;		/* how long after that again */
	uint64_t give_up_ns;
	uint64_t patience_ns;		/* not 0: give_up_ns is so long after the next datagram */
	bool has_cookie;
	uint8_t cookie[RD_COOKIE];
	bool guessed;			/* PAKED: an XX1 did not open, and was counted */
	bool other_key;			/* TELL spoke of a key that is not the one we expect */
	struct rd_params theirs;
};

/* One epoch's keys, and what the next handshake is chained to. */
struct rd_conn_keys {
	bool there;
	uint8_t epoch;			/* low 8 bits, as in DATA's head */
	uint8_t send[32], recv[32];
	uint8_t hash[RD_NOISE_HASH];	/* of the handshake that made them */
	uint8_t psk[32];		/* its export "rekey" */
	uint64_t made_ns;
	uint64_t first;			/* packet number they began with */
};

/*
 * Rekeying, within the session. The initiator has `noise` while it waits for
 * the answer. Both keep what they said: loss detection asks for it again. A
 * REKEY counts only in a packet of the epoch that it replaces.
 */
struct rd_conn_rekey {
	struct rd_noise *noise;
	uint8_t said[RD_FRAME_REKEY_MAX];
	size_t said_len;		/* 0: nothing to say, nothing to repeat */
	bool say;			/* it is to be sent (again) */
	uint8_t seen[RD_CONN_SEEN];	/* responder: of the request it has answered */
	uint64_t old_until_ns;		/* keys.old is wiped then; UINT64_MAX: not yet known */
};

/*
 * Which paths there are besides the one in use (punch.h), and when that is dead.
 * The initiator chooses: it goes to the best; the responder follows to what it
 * has proven itself. Either leaves a path on which nothing is acknowledged.
 */
struct rd_conn_paths {
	struct rd_punch *punch;		/* NULL until our owner has told candidates */
	struct rd_candidates own, peer;	/* own.generation: of what was told last */
	bool has_own, has_peer, has_policy;
	enum rd_path_policy policy;
	bool say, known;		/* ours are to be told (again); the peer has got them */
	bool choose;			/* there may be a better path now */
	bool anew;			/* our owner is to find out anew where we are */
	uint64_t retell_ns;		/* what he has not told by then is what it was; UINT64_MAX */
	bool sockets;			/* asked for, and not yet let go */
	uint64_t chosen_ns;		/* we moved by ourselves then; 0: never */
	struct rd_addr peer_at;		/* where its newest packet that is not of probing came from */
	uint64_t handshake_rtt_ns;	/* 0: unknown */
	/* eliciting packets on this path: its first; the first after the last acknowledgement */
	uint64_t first, unheard_ns;	/* unheard_ns 0: there is none */
	uint64_t alive_ns;		/* when punch was last told of an acknowledgement */
	uint64_t stuck_ns;		/* `stuck` is said (again) then; 0: not stuck */
	uint64_t stuck_wait_ns;
	uint64_t nudge_ns;		/* whoever was told of it has done what he can; UINT64_MAX */
};

#define RD_CONN_ANSWERS 32

struct rd_conn_closing {
	uint64_t code;
	char text[4 * RD_FRAME_TEXT_MAX + 1];	/* ours, or the peer's, escaped */
	uint64_t pto_ns;
	uint64_t end_ns;		/* CLOSING → CLOSED */
	uint64_t say_ns;		/* next CLOSE; UINT64_MAX: none */
	unsigned said;
	bool told;			/* ops->closed was called */
};

struct rd_conn {
	struct rd_conn_config cfg;
	struct rd_conn_ops ops;
	void *ctx;
	/*
	 * Server: a peer is proven: fills ops and ctx. False: the session is
	 * refused with RD_CLOSE_BUSY. NULL for an initiator.
	 */
	bool (*confirm)(void *server, struct rd_conn *c);
	void *server;

	enum rd_conn_state state;
	bool initiator, by_password, peer_known;
	uint32_t slot;			/* by_password: by a one-time code, of that slot of a relay; or 0 */
	struct rd_key peer;
	uint32_t index, peer_index;
	uint64_t born_ns;
	uint64_t timestamp;		/* responder, by keys: of the INIT */
	uint8_t hash[RD_NOISE_HASH];	/* of the first handshake */
	struct rd_handshake *hs;	/* NULL once nothing of it must be repeated */

	/* from OPEN on */
	struct { struct rd_conn_keys old, now, next; } keys;
	struct rd_conn_rekey rekey;
	unsigned epochs;		/* rekeyings done */
	uint64_t number;		/* of the next packet */
	struct rd_replay replay;
	struct rd_received received;
	struct rd_path path;
	struct rd_cc *cc;
	struct rd_pacer pacer;
	struct rd_recovery *recovery;
	struct rd_mux *mux;

	uint64_t now_ns;		/* of the call we are in */
	uint64_t heard_ns, sent_ns;	/* last genuine packet; last packet */
	uint64_t moved_ns;		/* current path since */
	bool silent;
	bool ping;			/* say something that must be acknowledged */
	bool keys_dead;			/* there was something to send, the keys are too old for it */
	unsigned probes;		/* packets due whatever the window says */
	uint64_t probed;		/* what packets below it said the probes have said again */
	unsigned timeouts;		/* probe timeouts in a row */
	/* CHALLENGEs to be answered, oldest first; of too many the oldest go */
	struct { uint8_t data[8]; struct rd_addr to; size_t size; } answers[RD_CONN_ANSWERS];
	unsigned answer_first, answer_count;
	struct rd_conn_paths paths;
	uint64_t asked_ns;		/* when the last handshake datagram of ours went */
	struct rd_conn_closing closing;

	/* for rd_conn_deadline: when sending last had nothing, when tick last ran */
	uint64_t dry_ns, ticked_ns;
	uint64_t paced_ns;		/* the pacer holds something back till then; UINT64_MAX: no */
	uint64_t bytes_sent, bytes_received;
};

/* params.c */
void rd_params_pack(struct rd_buf *b, const struct rd_params *p);
int rd_params_parse(struct rd_reader *r, struct rd_params *p);	/* 0 or -EPROTO */

/* conn.c */
struct rd_conn *rd_conn_new(const struct rd_conn_config *cfg, uint32_t index, bool initiator,
	uint64_t now_ns);
/* The handshake is through: what an open session needs. `path` is proven; NULL: none is. */
void rd_conn_open(struct rd_conn *c, const struct rd_addr *path, uint64_t now_ns);
/* Where packets go has changed from `was`. */
void rd_conn_on_move(struct rd_conn *c, const struct rd_addr *was, uint64_t now_ns);
/* What of the session this packet said is to be said again, if it still matters. */
void rd_conn_say_again(struct rd_conn *c, const struct rd_sent *p);
/* Over a stream nothing is lost, but for what was on the way when the session came to it. */
void rd_conn_see_to_losses(struct rd_conn *c);
static inline bool
rd_conn_half_open(const struct rd_conn *c)
{
	return c->state < RD_CONN_OPEN;
}

/* conn_close.c */
/* The session is over, and nothing more is said; `closed` comes at rd_conn_tell. */
void rd_conn_end(struct rd_conn *c, uint64_t code, const char *text);
/* The peer said CLOSE. */
void rd_conn_peer_closed(struct rd_conn *c, const struct rd_frame *f, uint64_t now_ns);
/* At the end of whatever may call back: tells what is due. */
void rd_conn_tell(struct rd_conn *c);
/* What to say to the peer now, and notes that it is said. */
struct rd_frame rd_conn_close_frame(struct rd_conn *c, uint64_t now_ns);
/* A genuine packet has come that says no CLOSE: the peer has not heard ours. */
void rd_conn_close_again(struct rd_conn *c, uint64_t now_ns);

/* conn_handshake.c */
void rd_handshake_new(struct rd_conn *c, uint64_t now_ns);
void rd_handshake_free(struct rd_conn *c);
/* What `out` now holds is the datagram to send and, by an initiator, to repeat. */
void rd_handshake_say(struct rd_conn *c, enum rd_conn_state state);
size_t rd_handshake_send(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns);
void rd_handshake_tick(struct rd_conn *c, uint64_t now_ns);
uint64_t rd_handshake_deadline(const struct rd_conn *c);
/* ASK, the datagram. */
void rd_handshake_pack_ask(const struct rd_conn *c, struct rd_buf *b);
/* 0 or -EPROTO. */
int rd_handshake_receive(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns);
/*
 * Reads a handshake message; one that does not open leaves all as it was, so
 * that the right one may still come. The payload's length (payload holds
 * RD_PACKET_HANDSHAKE_MAX) or as rd_noise_read.
 */
int rd_handshake_read(struct rd_conn *c, const struct rd_packet *p, uint8_t *payload);
/* Noise is through: takes keys, hash and the peer's key from it. */
void rd_handshake_take(struct rd_conn *c, uint64_t now_ns);
/* What we say of ourselves. */
struct rd_params rd_handshake_params(const struct rd_conn *c);
/* Responder: whether this message was the one last answered; if so, says the same again. */
bool rd_handshake_repeated(struct rd_conn *c, const struct rd_packet *p,
	const struct rd_addr *from);
void rd_handshake_seen(const struct rd_packet *p, uint8_t out[static RD_CONN_SEEN]);

/* conn_handshake_ik.c */
void rd_ik_start(struct rd_conn *c, uint64_t now_ns);
/* Nothing has come: what is said next, the same or another (net/inits.h). */
void rd_ik_again(struct rd_conn *c, uint64_t now_ns);
int rd_ik_cookie(struct rd_conn *c, const struct rd_packet *p);
int rd_ik_response(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns);
/* Responder: reads INIT, and then (the server has looked at timestamp and key) answers it. */
int rd_ik_read_init(struct rd_conn *c, const struct rd_packet *p, uint64_t *timestamp);
int rd_ik_answer(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns);

/* conn_handshake_password.c */
void rd_password_start(struct rd_conn *c);
int rd_password_tell(struct rd_conn *c, const struct rd_packet *p);
int rd_password_reply(struct rd_conn *c, const struct rd_packet *p);
int rd_password_xx2(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns);
/* What both must know. Of a one-time code its slot and relay count, too; slot 0: a password. */
struct rd_password_secret {
	const uint8_t *prs;		/* RD_CONN_PRF_SIZE bytes */
	uint32_t slot;
	const struct rd_key *relay;	/* NULL where slot is 0 */
};
int rd_password_answer_pake(struct rd_conn *c, const struct rd_packet *p,
	const struct rd_addr *from, const struct rd_password_secret *secret);
/* -EBADMSG: another password, or a forgery; the right XX1 may still come. */
int rd_password_xx1(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from);
int rd_password_xx3(struct rd_conn *c, const struct rd_packet *p, uint64_t now_ns);

/* conn_keys.c */
/* Seals datagram[16 … 16 + len) in place and writes the head before it. The whole length. */
size_t rd_keys_seal(struct rd_conn *c, uint8_t *datagram, size_t len);
/*
 * Opens a DATA packet in place: the frames' bytes and their number, and whose
 * keys they came with. NULL: not genuine, or a replay.
 */
uint8_t *rd_keys_open(struct rd_conn *c, const struct rd_packet *p, uint8_t *data, size_t *len,
	const struct rd_conn_keys **with);
/*
 * A genuine packet came with these keys: moves on to `next`, sees to the end of
 * `old`. Whether they are the ones now in use; `with` is of no use afterwards.
 */
bool rd_keys_heard(struct rd_conn *c, const struct rd_conn_keys *with, uint64_t now_ns);
/* Initiator, something is about to be sent: begins a rekeying when it is time. */
void rd_keys_before_send(struct rd_conn *c, uint64_t now_ns);
/* A REKEY frame, in a packet sealed with the keys now in use or not. 0 or -EPROTO. */
int rd_keys_frame(struct rd_conn *c, const struct rd_frame *f, bool current, uint64_t now_ns);
/* The keys are so old that nothing is to be sent with them. */
bool rd_keys_too_old(const struct rd_conn *c, uint64_t now_ns);
void rd_keys_tick(struct rd_conn *c, uint64_t now_ns);

/* conn_paths.c */
void rd_paths_free(struct rd_conn *c);
void rd_paths_open(struct rd_conn *c, uint64_t now_ns);
/* Both ends have told candidates: paths are chosen. */
bool rd_paths_managed(const struct rd_conn *c);
/* What both ends allow; where one asks for the relay, that is what counts. */
enum rd_path_policy rd_paths_policy(const struct rd_conn_paths *p);
static inline void *
rd_paths_ctx(const struct rd_conn *c)
{
	return c->ops.paths_ctx ? c->ops.paths_ctx : c->ctx;
}
/* A CANDIDATES frame. 0 or -EPROTO. */
int rd_paths_frame(struct rd_conn *c, const struct rd_frame *f, uint64_t now_ns);
/* Our CANDIDATES of that generation have come; or they were lost. */
void rd_paths_told(struct rd_conn *c, uint64_t generation);
void rd_paths_untold(struct rd_conn *c, uint64_t generation);
/* CHALLENGE came from there. */
void rd_paths_heard(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns);
/* Nothing of the mux may go this way: only a direct path is allowed. */
bool rd_paths_held(const struct rd_conn *c);
void rd_paths_tick(struct rd_conn *c, uint64_t now_ns);
/* Of what tick sees to; sending sees to punch's own deadline. */
uint64_t rd_paths_deadline(const struct rd_conn *c);

/* conn_follow.c */
/* ANSWER. True: it was to a probe. */
bool rd_paths_answered(struct rd_conn *c, const uint8_t data[static 8], const struct rd_addr *from,
	uint64_t now_ns);
/*
 * The newest packet, and not of probing, came from elsewhere than the path in
 * use. True: it is seen to, and no candidate of path.h.
 */
bool rd_paths_newest(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns);
/* The session is where it was not before; `was`: there. */
void rd_paths_moved(struct rd_conn *c, const struct rd_addr *was, uint64_t now_ns);
/* The initiator takes the best path; the responder only when its own is dead. */
void rd_paths_choose(struct rd_conn *c, uint64_t now_ns);
/* Goes there; all that was said on the dead path is said again at once, events first. */
void rd_paths_escape(struct rd_conn *c, const struct rd_addr *to, uint64_t now_ns);

/* conn_dead.c */
void rd_paths_sent(struct rd_conn *c, uint64_t now_ns);		/* an eliciting packet */
void rd_paths_acked(struct rd_conn *c, uint64_t number, uint64_t now_ns);
/* When the path in use counts as dead, or `stuck` is to be said again; UINT64_MAX. */
uint64_t rd_paths_dead_at(const struct rd_conn *c);
void rd_paths_leave_dead(struct rd_conn *c, uint64_t now_ns);

/* conn_receive.c: as rd_conn_receive, of a packet already parsed, by a server. */
int rd_conn_packet(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns);

/* conn_cc.c: the congestion control of whatever the path is: cfg->cc, or none on a stream. */
struct rd_cc *rd_conn_cc_open(const char *name, uint64_t bps, bool stream);
void rd_conn_cc_switch(struct rd_cc *cc, bool stream);

#endif
