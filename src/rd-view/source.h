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
	struct rd_child child;	/* what we started to get it; pid 0: nothing */
	struct ssh_url url;	/* SOURCE_SSH */
	const char *name;	/* for people: "build1", "s.rd"; borrowed */
	char *label;		/* … of a code, without its words; ours */
};

/* 0, or an exit code after saying why. Close it in both cases. */
int source_open(struct source *s, struct options *o);
/* Closes the descriptors; the child is the guard's. */
void source_close(struct source *s);
/*
 * What to tell a person when the command has ended with this status ($? of a
 * shell) and the stream is not whole; NULL when the status explains nothing.
 * The caller frees.
 */
char *source_explain(const struct source *s, int status);

#endif
