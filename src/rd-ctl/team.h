#ifndef RD_CTL_TEAM_H
#define RD_CTL_TEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "control/client.h"

/*
 * What a NAME stands for: the programs of one session on this machine, rd-view and
 * the rd-recv that it started, or rd-send and its producers. Which those are they
 * say themselves: they have one leader. Who leads comes first; it is asked first,
 * and the others for what it does not have.
 */
struct team {
	struct rd_control_found *members;
	size_t count;
};

/* How long a program may take to answer. */
#define ANSWER_MS 5000

/*
 * By NAME, NAME/TOOL or a pid. 0, or an exit code after a line on stderr: nothing is
 * called so, or several are (which are listed).
 */
int team_find(struct team *t, const char *name);
/* … waiting for it to be there, until that time (rd_clock_ns). */
int team_wait(struct team *t, const char *name, uint64_t until_ns);
void team_finish(struct team *t);

/*
 * The answer of one: a JSON object, the caller's to decref; *text, if text is not
 * NULL, is the line itself, to free. NULL: it does not answer, or not in JSON.
 */
json_t *team_ask(const struct rd_control_found *member, const char *request, char **text);
/* … as "yes" says; "name" of a no, or "". */
bool answer_is_ok(const json_t *answer);
const char *answer_name(const json_t *answer);
/* All values of all of them as one object; those of who comes first count. NULL: none answers. */
json_t *team_snapshot(const struct team *t);
/*
 * What all of them have, as one answer to help (team_help.c): a value can be set if one
 * of them sets it. The caller's to decref; NULL: none answers.
 */
json_t *team_help(const struct team *t);
/*
 * Of "values" by "key", or of "verbs" by "verb": the one that was meant by word, to free;
 * NULL: none is near.
 */
char *team_nearest(const struct team *t, const char *list, const char *by, const char *word);

#endif
