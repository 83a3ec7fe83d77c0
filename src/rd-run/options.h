#ifndef RD_RUN_OPTIONS_H
#define RD_RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"

enum keep { KEEP_ALWAYS, KEEP_ON_FAILURE, KEEP_NEVER };
/* Which X server makes the display; auto: one that can be resized, where there is one. */
enum server { SERVER_XVFB, SERVER_TIGERVNC, SERVER_AUTO };

/* All texts are borrowed from argv. */
struct options {
	char **command;		/* NULL-ended, at least one word */
	struct rd_opt_size size;
	const char *record;	/* the film's name, or NULL */
	enum keep keep;
	bool overwrite;
	bool pointer;
	bool sound;		/* what the command plays is in the film */
	double fps;		/* at most so many pictures a second in the film; 0: what is cheap */
	uint64_t timeout_ns;	/* 0: none */
	uint64_t grace_ns;	/* between asking to end and SIGKILL */
	const char *manager;	/* NULL: none; "auto": one that is installed; a command */
	const char *desktop;	/* a shell's command that runs beside it; "auto": the user's; NULL */
	bool bus;		/* a session bus of its own */
	int server;		/* enum server */
	const char *server_args; /* words for the server, or NULL */
	const char *name;	/* of the film, for rd-ctl; NULL: the command's */
	bool control;		/* rd-ctl may ask and tell its recorder */
	bool json, quiet;
};

bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
