#include <stdlib.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "config/config.h"
#include "rd-indicator/options.h"

static bool
take_key(struct rd_chord *c, const char *text, const char *option)
{
	const char *nearest;
	char *bad;
	if (!*text)
		return true;
	int err = rd_chord_parse(c, text, &bad, &nearest);
	if (err && nearest)
		rd_error("%s: \"%s\" is no key; did you mean %s?", option, bad, nearest);
	else if (err)
		rd_error("%s: \"%s\" is no key", option, bad);
	else if (!c->keysym || !c->mods)
		rd_error("%s: modifiers and a key, as ctrl+alt+shift+p", option);
	if (err)
		free(bad);
	return !err && c->keysym && c->mods;
}

static bool
judge(struct options *o, const struct rd_opt_rest *rest)
{
	if (rest->command || rest->argc > 1) {
		rd_error("it starts no command, and is about one rd-send at a time: rd-indicator NAME");
		return false;
	}
	o->whom = rest->argc ? rest->argv[0] : NULL;
	return take_key(&o->pause, o->pause_key, "--pause-key") && take_key(&o->end, o->end_key, "--end-key");
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	*o = (struct options){.pause_key = "ctrl+alt+shift+p", .end_key = "ctrl+alt+shift+e"};
	const struct rd_opt opts[] = {
		{.name = "display", .letter = 'd', .kind = RD_OPT_STRING, .target = &o->display,
			.metavar = "DISPLAY", .help = "where it is shown; default: $DISPLAY, or the only one of yours"},
		{.name = "pause-key", .kind = RD_OPT_STRING, .target = &o->pause_key, .metavar = "KEY",
			.help = "pauses and goes on, wherever the keyboard's focus is; \"\": none"},
		{.name = "end-key", .kind = RD_OPT_STRING, .target = &o->end_key, .metavar = "KEY",
			.help = "sends everybody off; \"\": none"},
		{.name = "quiet", .letter = 'q', .kind = RD_OPT_FLAG, .target = &o->quiet,
			.help = "where there is no display, end without a word and with status 0"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-indicator",
		.usage = "rd-indicator [OPTIONS] [NAME|PID]",
		.summary = "shows on this display who is connected to it, and lets you pause and end that",
		.examples =
			"  rd-indicator                               of the only rd-send of yours\n"
			"  rd-indicator office --end-key super+Escape\n"
			"  rd-share                                   starts it by itself\n",
		.opts = opts,
		.operand = "session",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	return judge(o, &rest);
}
