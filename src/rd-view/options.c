#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "config/config.h"
#include "media/monitor.h"
#include "rd-view/options.h"

static const char *const hold_names[] = {"auto", "yes", "no", NULL};
static const char *const graphics_names[] = {"auto", "kitty", "sixel", "blocks", NULL};
static const char *const color_names[] = {"auto", "24bit", "256", "16", "none", NULL};
static const char *const switch_names[] = {"off", "on", NULL};
const char *const keyboard_names[] = {"text", "physical", NULL};
static const char *const monitor_names[] = {"all", "each", "primary", NULL};
static const char *const scale_names[] = {"auto", "1", "2", NULL};
const char *const pointer_names[] = {"absolute", "relative", NULL};
static const char *const render_names[] = {"auto", "surface", "texture", NULL};

/* "1.5" or "auto", which is 0. */
static int
set_scale(void *target, const char *text, const char **error)
{
	char *end;
	double v = strtod(text, &end);
	bool automatic = strcmp(text, "auto") == 0;
	*error = "not auto and not a number from 0.1 to 8";
	if (!automatic && (end == text || *end || !(v >= 0.1 && v <= 8)))
		return -EINVAL;
	*(double *)target = automatic ? 0 : v;
	return 0;
}

/* "off", "on", or a device; without a word, what a person would expect. */
static void
judge_sound(struct options *o, const char *sound)
{
	bool watched = strcmp(o->to, "window") == 0 || strcmp(o->to, "terminal") == 0;
	o->sound = sound ? strcmp(sound, "off") != 0 : watched;
	o->sink = o->sound && sound && strcmp(sound, "on") != 0 ? sound : NULL;
}

