#ifndef RD_NET_RELAY_CLIENT_PRIV_H
#define RD_NET_RELAY_CLIENT_PRIV_H

#include "net/inits.h"
#include "net/packet.h"
#include "net/relay_client.h"
#include "net/replay.h"

/*
 * Inside a relay client, for relay_client*.c only:
 *
 *	relay_client.c			the object, its clock, whose datagram is next
 *	relay_client_handshake.c	ASK, INIT and their answers
 *	relay_client_keys.c		DATA, sealed and opened
 *	relay_client_requests.c		requests, repeated until they are answered
 *	relay_client_answers.c		what the relay says
 *	relay_client_legs.c		legs, and binding them by their tickets
 *
 * There may be keys without a handshake (the usual state), a handshake without
 * keys (at the beginning, and after the relay was lost), or both: new keys are
 * made beside those in use.
 */
#define CLIENT_LEGS_VIEWER 4
#define CLIENT_REQUESTS 32
#define CLIENT_SLOTS 16
#define CLIENT_RETRY_NS (UINT64_C(250) * 1000000)	/* then twice as long, up to: */
#define CLIENT_RETRY_MAX_NS (UINT64_C(2) * 1000000000)
#define CLIENT_LOST_NS (UINT64_C(6) * 1000000000)	/* a request unanswered for so long */
#define CLIENT_UNKNOWN_NS (UINT64_C(1500) * 1000000)	/* the same, of a relay that is there */
#define CLIENT_OLD_NS (UINT64_C(10) * 1000000000)	/* replaced keys open what is under way */

struct client_keys {
	bool there;
	uint32_t own, peer;		/* indices: ours, by which the relay names these keys; its */
	uint64_t number;		/* of the next DATA */
	uint8_t send[32], recv[32];
	uint8_t hash[RD_NOISE_HASH];
	struct rd_replay replay;
	uint64_t made_ns;
	uint64_t renew_ns;		/* then new ones are made */
};

enum client_handshake_state {
	HANDSHAKE_NONE,
	HANDSHAKE_ASK,		/* who is it? */
	HANDSHAKE_TOLD,		/* our owner is asked whether that key is trusted */
	HANDSHAKE_INIT,
};

struct client_handshake {
	enum client_handshake_state state;
	struct rd_noise noise;
	uint32_t index;
	uint8_t nonce[16];		/* of ASK */
	uint8_t init[256];		/* the datagram */
	size_t init_len;
	uint64_t init_ns;		/* made then: an old one is not said */
	struct rd_inits inits;		/* those before it */
	uint64_t begun_ns;
	uint64_t due_ns, wait_ns;
	uint32_t say, ask;		/* to which ways it is still to be said, ASK beside it */
	unsigned rounds;		/* how often it was said */
	uint64_t cookie_until_ns;	/* it goes with every INIT until then; 0: none */
	uint8_t cookie[RD_COOKIE];
	uint64_t other_ns;		/* TELL named another key: that counts from then on; 0: no */
	struct rd_key other;
};

struct client_request {
	enum rd_relay_msg_type type;	/* 0: free */
	uint16_t number;
	uint32_t slot;
	uint8_t why;
	bool by_key;
	struct rd_key key;
	uint8_t *datagram;		/* CONNECT; ours */
	size_t len;
	uint64_t due_ns, wait_ns;
	uint64_t first_ns;		/* first sent with these keys; 0: not yet */
	uint32_t leg;			/* CONNECT, CONNECTED: which came of it */
	uint64_t end_ns;		/* it is repeated until then, or until that leg is heard of */
};

struct client_slot {
	uint32_t slot;			/* 0: free */
	uint16_t request;		/* asked again by the same number, the relay says the same slot */
	uint64_t until_ns;
};

struct client_leg {
	struct rd_relay_leg leg;	/* number 0: free */
	bool heard;			/* something came through it */
	bool binding;
	uint32_t mark;
	bool has_cookie;
	uint8_t cookie[RD_RELAY_COOKIE];
	unsigned challenged;
	uint64_t begun_ns, due_ns, wait_ns;
};

struct rd_relay_client {
	struct rd_keypair own;
	enum rd_relay_role role;
	bool has_key, has_join;
	bool by_code;
	uint32_t program;		/* a host's own; that a viewer asks for, and has met */
	struct rd_key key;		/* the relay's */
	uint8_t join[RD_JOIN_KEY];
	struct rd_relay_client_ops ops;
	void *ctx;
	uint64_t ahead_ns;		/* what CLOCK_REALTIME is ahead of now_ns */
	uint64_t said_ns;		/* the time in our last INIT */

	struct rd_addr to;		/* family 0: nowhere yet */
	struct rd_addr ways[RD_RELAY_WAYS];	/* tried by a handshake; family 0: free */
	struct client_handshake hs;
	struct client_keys keys, old;
	bool stands;			/* it serves us: REGISTERED, or KEPT, has come */
	bool moved;			/* since these keys were made: a relay binds no new leg there */
	bool unsure;			/* it was lost: nobody knows where it thinks our legs are */
	bool stopped;			/* it does not want us: nothing more is tried */
	bool other_told;
	struct rd_addr seen;
	enum rd_path_policy policy;
	uint64_t lifetime_ns;		/* without a word of ours it forgets us after that */
	uint64_t heard_ns;		/* its last word: an answer to one of ours */
	uint64_t there_ns;		/* it spoke of a leg then, which needs no session */
	uint64_t keep_ns;		/* the next KEEP */

