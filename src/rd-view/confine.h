#ifndef RD_VIEW_CONFINE_H
#define RD_VIEW_CONFINE_H

#include <stdbool.h>

/*
 * Takes from this process, for good, what a decoder has no business with. What
 * is open stays open: the stream, the output, the window system's socket.
 *
 *	outputs	(hash, png, null) a list of allowed system calls: memory, threads,
 *		time, reading and writing what is open
 *	window	a list of forbidden ones: sockets and connections, starting or
 *		joining programs, other processes, the kernel's administration;
 *		graphics libraries need too much for the other way round
 *	both	no new privileges; by Landlock no file is opened for writing, and
 *		outputs open none at all; no TCP, no signals to other processes
 *
 * A forbidden call fails with EPERM and the program goes on: a library that
 * tries something and falls back is no attack, and one that is gains nothing.
 * Where the kernel lacks a part, the rest holds and a line on stderr says so.
 */
struct confine_rules {
	bool window;
	const char *write_dir;	/* the one folder where files may be made, or NULL */
};

void confine_enter(const struct confine_rules *rules);
/*
 * For tests: tries what the rules forbid and prints a line for each. Returns
 * whether all of it was refused.
 */
bool confine_try(void);

#endif
