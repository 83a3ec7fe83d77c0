#ifndef RD_NET_SERVER_PRIV_H
#define RD_NET_SERVER_PRIV_H

#include "net/code.h"
#include "net/conn_priv.h"
#include "net/limit.h"
#include "net/server.h"

/*
 * What the files of server share. A session is found by its index modulo
 * SERVER_SLOTS: an index is drawn anew until its place there is free. The
 * dense list is what send, tick and deadline walk.
 */
#define SERVER_SLOTS 1024
#define SERVER_MAX 768		/* half-open, open and closing together */
#define SERVER_REPLIES 256	/* answers without a session, until they are sent */
#define SERVER_REPLY_MAX 96

struct server_session {
	struct rd_conn *conn;
	void *conn_ctx;
	bool confirmed;		/* the owner knows it */
	unsigned place;		/* in the list */
};

struct server_reply {
	struct rd_addr to;
	size_t len;
	uint8_t data[SERVER_REPLY_MAX];
};

struct server_timestamp {
	struct rd_key key;
	uint64_t value, used;	/* used: greater is later; 0: free */
};

/* A one-time code that somebody may still come with. */
struct server_code {
	uint32_t slot;		/* 0: free */
	struct rd_key relay;
	uint8_t prs[RD_CONN_PRF_SIZE];
	uint64_t until_ns;
	unsigned guesses;
};

struct rd_server {
	struct rd_server_config cfg;
	const struct rd_server_ops *ops;
	void *ctx;
	struct rd_server_stats stats;

	struct server_session *by_index[SERVER_SLOTS];
	struct server_session *list[SERVER_MAX];
	unsigned count;
	unsigned cursor, burst;	/* whose turn it is to send, and how often it did */

	/* server_paths.c: for sessions to come */
	struct rd_candidates candidates;
	enum rd_path_policy policy;
	bool has_candidates, has_policy;

	struct server_reply replies[SERVER_REPLIES];
	unsigned reply_first, reply_count;

	struct server_code codes[RD_SERVER_CODES];	/* server_code.c */

	/* server_guard.c */
	struct rd_cookie_jar jar;
	struct rd_limit *limit;
	uint64_t second_ns, busy_until_ns;
	unsigned in_second;
	struct server_timestamp timestamps[RD_SERVER_TIMESTAMPS];
	uint64_t timestamp_uses;
	uint64_t guesses[RD_SERVER_GUESSES];
	uint64_t guess_count, locked_until_ns;
	uint64_t note_second_ns;
	unsigned notes;
};

/* server.c */
/* A new half-open session; NULL: no room. */
struct server_session *server_add(struct rd_server *s, uint64_t now_ns);
/*
 * One has come to stay: when there are too many half-open ones, one of the source
 * that has most of them goes, so that nobody crowds others out by himself.
 */
void server_make_room(struct rd_server *s);
void server_remove(struct rd_server *s, struct server_session *session);
struct server_session *server_find(const struct rd_server *s, uint32_t index);

/* server_greet.c: what strangers send */
void server_init(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns);
void server_ask(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns);
void server_pake(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns);
/* XX1, XX3, DATA: what names a session. */
void server_packet(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns);

/* server_code.c: one-time codes */
/* The slot by which that address meets us; 0: by none. */
uint32_t server_slot(const struct rd_server *s, const struct rd_addr *from);
/* The code of that slot, if its time has not passed; NULL. */
const struct server_code *server_code(struct rd_server *s, uint32_t slot, uint64_t now_ns);
/* Somebody came with another code: half-open sessions may go, the one that guessed, too. */
void server_code_guessed(struct rd_server *s, uint32_t slot, const struct rd_addr *from,
	uint64_t now_ns);
/* Whether it is not over; who has shown that he knows it comes in, if only just in time. */
bool server_code_there(struct rd_server *s, uint32_t slot);
/* Somebody has come in with it; whoever accepted him may have dropped it. */
void server_code_used(struct rd_server *s, uint32_t slot);
uint64_t server_code_deadline(const struct rd_server *s);
void server_code_tick(struct rd_server *s, uint64_t now_ns);

/* server_paths.c: a session has been accepted: what all others were told */
void server_tell_paths(const struct rd_server *s, struct rd_conn *c);

/* server_guard.c: how much of it is listened to */
/* Counts an initiation; true: there are so many that a cookie is asked for. */
bool server_busy(struct rd_server *s, uint64_t now_ns);
/*
 * The INIT that `c` has just read, of this timestamp, is no newer than one of
 * the same key: of a session that is there, half open or more, or of one that
 * was there. INITs that nobody confirmed leave nothing behind, so strangers
 * cannot push out what is remembered of those who had a session.
 */
bool server_replayed(const struct rd_server *s, const struct rd_conn *c, uint64_t timestamp);
/* The peer has confirmed its INIT. */
void server_remember(struct rd_server *s, const struct rd_conn *c);
void server_guessed(struct rd_server *s, const struct rd_addr *from, uint64_t now_ns);
/* A password is set, and there were not too many wrong ones. */
bool server_takes_password(const struct rd_server *s, uint64_t now_ns);
void server_note(struct rd_server *s, const struct rd_addr *from, const char *what,
	uint64_t now_ns);

#endif
