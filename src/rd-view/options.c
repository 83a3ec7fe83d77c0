#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-view/options.h"

#define CODE_WORDS 4

static const char *const path_names[] = {"auto", "direct", "relay", NULL};
static const char *const way_names[] = {"auto", "udp", "tls", NULL};
static const char *const hold_names[] = {"auto", "yes", "no", NULL};
static const char *const graphics_names[] = {"auto", "kitty", "sixel", "blocks", NULL};
static const char *const color_names[] = {"auto", "24bit", "256", "16", "none", NULL};
static const char *const render_names[] = {"auto", "surface", "texture", NULL};

/*
 * [relay/]digits-word-word-word-word, blanks and capitals included: what
 * net/code.h takes for a code, which we do not link. Or relay/, to be asked.
 */
static bool
is_code(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *slash = strchr(text, '/'), *at = slash ? slash + 1 : text;
	/* A file is "./…", "/…", or has a second slash. */
	if (slash && (slash == text || strchr(".~", text[0]) || strchr(at, '/')))
		return false;
	if (slash && !*at)
		return true;
	size_t digits = strspn(at, "0123456789"), words = 0;
	for (at += digits; *at; words++) {
		size_t gap = strspn(at, " -."), word = strspn(at + gap, letters);
		if (gap == 0 || word == 0)
			return false;
		at += gap + word;
	}
	return digits > 0 && words == CODE_WORDS;
}

/* The one secret that may stand on the command line is gone from there at once. */
static void
take_code(struct options *o, char *text)
{
	o->code = xstrdup(text);
	explicit_bzero(text, strlen(text));
}

static int
set_code(void *target, const char *text, const char **error)
{
	struct options *o = target;
	if (o->code) {
		*error = "one code at a time";
		return -EINVAL;
	}
	/* It is of argv. */
	take_code(o, (char *)text);
	return 0;
}

