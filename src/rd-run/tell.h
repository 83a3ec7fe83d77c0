#ifndef RD_RUN_TELL_H
#define RD_RUN_TELL_H

#include <stdbool.h>

/*
 * What rd-run says on standard error, which is the command's, too: lines that
 * begin with "rd-run: ", or with --json nothing but events.
 */
struct tell {
	bool json, quiet;
};

/* Something is wrong. */
void tell_error(const struct tell *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A line of a program of ours. */
void tell_words(const struct tell *t, const char *line);
/* The same, of one that says events. */
void tell_event_line(const struct tell *t, const char *line);

void tell_display(const struct tell *t, int number, int width, int height);
void tell_started(const struct tell *t, int pid);
void tell_signal(const struct tell *t, int sig);
void tell_timeout(const struct tell *t, double seconds);
/* The command has ended: its status as a shell's $?; killed by `sig`, or 0. */
void tell_ended(const struct tell *t, int status, int sig, double seconds);
void tell_left(const struct tell *t, int processes);
void tell_kept(const struct tell *t, const char *path, double seconds, double bytes);
void tell_dropped(const struct tell *t, const char *path);
/* The last event: whose status it is that we end with. */
void tell_end(const struct tell *t, int code, bool ours);

#endif
