#ifndef RD_SEND_SESSION_H
#define RD_SEND_SESSION_H

#include "base/meter.h"
#include "chan/chan.h"
#include "chan/msg_session.h"
#include "media/monitor.h"
#include "rd-send/serve.h"
#include "wire/msg_link.h"

enum session_state {
	SESSION_OPENING,	/* it has proven its key; what does it want? */
	SESSION_DECIDING,	/* the monitor decides */
	SESSION_CHALLENGED,	/* the viewer was asked for a code */
	SESSION_WATCHING,
	SESSION_ENDING,		/* the stream is over; END follows the last picture */
	SESSION_OVER,		/* closed; only its memory is left */
};

/* Pings of a viewer whose answer is not here yet; of more the oldest is forgotten. */
#define SESSION_PINGS 8
/* Frames whose way is measured; of more on their way the oldest is forgotten. */
#define SESSION_FRAMES 64

/* Of some messages the newest counts, whenever it comes: a size, how Caps Lock is. */
#define SESSION_KEPT 2
struct kept { size_t len; uint8_t body[128]; };

struct session {
	struct session *next;
	struct serve *serve;
	struct rd_conn *conn;
	struct rd_chan *chan;
	uint32_t id;
	uint8_t number;		/* the channel of its input, 1 … */
	uint32_t leg;		/* of the relay, that it came through; 0: none */
	enum session_state state;
	bool granted;		/* it was let in once */
	bool by_code;		/* it came by a one-time code … */
	bool remember;		/* … and may say that it wants to come again */
	unsigned rights;
	char name[128];		/* ours for it; "" */
	uint64_t since_ns;	/* when it was let in */
	struct rd_meter up, down, shown;	/* bytes of messages; frames */
	uint64_t lost;		/* frames that were dropped for it */
	struct { uint32_t number; uint64_t sent_ns; } frames[SESSION_FRAMES]; /* that went out */
	uint64_t latency_ns;	/* from there to the word that it is shown, the last; 0: not known */
	struct rd_timer limit;	/* of the present state */

	/* of the stream; see viewer.c */
	struct source *source;
	struct session *next_viewer;
	bool joined;		/* it gets what comes */
	bool unshown;		/* … but not yet what was there before it came */
	bool acks;		/* it says itself what it has shown */
	bool clips;		/* it has said something of a clipboard */
	uint8_t clip_watch;	/* … and this, of what it wants to hear of */
	bool clip_parted;	/* a pause came between the two clipboards */
	bool state_stale;	/* it missed some of pointer and monitors while it was slow */
	uint64_t rate;		/* bits a second it wants at most; 0: no bound */
	bool has_rate;
	bool listens;		/* it wants sound … */
	uint8_t sound_lost;	/* … and did not get so many percent of it */
	struct rd_monitor_names watched; /* monitors that it looks at; none: at everything */
	struct kept kept[SESSION_KEPT];	/* what it said while this host was paused */
	uint64_t pings[SESSION_PINGS];
	unsigned ping_at;

	/* the end */
	struct rd_end_msg end;
	bool end_said;
	uint64_t left;		/* bytes of pictures on their way when last looked at */
	int code;		/* what it means as our exit status */
};

/* A peer has proven its key. False: there is no room. */
bool session_accept(struct serve *sv, struct rd_conn *conn, struct rd_conn_ops *ops, void **ctx);
void session_free(struct session *s);
struct session *session_find(struct serve *sv, uint32_t id);

/* session_talk.c: the first words, OPEN and ANSWER. 0, or -EPROTO. */
int session_opened(struct session *s, const struct rd_msg *m);
int session_answered(struct session *s, const struct rd_msg *m);
/* What the monitor has decided. */
void session_challenge(struct session *s, uint8_t kind);
void session_grant(struct session *s, unsigned rights, const char *name);
/* After a meeting by code: what the viewer wants, and what the monitor says to it. */
int session_remember(struct session *s, const struct rd_msg *m);
void session_remembered(struct session *s, bool yes);
/* At once. Nothing is sent after it. */
void session_close(struct session *s, uint64_t code, const char *text);
/* The stream is over: END as soon as all pictures have arrived, then it closes. */
void session_finish(struct session *s, const struct rd_end_msg *end);
/* Before every sleep: what the last turn has made possible. */
void session_check(struct session *s);
/* 0, or why it was not queued; the session goes on. */
int session_send(struct session *s, const struct rd_msg *m);
void session_send_buf(struct session *s, uint16_t type, struct rd_buf *body);

#endif
