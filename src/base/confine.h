#ifndef RD_BASE_CONFINE_H
#define RD_BASE_CONFINE_H

#include <stdbool.h>

/*
 * Takes from this process, for good, what it has no business with. What is
 * open stays open: the stream, the output, the window system's socket.
 *
 *	output	(hash, png, null) a list of allowed system calls: memory, threads,
 *		time, reading and writing what is open
 *	network	the same, and internet sockets: the end of a session, which holds
 *		a key and decodes no picture
 *	window	a list of forbidden ones: sockets and connections, starting or
 *		joining programs, other processes, the kernel's administration;
 *		graphics libraries need too much for the other way round
 *	program	as window, and it may become another program: one of the system's
 *		that is given foreign bytes, reads its own files and writes to what
 *		is open
 *	all	no new privileges; by Landlock no file is opened for writing, and
 *		output and network open none at all; no signals to other processes;
 *		no TCP but for network
 *
 * A forbidden call fails with EPERM and the program goes on: a library that
 * tries something and falls back is no attack, and one that is gains nothing.
 * Where the kernel lacks a part, the rest holds and a line on stderr says so.
 */
enum rd_confine_kind {
	RD_CONFINE_OUTPUT, RD_CONFINE_NETWORK, RD_CONFINE_WINDOW, RD_CONFINE_PROGRAM,
};

struct rd_confine_rules {
	enum rd_confine_kind kind;
	const char *write_dir;	/* output: the one folder where files may be made, or NULL */
	bool terminal;		/* output: its size and settings may be read and set; nothing is typed into it */
	/* output, window: listening sockets whose callers may be let in; 0 and -1: none */
	int door, page;
	/*
	 * output, window: a folder that is open, of which files may be removed, by this
	 * descriptor; 0 and -1: none. Where there is no Landlock they may not, since
	 * then it could be any folder.
	 */
	int remove_dir;
};

void rd_confine(const struct rd_confine_rules *rules);
/* Before that: closes what whoever started us left open, all but stdio and `keep`. */
void rd_confine_descriptors(int keep);
/* … and `also`, unless it is -1. */
void rd_confine_descriptors_but(int keep, int also);
/* All of several stay; those that are -1 do not count. */
void rd_confine_descriptors_keep(const int *keep, unsigned count);
/*
 * Those of stdio become /dev/null: a process that is no part of the pipeline it
 * was started in would else hide from its neighbours that the others have gone.
 */
void rd_confine_stdio(bool in, bool out, bool err);
/*
 * For tests: tries what the rules of that kind forbid and prints a line for
 * each. Returns whether all of it was refused.
 */
bool rd_confine_try(enum rd_confine_kind kind);

#endif
