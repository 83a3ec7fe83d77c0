#ifndef RD_LOOK_ASK_H
#define RD_LOOK_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"

/*
 * Which desktop or stream a command line asks for. Strings are borrowed from
 * the command line, which outlives it.
 */
struct rd_ask {
	const char *source;	/* SOURCE, once it is known to be neither code nor --host, … */
	bool configured;	/* … and a host of the configuration is called so, whatever files are */
	const char *host;	/* --host */
	const char *file;	/* --file */
	char *code;		/* --code, or a SOURCE that is one: a copy, wiped once passed on; NULL */
	int64_t code_fd;	/* --code-fd; -1 */
	const char *relay, *path, *remember, *relay_way, *ca_file, *config; /* rd-recv's; NULL */
	bool wake;		/* the host is woken first */
	bool relay_policy;	/* the relay's wish counts where --path says nothing */
	const char *ssh_command;
	char **command;		/* after "--", NULL-ended; NULL without */
	bool local;		/* nothing is named: a display of this machine */

	/* Of an rd-capture that is started for it, here or by ssh. */
	const char *display, *monitor, *window;
	bool view_only;		/* nothing will be sent there */
	bool input_only;	/* no picture is needed */
	const char *clipboard;	/* … but the clipboard is, that way (--clipboard); NULL */
	const char *clipboard_max;
	bool primary;
	/* What the command line itself says, which is to fit; what is configured counts where it fits. */
	struct {
		bool relay, path, relay_policy, remember, relay_way, ca_file;
		bool display, monitor, window, wake;
	} said;
	const char *pipe_end;	/* how the tool ends a pipe, for people; NULL: "rd-view -" */
	bool drawn;		/* on the terminal: nobody can be asked there meanwhile */
};

/* Before anything else: nothing is asked for. */
#define RD_ASK_INIT {.code_fd = -1, .relay_policy = true}
void rd_ask_finish(struct rd_ask *a);

/* Rows of an option table, of every tool that opens one. */
extern const char *const rd_ask_paths[], *const rd_ask_ways[];
int rd_ask_set_code(void *ask, const char *text, const char **error);
#define RD_ASK_OPTS(a) \
	{.name = "file", .kind = RD_OPT_STRING, .target = &(a)->file, .metavar = "FILE", \
		.help = "a recording, whatever its name looks like", .command_only = true}, \
	{.name = "host", .kind = RD_OPT_STRING, .target = &(a)->host, .metavar = "HOST", \
		.help = "a host that rd-send serves, whatever its name looks like", .command_only = true}, \
	{.name = "code", .kind = RD_OPT_CALL, .target = (a), .set = rd_ask_set_code, \
		.metavar = "CODE", \
		.help = "the host that has this one-time code; '-': ask for it at the terminal", \
		.command_only = true}, \
	{.name = "code-fd", .kind = RD_OPT_INT, .target = &(a)->code_fd, .metavar = "N", \
		.min = 0, .max = INT32_MAX, .help = "the same, read from this descriptor", \
		.command_only = true}, \
	{.name = "relay", .kind = RD_OPT_STRING, .target = &(a)->relay, .metavar = "NAME", \
		.help = "meet the host through this relay; for a code without one: else $RD_RELAY, " \
			"else your own", .environment = "RD_RELAY", .said = &(a)->said.relay}, \
	{.name = "path", .kind = RD_OPT_STRING, .target = &(a)->path, .metavar = "WHICH", \
		.choices = rd_ask_paths, \
		.help = "auto, direct (never through a relay) or relay (only)", .said = &(a)->said.path}, \
	{.name = "relay-policy", .kind = RD_OPT_FLAG, .target = &(a)->relay_policy, \
		.help = "without --path, heed which ways the relay wishes; --no-relay-policy: do not", \
		.said = &(a)->said.relay_policy}, \
	{.name = "remember", .kind = RD_OPT_STRING, .target = &(a)->remember, .metavar = "NAME", \
		.help = "after a meeting by code, know the host by that name; it must agree", \
		.command_only = true, .said = &(a)->said.remember}, \
	{.name = "relay-way", .kind = RD_OPT_STRING, .target = &(a)->relay_way, \
		.metavar = "WHICH", .choices = rd_ask_ways, \
		.help = "auto, udp or tls: how the relay is reached; for tests", \
		.said = &(a)->said.relay_way}, \
	{.name = "ca-file", .kind = RD_OPT_STRING, .target = &(a)->ca_file, .metavar = "FILE", \
		.help = "certificates that a relay's is checked against, instead of the system's", \
		.said = &(a)->said.ca_file}, \
	{.name = "config", .kind = RD_OPT_STRING, .target = &(a)->config, .metavar = "DIR", \
		.help = "config.yaml, or the folder with it, identity and known_hosts; default: " \
			"$XDG_CONFIG_HOME/rd"}, \
	{.name = "ssh-command", .kind = RD_OPT_STRING, .target = &(a)->ssh_command, \
		.metavar = "COMMAND", \
		.help = "the program for ssh:// and its first arguments, such as \"ssh -F file\""}
#define RD_ASK_DISPLAY_OPT(a) \
	{.name = "display", .letter = 'd', .kind = RD_OPT_STRING, .target = &(a)->display, \
		.metavar = "DISPLAY", .help = "X display, such as :0; otherwise $DISPLAY, or your only session", \
		.environment = "DISPLAY", .said = &(a)->said.display}
#define RD_ASK_MONITOR_OPT(a) \
	{.name = "monitor", .letter = 'm', .kind = RD_OPT_STRING, .target = &(a)->monitor, \
		.metavar = "NAME", .help = "one monitor, by its RandR name or its place in rd-capture --list", \
		.instead = "window", .said = &(a)->said.monitor}
#define RD_ASK_WINDOW_OPT(a) \
	{.name = "window", .letter = 'w', .kind = RD_OPT_STRING, .target = &(a)->window, \
		.metavar = "WINDOW", .help = "one window, by its number, or by (a part of) its title", \
		.instead = "monitor", .said = &(a)->said.window}

/*
 * Takes the operands that name a source (the word is wiped where it is a code)
 * and of the rest the command after "--". Without any it is a local display, where the tool
 * takes one: else, and for more than one, false after saying so.
 */
bool rd_ask_judge(struct rd_ask *a, int argc, char **argv, const struct rd_opt_rest *rest,
	bool local);

#endif