	struct client_request requests[CLIENT_REQUESTS];
	uint16_t number;		/* of the last request */
	struct client_slot slots[CLIENT_SLOTS];
	struct client_leg *legs;	/* its number modulo legs_max is its place */
	unsigned legs_max, legs_count, turn;
	uint32_t generation;
	struct client_leg *last;	/* that something came for: mostly the next one, too */
};

/* relay_client.c */
/* `ns`, more or less by so many per cent. */
uint64_t client_jitter(uint64_t ns, unsigned percent);
/* When to say KEEP next. */
void client_keep(struct rd_relay_client *c, uint64_t now_ns);
/* Now it stands, or our address there or its policy is another one. */
void client_ready(struct rd_relay_client *c, const struct rd_addr *seen,
	enum rd_path_policy policy, uint64_t now_ns);

/* relay_client_handshake.c */
void client_handshake_begin(struct rd_relay_client *c, uint64_t now_ns);
void client_handshake_end(struct rd_relay_client *c);
/* Says it again at once. */
void client_handshake_again(struct rd_relay_client *c, uint64_t now_ns);
size_t client_handshake_send(struct rd_relay_client *c, struct rd_addr *to, uint8_t *out,
	size_t cap, uint64_t now_ns);
/* True: it was for us. */
bool client_handshake_receive(struct rd_relay_client *c, const struct rd_packet *p,
	const struct rd_addr *from, const uint8_t *data, size_t len, uint64_t now_ns);
void client_handshake_tick(struct rd_relay_client *c, uint64_t now_ns);
uint64_t client_handshake_deadline(const struct rd_relay_client *c);

/* relay_client_keys.c */
/* Takes them from a handshake that is through; those in use become the old ones. */
void client_keys_take(struct rd_relay_client *c, uint32_t peer, uint32_t lifetime_s,
	uint64_t now_ns);
void client_keys_drop(struct client_keys *k);
/* The message in DATA; 0: it is larger than `cap`. */
size_t client_seal(struct rd_relay_client *c, const struct rd_buf *message, uint8_t *out,
	size_t cap);
/* In place. NULL: not genuine, or it came before. */
uint8_t *client_open(struct client_keys *k, const struct rd_packet *p, uint8_t *data, size_t *len);

/* relay_client_requests.c */
/* NULL: there are too many. One of its kind that is under way already is returned instead. */
struct client_request *client_request_once(struct rd_relay_client *c,
	enum rd_relay_msg_type type, uint64_t now_ns);
struct client_request *client_request_find(struct rd_relay_client *c, uint16_t number);
struct client_request *client_request_of(struct rd_relay_client *c, enum rd_relay_msg_type type);
void client_request_end(struct client_request *r);
void client_request_later(struct client_request *r, uint64_t due_ns);
/* It was answered with that leg; whether the other end has heard of it is not yet known. */
void client_request_met(struct client_request *r, uint32_t leg, uint64_t now_ns);
/* The other end has. */
void client_request_heard(struct rd_relay_client *c, uint32_t leg);
/* There are new keys: all begins anew. */
void client_requests_anew(struct rd_relay_client *c, uint64_t now_ns);
/* It is registered anew with a relay that may have been started anew. */
void client_slots_again(struct rd_relay_client *c, uint64_t now_ns);
size_t client_requests_send(struct rd_relay_client *c, uint8_t *out, size_t cap, uint64_t now_ns);
uint64_t client_requests_deadline(const struct rd_relay_client *c);
/* One of them has waited for so long that nobody can be there. */
bool client_requests_lost(const struct rd_relay_client *c, uint64_t now_ns);

/* relay_client_answers.c. True as rd_relay_client_receive; an OFFER that came again is a payload. */
void client_message(struct rd_relay_client *c, uint8_t *data, size_t len, uint64_t now_ns,
	uint32_t *leg, uint8_t **payload, size_t *payload_len);

/* relay_client_legs.c */
struct client_leg *client_leg_find(struct rd_relay_client *c, uint32_t number);
struct client_leg *client_leg_by_handle(struct rd_relay_client *c,
	const uint8_t handle[static RD_HANDLE]);
/* NULL: there are too many. */
struct client_leg *client_leg_add(struct rd_relay_client *c, const struct rd_relay_msg *m,
	uint64_t now_ns);
/* All of them. Now: also those that are about to be bound already. */
void client_legs_bind(struct rd_relay_client *c, bool now, uint64_t now_ns);
size_t client_legs_send(struct rd_relay_client *c, uint8_t *out, size_t cap, uint64_t now_ns);
void client_legs_receive(struct rd_relay_client *c, const struct rd_relay_packet *p,
	uint64_t now_ns, uint32_t *leg, uint8_t **payload, size_t *payload_len);
void client_legs_tick(struct rd_relay_client *c, uint64_t now_ns);
uint64_t client_legs_deadline(const struct rd_relay_client *c);

#endif
