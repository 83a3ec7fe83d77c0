#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "config/config.h"
#include "rd-ctl/awaited.h"
#include "rd-ctl/options.h"

static bool
judge(struct options *o, bool timeout_said, const struct rd_opt_rest *rest)
{
	if (rest->command) {
		rd_error("rd-ctl starts no command: rd-ctl NAME VERB");
		return false;
	}
	if (timeout_said && !o->wait) {
		rd_error("--timeout is how long --wait may take");
		return false;
	}
	if ((o->wait || o->follow) && (rest->argc == 0 || rest->argc > 1)) {
		rd_error("--wait and --follow take a NAME, and nothing after it");
		return false;
	}
	o->argc = rest->argc;
	o->argv = rest->argv;
	return true;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	bool timeout_said = false;
	*o = (struct options){0};
	const struct rd_opt opts[] = {
		{.name = "json", .letter = 'j', .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "JSON, a line each; of NAME alone: all its values as one object"},
		{.name = "follow", .letter = 'f', .kind = RD_OPT_FLAG, .target = &o->follow,
			.help = "what happens there, a line each, until it ends; as the verb watch",
			.command_only = true},
		{.name = "wait", .letter = 'w', .kind = RD_OPT_STRING, .target = &o->wait,
			.metavar = "EVENT[=VALUE]", .choices = awaited_events,
			.help = "until that happens, or the value of that name is so: wait for path=direct",
			.command_only = true},
		{.name = "timeout", .letter = 't', .kind = RD_OPT_TIME, .target = &o->timeout_ns,
			.metavar = "TIME", .help = "wait no longer, and end with status 13",
			.said = &timeout_said},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-ctl",
		.usage = "rd-ctl [list]\n"
			"rd-ctl NAME[/TOOL]|PID [VERB [ARGUMENT...]]\n"
			"rd-ctl NAME --wait EVENT[=VALUE] [--timeout TIME]\n"
			"rd-ctl config check [FILE] | config show [TOOL] [HOST]",
		.summary = "talks to what runs here: sessions, hosts, recorders",
		.examples =
			"  rd-ctl                                     what runs\n"
			"  rd-ctl office                              all it knows of itself\n"
			"  rd-ctl office get rtt-ms\n"
			"  rd-ctl office set max-bitrate=2M path=relay\n"
			"  rd-ctl office help                         what can be got, set and done\n"
			"  rd-ctl --json office | jq .rtt_ms\n"
			"  rd-ctl office --wait path=direct --timeout 20s\n"
			"  rd-ctl config check                        what is wrong in config.yaml\n",
		.opts = opts,
		.operand = "session",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	return judge(o, timeout_said, &rest);
}
