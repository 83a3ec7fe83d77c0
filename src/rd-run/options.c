#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "config/config.h"
#include "rd-run/options.h"

/* What Xvfb takes; what is smaller than this is no screen that a program is made for. */
#define SIZE_MIN 16
#define SIZE_MAX_PX 16384
#define GRACE_DEFAULT_NS (5 * RD_NS_PER_S)

static const char *const keep_names[] = {"always", "on-failure", "never", NULL};
static const char *const server_names[] = {"xvfb", "tigervnc", "auto", NULL};

static int
mistake(const char *what)
{
	rd_error("%s", what);
	return RD_EXIT_USAGE;
}

static bool
is_film(const char *path)
{
	const char *dot = strrchr(path, '.');
	return dot && (strcasecmp(dot, ".webm") == 0 || strcasecmp(dot, ".mkv") == 0);
}

static bool
size_fits(struct rd_opt_size s)
{
	return s.width >= SIZE_MIN && s.height >= SIZE_MIN && s.width <= SIZE_MAX_PX &&
		s.height <= SIZE_MAX_PX;
}

static int
judge(struct options *o, const struct rd_opt_rest *rest, bool keeps)
{
	if (!rest->command || !rest->command[0])
		return mistake("which command? try: rd-run --record test.webm -- npm test");
	if (!*rest->command[0])
		return mistake("the command's name is empty");
	o->command = rest->command;
	if (!size_fits(o->size))
		return mistake("--size: a screen has 16x16 to 16384x16384 pixels");
	if (o->record && !is_film(o->record)) {
		rd_error("--record %s: which format? the name has to end in .webm or .mkv", o->record);
		return RD_EXIT_USAGE;
	}
	if (!o->record && (keeps || o->overwrite))
		return mistake("--keep and --overwrite are for the film of --record");
	if (o->name && !o->record)
		return mistake("--name is what rd-ctl calls the film of --record");
	if (o->name && !*o->name)
		return mistake("--name is empty; without it the film has the command's, and a number");
	if (!o->record && o->sound)
		return mistake("--sound is for the film of --record");
	if (o->manager && !*o->manager)
		return mistake("--wm= needs the name of a window manager; --wm takes one that is installed");
	if (o->desktop && !*o->desktop)
		return mistake("--desktop= needs a command; --desktop takes your session");
	return 0;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	int keep = -1;
	*o = (struct options){.size = {1920, 1080}, .grace_ns = GRACE_DEFAULT_NS, .pointer = true,
		.control = true};
	const struct rd_opt opts[] = {
		{"size", 's', RD_OPT_SIZE, &o->size, .metavar = "WxH", .help = "pixels of the screen"},
		{"record", 'o', RD_OPT_STRING, &o->record, .metavar = "FILE",
			.help = "make a film of it: a name that ends in .webm or .mkv"},
		{"keep", 'k', RD_OPT_CHOICE, &keep, .choices = keep_names,
			.help = "when the film stays: always, or only where the command fails"},
		{"overwrite", 0, RD_OPT_FLAG, &o->overwrite, .help = "replace a film that is there"},
		{"pointer", 0, RD_OPT_FLAG, &o->pointer, .help = "the pointer is in the film"},
		{"sound", 0, RD_OPT_FLAG, &o->sound,
			.help = "what the command plays is in the film, and heard nowhere else"},
		{"fps", 'r', RD_OPT_REAL, &o->fps, .metavar = "N", .min = 0.1, .max = 1000,
			.help = "at most so many pictures a second in the film; without it 15, and fewer where "
				"much changes for long"},
		{"timeout", 't', RD_OPT_TIME, &o->timeout_ns, .metavar = "TIME", .min = 0.001,
			.max = 1e6, .help = "end the command after so long; the exit status is 13"},
		{"grace", 0, RD_OPT_TIME, &o->grace_ns, .metavar = "TIME", .max = 3600,
			.help = "from SIGTERM to SIGKILL, for what is to end"},
		{"wm", 'w', RD_OPT_STRING, &o->manager, .metavar = "COMMAND", .alone = "auto",
			.help = "with a window manager: the first that is installed, or this one; none: without"},
		{"desktop", 0, RD_OPT_STRING, &o->desktop, .metavar = "COMMAND", .alone = "auto",
			.help = "beside the command a desktop, by a shell: yours, or this one; all ends with it"},
		{"bus", 0, RD_OPT_FLAG, &o->bus,
			.help = "with a session bus (D-Bus) of its own; --desktop has one where it can"},
		{"server", 0, RD_OPT_CHOICE, &o->server, .choices = server_names,
			.help = "what makes the display: tigervnc takes any size later; auto: that, where "
				"it is installed"},
		{"server-args", 0, RD_OPT_STRING, &o->server_args, .metavar = "WORDS",
			.help = "further arguments of the server, parted by spaces"},
		{"name", 0, RD_OPT_STRING, &o->name, .metavar = "NAME",
			.help = "what rd-ctl calls the film; default: the command's, and a number"},
		{"control", 0, RD_OPT_FLAG, &o->control,
			.help = "rd-ctl may ask and tell the recorder; --no-control: it cannot"},
		{"json", 0, RD_OPT_FLAG, &o->json,
			.help = "say on stderr what happens, one event a line"},
		{"quiet", 'q', RD_OPT_FLAG, &o->quiet, .help = "do not say where the film is"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-run",
		.usage = "rd-run [OPTIONS] [--] COMMAND [ARGUMENT...]",
		.summary = "runs a command on a display of its own, and makes a film of it",
		.examples =
			"  rd-run -- npm test\n"
			"  rd-run --record t.webm --keep on-failure -- npm test\n"
			"  rd-run --record t.webm --timeout 10m --wm -- pytest\n"
			"  rd-run sh -c 'echo \"log in\" >\"$RD_MARK\"; ./test-login'\n",
		.opts = opts,
		.operand = "command",
		.wraps = true,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	o->keep = keep < 0 ? KEEP_ALWAYS : (enum keep)keep;
	*code = judge(o, &rest, keep >= 0);
	return *code == 0;
}