static bool
one_source(const struct options *o, const struct rd_opt_rest *rest)
{
	int given = rest->argc + (o->file != NULL) + (o->host != NULL) + (rest->command != NULL) +
		(o->code != NULL) + (o->code_fd >= 0);
	if (rest->argc == 5 && strspn(rest->argv[0], "0123456789") == strlen(rest->argv[0])) {
		rd_error("a code with blanks in it stands in quotes");
		return false;
	}
	if (given == 1)
		return true;
	if (given == 0)
		rd_error("what is to be shown? a HOST, ssh://HOST, a file, '-' for standard input, "
			"or -- and a command (see --help)");
	else
		rd_error("one source at a time: a SOURCE, --file, --host, --code or a command after --");
	return false;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	*o = (struct options){.to = "window", .confine = true, .code_fd = -1};
	const struct rd_opt opts[] = {
		{.name = "to", .letter = 't', .kind = RD_OPT_STRING, .target = &o->to, .metavar = "WHERE",
			.help = "window, terminal, png:FILE, hash (a line a frame) or null"},
		{.name = "file", .kind = RD_OPT_STRING, .target = &o->file, .metavar = "FILE",
			.help = "show this file, whatever its name looks like"},
		{.name = "host", .kind = RD_OPT_STRING, .target = &o->host, .metavar = "HOST",
			.help = "show this host, whatever its name looks like"},
		{.name = "code", .kind = RD_OPT_CALL, .target = o, .set = set_code, .metavar = "CODE",
			.help = "the host that has this one-time code; '-': ask for it at the terminal"},
		{.name = "code-fd", .kind = RD_OPT_INT, .target = &o->code_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX, .help = "the same, read from this descriptor"},
		{.name = "relay", .kind = RD_OPT_STRING, .target = &o->relay, .metavar = "NAME",
			.help = "meet the host through this relay; for a code without one: else $RD_RELAY, "
				"else your own"},
		{.name = "path", .kind = RD_OPT_STRING, .target = &o->path, .metavar = "WHICH",
			.choices = path_names,
			.help = "auto, direct (never through a relay) or relay (only)"},
		{.name = "remember", .kind = RD_OPT_STRING, .target = &o->remember, .metavar = "NAME",
			.help = "after a meeting by code, know the host by that name; it must agree"},
		{.name = "relay-way", .kind = RD_OPT_STRING, .target = &o->relay_way, .metavar = "WHICH",
			.choices = way_names, .help = "auto, udp or tls: how the relay is reached; for tests"},
		{.name = "ca-file", .kind = RD_OPT_STRING, .target = &o->ca_file, .metavar = "FILE",
			.help = "certificates that a relay's is checked against, instead of the system's"},
		{.name = "config", .kind = RD_OPT_STRING, .target = &o->config, .metavar = "DIR",
			.help = "folder of identity and known_hosts, for a host; default: $XDG_CONFIG_HOME/rd"},
		{.name = "view-only", .kind = RD_OPT_FLAG, .target = &o->view_only,
			.help = "send no keys and no pointer; show where the other pointer is"},
		{.name = "fullscreen", .letter = 'f', .kind = RD_OPT_FLAG, .target = &o->fullscreen,
			.help = "start with the whole screen"},
		{.name = "grab", .letter = 'g', .kind = RD_OPT_FLAG, .target = &o->grab,
			.help = "take all keys, the window manager's too; Ctrl-Alt-Shift-G gives them back"},
		{.name = "stats", .kind = RD_OPT_FLAG, .target = &o->stats,
			.help = "figures in a corner of the window, as Ctrl-Alt-Shift-S"},
		{.name = "title", .kind = RD_OPT_STRING, .target = &o->title, .metavar = "TEXT",
			.help = "name in the window's title"},
		{.name = "hold", .kind = RD_OPT_CHOICE, .target = &o->hold, .choices = hold_names,
			.help = "keep the window when the stream is over; auto: if it failed and "
				"stderr is a terminal"},
		{.name = "frames", .kind = RD_OPT_INT, .target = &o->frames, .metavar = "N",
			.min = 0, .max = INT32_MAX,
			.help = "end after so many frames"},
		{.name = "timeout", .kind = RD_OPT_TIME, .target = &o->timeout_ns, .metavar = "TIME",
			.help = "end after this time, with status 13"},
		{.name = "ssh-command", .kind = RD_OPT_STRING, .target = &o->ssh_command,
			.metavar = "COMMAND",
			.help = "the program for ssh:// and its first arguments, such as \"ssh -F file\""},
		{.name = "render", .kind = RD_OPT_CHOICE, .target = &o->render, .choices = render_names,
			.help = "how the window is painted; auto: texture with a GPU, else surface"},
		{.name = "graphics", .kind = RD_OPT_CHOICE, .target = &o->graphics,
			.choices = graphics_names,
			.help = "how a terminal is painted; auto: what it says that it can"},
		{.name = "colors", .kind = RD_OPT_CHOICE, .target = &o->colors, .choices = color_names,
			.help = "of --graphics blocks; auto: what the terminal can, and none with $NO_COLOR"},
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "decode without network and files; --no-confine is for debugging"},
		{.name = "confine-test", .kind = RD_OPT_FLAG, .target = &o->confine_test,
			.help = "try what is forbidden, report, end", .hidden = true},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-view",
		.usage = "rd-view [OPTIONS] SOURCE\n"
			"rd-view [OPTIONS] -- COMMAND [ARGUMENT...]",
		.summary = "shows an rd stream: decodes it, sends keys, pointer and acknowledgements back",
		.examples =
			"  rd-view build1                                   a desktop that rd-send serves\n"
			"  rd-view relay.example.org/7-orbit-cactus-lamp-river   a one-time code of rd-share\n"
			"  rd-view ssh://build1                             a desktop over ssh\n"
			"  rd-view -- ssh build1 rd-encode -- rd-capture    the same, spelled out\n"
			"  rd-capture | rd-encode | rd-view -               one way, any shell\n"
			"  rd-view session.rd                               a recording\n"
			"  rd-view --to terminal ssh://build1               in this terminal; Ctrl-] q ends\n"
			"  rd-view --to png:shot.png --frames 1 ssh://build1   a screenshot\n",
		.opts = opts,
		.operand = "file",
	};
	struct rd_opt_rest rest;
	if (!rd_opt_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	if (!one_source(o, &rest))
		return false;
	if (rest.argc && is_code(rest.argv[0]))
		take_code(o, rest.argv[0]);
	o->source = rest.argc && !o->code ? rest.argv[0] : NULL;
	o->command = rest.command;
	if (o->command && !o->command[0]) {
		rd_error("no command after --");
		return false;
	}
	return true;
}

void
options_finish(struct options *o)
{
	if (o->code)
		explicit_bzero(o->code, strlen(o->code));
	free(o->code);
	o->code = NULL;
}
