#ifndef RD_RECORD_TELL_H
#define RD_RECORD_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "rd-record/options.h"
#include "rd-record/writer.h"

/*
 * What is said while recording: names of finished files on standard output,
 * events as lines of JSON, and how far a recording is converted, on a terminal.
 */
struct tell {
	const struct options *o;
	bool names;		/* standard output takes them */
	bool progress;
	bool line;		/* there is an unfinished line of progress */
	uint64_t began_ns, next_ns;
};

void tell_init(struct tell *t, const struct options *o, bool converting);
void tell_began(struct tell *t, const char *name);
/* The first picture came: nothing that is shown from now on is missed. */
void tell_first(struct tell *t, int width, int height);
/* 0, or -EPIPE and the like where nobody reads the name. */
int tell_saved(struct tell *t, const struct writer_told *told);
/* A chapter or a caption came at that time. */
void tell_words(struct tell *t, const char *event, uint64_t time_ns, const char *text);
/* So much of the recording is done, `part` of all (0 to 1; negative: unknown). */
void tell_progress(struct tell *t, uint64_t time_ns, double part);
/* Before other words go to the terminal, and at the end. */
void tell_clear(struct tell *t);
void tell_end(struct tell *t, int code, const char *text);

#endif
