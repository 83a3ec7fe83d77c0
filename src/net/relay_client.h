#ifndef RD_NET_RELAY_CLIENT_H
#define RD_NET_RELAY_CLIENT_H

#include "net/relay_msg.h"
#include "net/relay_packet.h"

/*
 * One end's session with its relay, rd-relay(5): keys, requests and answers,
 * keeping it alive, new keys every hour, and the legs that the relay forwards
 * by. A state machine: datagrams and the time in, datagrams and the next
 * deadline out. net/agent.h joins it with an endpoint and with sessions.
 *
 * Without answers it begins anew by itself, 250 ms to 30 s apart (± 20 %, so
 * that not all come back at once to a relay that was started anew), and after
 * that registers again, asks for its slots again and binds its legs again.
 *
 * Callbacks come from within rd_relay_client_receive and rd_relay_client_tick;
 * they may call everything here but rd_relay_client_free. Each may be NULL.
 */
#define RD_RELAY_LEGS 256		/* of a host, at most */
struct rd_relay_client;

struct rd_relay_leg {
	/* rd_addr.carrier of whoever uses it; no two of a host's are equal modulo RD_RELAY_LEGS. */
	uint32_t number;
	uint32_t slot;			/* it was met by; 0: by key */
	struct rd_key peer;		/* host's side: as the relay says, unproven */
	uint8_t handle[RD_HANDLE], ticket[RD_TICKET];
};

struct rd_relay_client_ops {
	/* Its key, when we did not know it: rd_relay_client_trust, now or later, or free. */
	void (*told)(void *ctx, const struct rd_key *key);
	/* It stands (host: and serves us). `seen`: our address. Again when one of these changes. */
	void (*ready)(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy);
	/* Nothing is heard of it; it goes on trying. */
	void (*lost)(void *ctx);
	void (*slot)(void *ctx, uint32_t slot, uint32_t lifetime_s);
	/* A relay that was started anew does not know that slot; another one comes. */
	void (*slot_gone)(void *ctx, uint32_t slot);
	/* A leg is there; the first datagram of the other end, or none. */
	void (*leg)(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len);
	/* It is bound anew (after rd_relay_client_rebind, GONE …): what was said meanwhile is lost. */
	void (*leg_bound)(void *ctx, uint32_t number);
	/* The relay does not know it any more, and its ticket is worth nothing. */
	void (*leg_gone)(void *ctx, uint32_t number);
	/* It said NO to that request. After NO_ADMISSION, NO_JOIN_KEY nothing is tried any more. */
	void (*no)(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s);
	void (*drain)(void *ctx, uint32_t seconds);
	/* Its key is not the one we know (as far as can be told: as INIT's ASK in rd-session(5)). */
	void (*other_key)(void *ctx, const struct rd_key *key);
};

struct rd_relay_client_config {
	const struct rd_keypair *own;	/* copied, and so are the others */
	enum rd_relay_role role;
	const struct rd_key *relay;	/* NULL: ask */
	const uint8_t *join;		/* NULL: none */
	uint64_t wall_ns;		/* CLOCK_REALTIME now, for INIT */
	/*
	 * Of several hosts of one key. A host: which one this is, for the run of its
	 * program (0: drawn); a viewer: at which it has been before (0: any).
	 */
	uint32_t program;
	bool by_code;			/* a host: whoever asks for the key is for others, if there are any */
};

struct rd_relay_client *rd_relay_client_new(const struct rd_relay_client_config *cfg,
	const struct rd_relay_client_ops *ops, void *ctx, uint64_t now_ns);
void rd_relay_client_free(struct rd_relay_client *c);
/* CLOCK_REALTIME may have been set: what it is now. Tell it before every tick. */
void rd_relay_client_clock(struct rd_relay_client *c, uint64_t wall_ns, uint64_t now_ns);
/*
 * Where it is reached now: UDP, or a tunnel's stream. Begins, or goes on there
 * at once: says again what is unanswered, makes itself known from where it now
 * is, and binds its legs there. Family 0: nowhere for now.
 */
void rd_relay_client_to(struct rd_relay_client *c, const struct rd_addr *to, uint64_t now_ns);
/*
 * Where it may be reached besides, while it does not stand: what a handshake says
 * goes there, too, and the first that answers is where it is reached from then on.
 * rd_relay_client_to forgets the others. Nothing, if there are too many.
 */
#define RD_RELAY_WAYS 16
void rd_relay_client_also(struct rd_relay_client *c, const struct rd_addr *to, uint64_t now_ns);
/* The owner knows that it is lost, by its tunnel: as if nothing had been heard, but `lost` is not told. */
void rd_relay_client_again(struct rd_relay_client *c, uint64_t now_ns);
/* Not any more: a tunnel has ended. */
void rd_relay_client_not(struct rd_relay_client *c, const struct rd_addr *to);
const struct rd_addr *rd_relay_client_at(const struct rd_relay_client *c);
void rd_relay_client_trust(struct rd_relay_client *c, const struct rd_key *key, uint64_t now_ns);
/* True: it was the relay's. RELAYED: *leg and *payload say of whom and what; else *leg is 0. */
bool rd_relay_client_receive(struct rd_relay_client *c, const struct rd_addr *from, uint8_t *data,
	size_t len, uint64_t now_ns, uint32_t *leg, uint8_t **payload, size_t *payload_len);
size_t rd_relay_client_send(struct rd_relay_client *c, struct rd_addr *to, uint8_t *out,
	size_t cap, uint64_t now_ns);
uint64_t rd_relay_client_deadline(const struct rd_relay_client *c);
void rd_relay_client_tick(struct rd_relay_client *c, uint64_t now_ns);

/* The last word, once, in place of rd_relay_client_send; 0: there is nobody to tell. */
size_t rd_relay_client_bye(struct rd_relay_client *c, struct rd_addr *to, uint8_t *out,
	size_t cap);

/* Requests. They are repeated until answered. */
void rd_relay_client_want_slot(struct rd_relay_client *c, uint64_t now_ns);
void rd_relay_client_unslot(struct rd_relay_client *c, uint32_t slot, enum rd_slot_over why,
	uint64_t now_ns);
/* By key where host is not NULL. `first`: the other end's first datagram, copied. */
void rd_relay_client_connect(struct rd_relay_client *c, uint32_t slot, const struct rd_key *host,
	const uint8_t *first, size_t len, uint64_t now_ns);
/* RELAYED's header for a leg, into out; where it goes. False: there is no such leg. */
bool rd_relay_client_wrap(struct rd_relay_client *c, uint32_t leg, uint8_t traffic,
	uint8_t out[static RD_RELAYED_HEADER], struct rd_addr *to);
/* Nothing comes back through the leg: binds it anew, by its ticket. */
void rd_relay_client_rebind(struct rd_relay_client *c, uint32_t leg, uint64_t now_ns);
void rd_relay_client_drop(struct rd_relay_client *c, uint32_t leg);
bool rd_relay_client_stands(const struct rd_relay_client *c);
/* Which of the hosts of its key a viewer has met; 0: not known. */
uint32_t rd_relay_client_program(const struct rd_relay_client *c);
/* The key that it is known by, or NULL. */
const struct rd_key *rd_relay_client_key(const struct rd_relay_client *c);
const struct rd_relay_leg *rd_relay_client_leg(struct rd_relay_client *c, uint32_t leg);

#endif
