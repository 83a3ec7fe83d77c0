#ifndef RD_NET_PROMPT_H
#define RD_NET_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Asks a person at the terminal (/dev/tty, so that pipes stay what they are).
 * -ENXIO: there is no terminal.
 */
/* A line without echo; 0 at the end, no newline. -ECANCELED for ^C, ^D. */
int rd_prompt_secret(const char *prompt, char *out, size_t cap);
int rd_prompt_line(const char *prompt, char *out, size_t cap);
/* "RELAY/7-orbit-…", in sight, with Tab for the words (net/code_edit.h). As above. */
int rd_prompt_code(const char *prompt, char *out, size_t cap);
/* "yes" or "no" spelled out, asked again otherwise. 1, 0, or negative. */
int rd_prompt_yes(const char *question);
/* Whether there is a terminal to ask at. */
bool rd_prompt_possible(void);
/* … and this job is the one that it belongs to: asking will not stop it (SIGTTOU). */
bool rd_prompt_in_front(void);
/* One line from a descriptor ("--password-fd 3"): 0, -EMSGSIZE, … */
int rd_prompt_fd(int fd, char *out, size_t cap);

#endif
