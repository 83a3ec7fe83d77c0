#ifndef RD_SEND_SOURCE_H
#define RD_SEND_SOURCE_H

#include "chan/cache.h"
#include "rd-send/session.h"
#include "wire/link.h"

/*
 * A producer's stream and who watches it: one viewer, or with --shared all.
 * With one it is a plain pipe: back-pressure reaches the producer, losses are
 * told, nothing is kept. With several nobody waits for the slowest (who skips
 * to a sync point), the fastest acknowledges, wishes for a sync point are
 * gathered to one a second, and what a new viewer needs is kept. A recording
 * (a stream without a clock) waits for everybody, and for the first.
 */
#define SOURCE_REFRESH_NS (UINT64_C(1000) * 1000000)

struct source {
	struct source *next;
	struct serve *serve;
	uint32_t id;		/* the session's it belongs to; SAID_SHARED …: of all; 0: stdin */
	bool shared;
	bool produced;		/* by a command of ours; else it is stdin */
	int fd;			/* the producer's socket, or -1; ours to close */
	struct rd_link *link;	/* NULL until the monitor has started the producer */
	bool up;		/* what viewers say goes somewhere … */
	bool obeys;		/* … where it is obeyed: a producer, or stdin is a socket */
	bool injects;		/* … to stdout, where input is obeyed, perhaps */
	bool recorded;		/* stdin is a file, live as its stream may have been once */
	bool resized;		/* a viewer has asked for another size of the desktop */
	struct rd_hello hello, mine;
	bool greeted, live;
	struct session *viewers;

	/* share.c */
	struct rd_cache *cache;	/* NULL unless shared */
	uint32_t begun[RD_CHAN_SCREENS];	/* frames: the last that began … */
	uint32_t newest[RD_CHAN_SCREENS];	/* … that is whole … */
	uint32_t acked[RD_CHAN_SCREENS];	/* … that the producer heard of */
	uint64_t rate;		/* bits a second, as the producer was told */
	bool listens;		/* somebody wants sound, as it was told … */
	uint8_t sound_lost;	/* … and how much of it the worst off loses */
	struct rd_monitor_names watched; /* at which of the monitors somebody looks, likewise */
	struct rd_timer refresh;
	uint64_t refreshed_ns;

	/* pause.c */
	bool stale;		/* after a pause: what comes may still be of before its end, … */
	uint64_t token;		/* … until this FRESH is answered */
	struct kept locked;	/* the last LOCKED of a pause, … */
	uint64_t locked_ns;	/* … and its time */
	struct rd_cache *pointer; /* as it is now, while nobody sees it; NULL */

	/* the end */
	struct rd_end_msg end;
	bool over;		/* nothing comes any more, and the viewers know */
	bool unexplained;	/* it was cut short; the producer's status will say why */
	bool reported;		/* the monitor knows that its link is over */
	bool going;		/* our END is on its way to it */
	bool too_large_told;
	struct rd_timer limit;	/* of waiting for its status, or of its going */
};

/* stdin. 0, or an exit code after a line on stderr. */
int source_stdin(struct serve *sv);
/* Brings a session to its source, which may have to be made first. */
void source_enter(struct session *s);
/* Its held keys come up, and a source of its own ends. */
void source_leave(struct session *s);
/* What the monitor says: the producer's socket, or why there is none; its exit status. */
void source_produced(struct serve *sv, const struct said *s, int fd);
void source_status(struct serve *sv, const struct said *s);
void source_free(struct source *src);
/* What that viewer holds down comes up; what it has copied is gone, and it is given nothing. */
void source_release_keys(struct session *s);
void source_clear_clipboard(struct session *s);
/* By the number of the session it belongs to: one with a producer of ours. NULL: none. */
struct source *source_find(struct serve *sv, uint32_t id);
/* Upwards. 0, or -EPROTO: a viewer says more than the producer takes. */
int source_up(struct source *src, const struct rd_msg *m);
void source_up_buf(struct source *src, uint16_t type, uint8_t channel, struct rd_buf *body);

/* source_end.c */
/* Ends it in good order, soon. */
void source_end(struct source *src);
/* The producer says END, or is cut short. */
void source_ended(struct source *src, const struct rd_end_msg *end);
/* The stream is over, for a reason that stands in src->end: the viewers hear of it. */
void source_over(struct source *src);
/* src->limit has passed. */
void source_limit(void *ctx);

/* share.c */
void share_init(struct source *src);
void share_finish(struct source *src);
/* A message from the producer, before the viewers get it. */
void share_note(struct source *src, const struct rd_msg *m);
/* Lets a viewer begin where it can. */
void share_join(struct session *s);
/* Shows it what it has not been shown, because nothing was shown as it came. */
void share_catch_up(struct session *s);
/* A viewer that was slow, or came early, knows pointer and monitors as they are now. */
void share_state(struct session *s);
/* A sync point is wished for. */
void share_refresh(struct source *src);
/* A viewer has shown that frame. -EPROTO: there is no such frame. */
int share_acked(struct source *src, uint8_t channel, uint32_t number);
/* All there is of frames has been dealt with. */
void share_ack_all(struct source *src);
/* The viewers' wishes have changed. */
void share_rate(struct source *src);
void share_listen(struct source *src);
void share_watched(struct source *src); /* watched.c */
/* Holds the producer back, or lets it go on. */
void share_pace(struct source *src);

#endif
