#ifndef RD_TOP_SNAPSHOT_H
#define RD_TOP_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * What a program answers to `get` and `help` (rd-events(7)), read by jansson. Pure;
 * everything is bounded, and what is not known is NAN or "".
 */
#define SNAPSHOT_TEXT 96
#define SNAPSHOT_STAGES 10
#define SNAPSHOT_PEERS 32

enum figure {
	FIGURE_RATE,	/* bit/s that come, or go to viewers */
	FIGURE_BACK,	/* bit/s the other way */
	FIGURE_FPS,
	FIGURE_LATENCY,	/* ms, drawn there to seen here */
	FIGURE_RTT,	/* ms */
	FIGURE_LOSS,	/* share of 1 */
	FIGURE_LIMIT,	/* bit/s, max-bitrate */
	FIGURE_AGE,	/* s */
	FIGURE_WIDTH, FIGURE_HEIGHT,
	FIGURES,
};

enum kind { KIND_COPY, KIND_EXACT, KIND_VIDEO, KIND_RAW, KINDS };
enum verb { VERB_PAUSE, VERB_RESUME, VERB_END, VERB_REFRESH, VERB_SAVE, VERBS };
enum settable { SET_BITRATE, SET_PATH, SETTABLES };
extern const char *const kind_names[KINDS], *const verb_names[VERBS],
	*const settable_names[SETTABLES];

#define SNAPSHOT_STAGE 24
struct snapshot_stage { char name[SNAPSHOT_STAGE]; double ms; };

/* A viewer of rd-send's. */
struct snapshot_peer {
	char name[SNAPSHOT_TEXT], rights[SNAPSHOT_TEXT], path[32], why[SNAPSHOT_TEXT], id[32];
	unsigned number;	/* rd-send's of it; 0: not known */
	double rtt_ms, loss, rate, fps, latency_ms, age;
};

struct snapshot {
	char name[SNAPSHOT_TEXT], tool[32], version[32];
	pid_t pid, leader;
	char state[32];
	char path[32], policy[16];	/* how it goes; which ways may be used */
	char how[SNAPSHOT_TEXT], why[SNAPSHOT_TEXT], where[SNAPSHOT_TEXT]; /* of the path */
	char id[32];			/* what both ends call the session */
	char what[SNAPSHOT_TEXT];	/* with whom, or of what */
	char film[SNAPSHOT_TEXT];	/* which is being written */
	double bytes, pictures;		/* so far, of those who tell no rates */
	char rights[SNAPSHOT_TEXT];	/* ours, at a host */
	double figure[FIGURES];
	double kind[KINDS];		/* pixels so far, or NAN */
	struct snapshot_stage stage[SNAPSHOT_STAGES];
	unsigned stages;
	struct snapshot_peer peer[SNAPSHOT_PEERS];
	unsigned peers, peers_more;	/* more than fit */
};

extern const char snapshot_paused[];	/* as a state */
/* Nothing is known. */
void snapshot_clear(struct snapshot *s);
/* An answer to get. 0; -EPROTO: it is none, and *s is untouched. */
int snapshot_parse(struct snapshot *s, const char *json, size_t len);
/* An answer to help. */
int snapshot_parse_help(const char *json, size_t len, bool verb[static VERBS],
	bool settable[static SETTABLES]);
/* An answer to anything else: 0, or -EPERM with what it says instead, in why. */
int snapshot_parse_answer(const char *json, size_t len, char *why, size_t cap);

#endif
