#ifndef RD_CTL_RUN_H
#define RD_CTL_RUN_H

/*
 * Runs a tool of ours, without input, and returns what it writes (cut where it
 * is too much), to free; *status is as a shell's $?. NULL after a line on
 * stderr: it cannot be started.
 */
char *run_read(char *const argv[], int *status);

#endif
