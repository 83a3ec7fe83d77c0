#ifndef RD_NET_SERVER_H
#define RD_NET_SERVER_H

#include "net/conn.h"

/*
 * The responder of many sessions, still without I/O: tells datagrams apart,
 * answers handshakes within limits, and keeps the sessions.
 *
 * Limits (WireGuard's): more than RD_SERVER_BUSY initiations a second ask for
 * a cookie; with one, 20 a second and a burst of 5 for each source. Sessions
 * not confirmed within 10 s go; at most RD_SERVER_HALF_OPEN of them, of the
 * source that has most the oldest goes first. An INIT's timestamp must be greater than that of every session of
 * its key, those there are and those there were (of the last RD_SERVER_TIMESTAMPS
 * keys that confirmed one), else it is a replay; the very same INIT again gets
 * the same answer again while it is half open. Of one viewer that made several
 * INITs the half-open sessions go as soon as one is confirmed.
 */
#define RD_SERVER_BUSY 50
#define RD_SERVER_HALF_OPEN 256
#define RD_SERVER_SESSIONS 256
#define RD_SERVER_TIMESTAMPS 1024
#define RD_SERVER_GUESSES 10		/* wrong passwords an hour; then none for 15 min */

#define RD_SERVER_CODES 8

enum rd_code_end { RD_CODE_USED, RD_CODE_BURNT, RD_CODE_EXPIRED };

struct rd_server;

struct rd_server_ops {
	/*
	 * A peer has proven its key (after its first DATA, so no replay comes
	 * here). Fills the ops and ctx of the session; false refuses it: the
	 * server closes it with RD_CLOSE_BUSY. conn->ops.established is called next.
	 */
	bool (*accept)(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx);
	/* The session is over and about to be freed. */
	void (*gone)(void *ctx, struct rd_conn *conn, void *conn_ctx);
	/*
	 * Whether a datagram to that place would leave at once: sessions on a full
	 * TCP connection are not asked for packets, so that what is late is dropped
	 * before the socket. NULL: always.
	 */
	bool (*can_send)(void *ctx, const struct rd_addr *to);
	/* The slot of a relay by which that (relayed) address meets us; 0: none. NULL: never. */
	uint32_t (*slot)(void *ctx, const struct rd_addr *from);
	/* A one-time code is over: used (somebody has come with it), burnt, or its time has passed. */
	void (*code_over)(void *ctx, uint32_t slot, enum rd_code_end end);
	/* For the log, at most a few a second: "a replayed INIT", "a wrong password" … */
	void (*note)(void *ctx, const struct rd_addr *from, const char *what);
};

struct rd_server_config {
	struct rd_conn_config conn;
	bool introduce;			/* answer ASK with our key (else only if a password is set) */
	bool has_password;
	uint8_t prs[RD_CONN_PRF_SIZE];	/* stretched password, and its salt */
	uint8_t salt[16];
};

struct rd_server *rd_server_new(const struct rd_server_config *cfg,
	const struct rd_server_ops *ops, void *ctx);
void rd_server_free(struct rd_server *s);
/* Another password, or none; running sessions stay. */
void rd_server_password(struct rd_server *s, bool has, const uint8_t prs[RD_CONN_PRF_SIZE],
	const uint8_t salt[16]);

/*
 * A one-time code: whoever comes through that slot and knows PRS gets in, once,
 * until `until_ns`; RD_CODE_GUESSES wrong ones burn it. The slot and the relay's
 * key are bound into CPace. Another code of the same slot takes its place. 0, or
 * -ENOSPC. Dropped, it is over without code_over.
 */
int rd_server_code(struct rd_server *s, uint32_t slot, const struct rd_key *relay,
	const uint8_t prs[static RD_CONN_PRF_SIZE], uint64_t until_ns);
void rd_server_code_drop(struct rd_server *s, uint32_t slot);
/* For every session: net/conn.h. Pending ones: for none, and new ones wait for others. */
void rd_server_candidates(struct rd_server *s, const struct rd_candidates *own, uint64_t now_ns);
void rd_server_policy(struct rd_server *s, enum rd_path_policy policy);

void rd_server_receive(struct rd_server *s, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns);
size_t rd_server_send(struct rd_server *s, struct rd_addr *to, uint8_t *out, size_t cap,
	uint64_t now_ns);
uint64_t rd_server_deadline(const struct rd_server *s);
void rd_server_tick(struct rd_server *s, uint64_t now_ns);
/*
 * A carrier (TCP connection) is gone: sessions on it wait for a packet from
 * elsewhere until they are dead.
 */
void rd_server_carrier_gone(struct rd_server *s, uint32_t carrier, uint64_t now_ns);
unsigned rd_server_count(const struct rd_server *s);	/* sessions, half-open ones too */
struct rd_server_stats {
	uint64_t initiations, cookies, refused, replays, guesses, accepted;
};
struct rd_server_stats rd_server_stats(const struct rd_server *s);

#endif
