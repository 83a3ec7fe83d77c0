#ifndef RD_INDICATOR_PEOPLE_H
#define RD_INDICATOR_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Who is connected to an rd-send, as its control socket tells (rd-events(7)): all of
 * them once, as the answer to get, and then who comes and goes, by its events. Pure.
 */
#define PEOPLE_MAX 255			/* rd-send has no more viewers at once */
#define PEOPLE_NAME 64

struct person {
	unsigned id;			/* rd-send's number of it */
	char name[PEOPLE_NAME];		/* ours for it, or its key's fingerprint; printable ASCII */
	bool hears, controls, speaks;
};

struct people {
	struct person who[PEOPLE_MAX];
	unsigned count;
	bool paused;
};

enum people_news { PEOPLE_SAME, PEOPLE_CHANGED, PEOPLE_FOREIGN };

/* A line of the socket's. PEOPLE_FOREIGN: it is none. */
enum people_news people_take(struct people *p, const char *line, size_t len);
/* "ann sees, hears and controls this desktop"; a name is cut where that has more letters than room. */
#define PEOPLE_SENTENCE (PEOPLE_NAME + 80)
#define PEOPLE_NAME_LEAST 8
void people_sentence(const struct people *p, unsigned i, unsigned room, char out[static PEOPLE_SENTENCE]);

#endif
