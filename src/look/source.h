#ifndef RD_LOOK_SOURCE_H
#define RD_LOOK_SOURCE_H

#include <stdbool.h>

#include "base/spawn.h"
#include "look/ask.h"
#include "look/ssh.h"

enum rd_source_kind {
	RD_SOURCE_STDIN, RD_SOURCE_FILE, RD_SOURCE_COMMAND, RD_SOURCE_SSH, RD_SOURCE_HOST,
	RD_SOURCE_LOCAL,
};

/* Where the stream comes from, and the way back. */
struct rd_source {
	enum rd_source_kind kind;
	int in;			/* the stream */
	int out;		/* what we send back; equal to `in`, or -1 */
	bool recorded;		/* a regular file: shown at its own pace */
	char **argv;		/* the command that brings it; NULL: none */
	int far;		/* its end of the link, -1 */
	int secret;		/* what it reads a code from, -1 */
	struct rd_child child;	/* that command, once started */
	struct rd_ssh_url url;	/* RD_SOURCE_SSH */
	bool input_only;	/* … for an rd-capture that only obeys */
	const char *name;	/* for people: "build1", "s.rd"; borrowed */
	char *label;		/* … of a code, without its words; ours */
};

/*
 * Opens what there is; a command is only made ready. 0, or an exit code after
 * saying why. Close it in both cases.
 */
int rd_source_open(struct rd_source *s, struct rd_ask *a);
/* Starts the command: it may spend something, such as a code. 0, or an exit code after saying why. */
int rd_source_start(struct rd_source *s);
/* Closes what is the viewer's alone, or the guard's alone. */
void rd_source_close_near(struct rd_source *s);
void rd_source_close_far(struct rd_source *s);
/* The child is the guard's. */
void rd_source_close(struct rd_source *s);
/*
 * What to tell a person when the command has ended with this status ($? of a
 * shell) and the stream is not whole; NULL when the status explains nothing.
 * The caller frees.
 */
char *rd_source_explain(const struct rd_source *s, int status);

#endif
