#ifndef RD_VIEW_SOURCE_H
#define RD_VIEW_SOURCE_H

#include <stdbool.h>

#include "base/spawn.h"
#include "rd-view/options.h"
#include "rd-view/ssh.h"

enum source_kind { SOURCE_STDIN, SOURCE_FILE, SOURCE_COMMAND, SOURCE_SSH, SOURCE_HOST };

/* Where the stream comes from, and the way back. */
struct source {
	enum source_kind kind;
	int in;			/* the stream */
	int out;		/* what we send back; equal to `in`, or -1 */
	bool recorded;		/* a regular file: shown at its own pace */
	char **argv;		/* the command that brings it; NULL: none */
	int far;		/* its end of the link, -1 */
	int secret;		/* what it reads a code from, -1 */
	struct rd_child child;	/* that command, once started */
	struct ssh_url url;	/* SOURCE_SSH */
	const char *name;	/* for people: "build1", "s.rd"; borrowed */
	char *label;		/* … of a code, without its words; ours */
};

/*
 * Opens what there is; a command is only made ready. 0, or an exit code after
 * saying why. Close it in both cases.
 */
int source_open(struct source *s, struct options *o);
/* Starts the command: it may spend something, such as a code. 0, or an exit code after saying why. */
int source_start(struct source *s);
/* Closes what is the viewer's alone, or the guard's alone. */
void source_close_near(struct source *s);
void source_close_far(struct source *s);
/* The child is the guard's. */
void source_close(struct source *s);
/*
 * What to tell a person when the command has ended with this status ($? of a
 * shell) and the stream is not whole; NULL when the status explains nothing.
 * The caller frees.
 */
char *source_explain(const struct source *s, int status);

#endif