static bool
judge_list(const struct options *o, const struct rd_opt_rest *rest)
{
	const struct rd_ask *a = &o->ask;
	if (!rest->argc && !rest->command && !a->file && !a->host && !a->code && a->code_fd < 0)
		return true;
	rd_error("--list takes no SOURCE: it shows which there are");
	return false;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	*o = (struct options){.to = "window", .monitor = "all", .scale = 1, .confine = true, .control = true, .ask = RD_ASK_INIT,
		.clip = {.ways = RD_CLIP_TO_VIEWER}};
	const char *sound = NULL, *microphone = "off";
	bool json_said = false;
	const struct rd_opt opts[] = {
		{.name = "to", .letter = 't', .kind = RD_OPT_STRING, .target = &o->to, .metavar = "WHERE",
			.help = "window, terminal, png:FILE, hash (a line a frame) or null"},
		RD_ASK_OPTS(&o->ask),
		{.name = "wake", .kind = RD_OPT_FLAG, .target = &o->ask.wake,
			.help = "send the host what wakes its network card, until it answers",
			.said = &o->ask.said.wake},
		{.name = "list", .kind = RD_OPT_FLAG, .target = &o->list, .command_only = true,
			.help = "show nothing but the hosts that announce themselves on this network"},
		{.name = "json", .kind = RD_OPT_FLAG, .target = &o->json, .said = &json_said,
			.help = "list: an object of JSON a line"},
		{.name = "view-only", .kind = RD_OPT_FLAG, .target = &o->ask.view_only,
			.help = "send no keys and no pointer; show where the other pointer is"},
		RD_CLIP_OPTS(&o->clip, "which way the window's clipboard is shared; to-host: the host can read "
			"what is copied here"),
		{.name = "fullscreen", .letter = 'f', .kind = RD_OPT_FLAG, .target = &o->fullscreen,
			.help = "start with the whole screen"},
		{.name = "grab", .letter = 'g', .kind = RD_OPT_FLAG, .target = &o->grab,
			.help = "take all keys, the window manager's too; Ctrl-Alt-Shift-G gives them back"},
		{.name = "keyboard", .kind = RD_OPT_CHOICE, .target = &o->keyboard,
			.choices = keyboard_names,
			.help = "text: what is typed here arrives there, whatever the layouts; physical: "
				"the key itself is pressed there; Ctrl-Alt-Shift-K changes it"},
		{.name = "monitor", .letter = 'm', .kind = RD_OPT_STRING, .target = &o->monitor,
			.said = &o->said_monitor, .metavar = "all|each|NAME|NUMBER", .choices = monitor_names,
			.help = "which monitors of the desktop: all in one window, each in its own, or one"},
		{.name = "scale", .kind = RD_OPT_CALL, .target = &o->scale, .set = set_scale,
			.metavar = "auto|N", .choices = scale_names,
			.help = "pixels here to one of the desktop as a window begins; auto: the same size"},
		{.name = "pointer", .kind = RD_OPT_CHOICE, .target = &o->pointer, .choices = pointer_names,
			.help = "relative: only how it moves is sent, as games want it; Ctrl-Alt-Shift-M "
				"changes that"},
		{.name = "resize", .kind = RD_OPT_FLAG, .target = &o->resize,
			.help = "the desktop takes the window's size, where its rd-capture allows that"},
		{.name = "sound", .kind = RD_OPT_STRING, .target = &sound, .metavar = "off|on|DEVICE",
			.choices = switch_names,
			.help = "play what sounds there, on the default device or that one; without it on "
				"for window and terminal"},
		{.name = "microphone", .kind = RD_OPT_STRING, .target = &microphone,
			.metavar = "off|on|DEVICE", .choices = switch_names,
			.help = "let the other side hear the default microphone, or that one"},
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
		{.name = "render", .kind = RD_OPT_CHOICE, .target = &o->render, .choices = render_names,
			.help = "how the window is painted; auto: texture with a GPU, else surface"},
		{.name = "graphics", .kind = RD_OPT_CHOICE, .target = &o->graphics,
			.choices = graphics_names,
			.help = "how a terminal is painted; auto: what it says that it can"},
		{.name = "colors", .kind = RD_OPT_CHOICE, .target = &o->colors, .choices = color_names,
			.help = "of --graphics blocks; auto: what the terminal can, and none with $NO_COLOR"},
		{.name = "name", .kind = RD_OPT_STRING, .target = &o->control_name, .metavar = "NAME",
			.help = "what rd-ctl calls it; default: what is shown"},
		{.name = "control", .kind = RD_OPT_FLAG, .target = &o->control,
			.help = "rd-ctl may ask and tell it; --no-control: it cannot"},
		RD_METRICS_OPTIONS(&o->metrics),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "decode without network and files; --no-confine is for debugging"},
		{.name = "confine-test", .kind = RD_OPT_FLAG, .target = &o->confine_test,
			.help = "try what is forbidden, report, end", .hidden = true},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-view",
		.usage = "rd-view [OPTIONS] SOURCE\n"
			"rd-view [OPTIONS] -- COMMAND [ARGUMENT...]\n"
			"rd-view --list [--json] [--timeout TIME]",
		.summary = "shows an rd stream: decodes it, sends keys, pointer and acknowledgements back",
		.examples =
			"  rd-view build1                                   a desktop that rd-send serves\n"
			"  rd-view relay.example.org/7-orbit-cactus-lamp-river   a code of rd-share\n"
			"  rd-view ssh://build1                             a desktop over ssh\n"
			"  rd-view -- ssh build1 rd-encode -- rd-capture    the same, spelled out\n"
			"  rd-capture | rd-encode | rd-view -               one way, any shell\n"
			"  rd-view session.rd                               a recording\n"
			"  rd-view --to terminal ssh://build1               here; Ctrl-] q ends\n"
			"  rd-view --to png:shot.png --frames 1 ssh://build1   a screenshot\n",
		.opts = opts,
		.operand = "source",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	if (strlen(o->monitor) == 0 || strlen(o->monitor) > RD_MONITOR_NAME_MAX) {
		rd_error("--monitor %s: no monitor has such a name", o->monitor);
		*code = RD_EXIT_USAGE;
		return false;
	}
	judge_sound(o, sound);
	o->microphone = strcmp(microphone, "off") != 0;
	o->microphone_source = o->microphone && strcmp(microphone, "on") != 0 ? microphone : NULL;
	o->ask.drawn = strcmp(o->to, "terminal") == 0;
	*code = RD_EXIT_USAGE;
	if (o->list)
		return judge_list(o, &rest);
	if (json_said) {
		rd_error("--json goes with --list; what happens is told by rd-ctl");
		return false;
	}
	return rd_ask_judge(&o->ask, rest.argc, rest.argv, &rest, false);
}

void
options_finish(struct options *o)
{
	rd_ask_finish(&o->ask);
}
