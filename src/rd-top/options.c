#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "config/config.h"
#include "rd-top/options.h"

const char *const sort_names[SORTS + 1] = {
	"name", "rate", "fps", "latency", "rtt", "loss", "age", NULL,
};

static bool
judge(struct options *o, const struct rd_opt_rest *rest)
{
	if (rest->command || rest->argc > (o->relay ? 1 : 0)) {
		rd_error(o->relay ? "one relay at a time: rd-top --relay [URL]"
			: "rd-top takes options only; a relay's metrics: rd-top --relay [URL]");
		return false;
	}
	o->url = rest->argc ? rest->argv[0] : "127.0.0.1";
	o->repeat = o->json && o->interval_ns && !o->once;
	if (!o->interval_ns)
		o->interval_ns = RD_NS_PER_S;
	return true;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	*o = (struct options){.sort = SORT_NAME};
	const struct rd_opt opts[] = {
		{.name = "relay", .letter = 'r', .kind = RD_OPT_FLAG, .target = &o->relay,
			.help = "a relay's metrics instead of sessions: those at URL, or this machine's",
			.command_only = true},
		{.name = "once", .letter = '1', .kind = RD_OPT_FLAG, .target = &o->once,
			.help = "a table on standard output, and end: as wide as the terminal, or whole; "
				"with --json an object", .command_only = true},
		{.name = "json", .letter = 'j', .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "an object of JSON on standard output; with --interval one a line"},
		{.name = "interval", .letter = 'i', .kind = RD_OPT_TIME, .target = &o->interval_ns,
			.metavar = "TIME", .min = 0.1, .max = 3600, .help = "look so often; default: 1s"},
		{.name = "sort", .letter = 's', .kind = RD_OPT_CHOICE, .target = &o->sort,
			.choices = sort_names, .help = "what sessions are sorted by"},
		{.name = "mouse", .letter = 'm', .kind = RD_OPT_FLAG, .target = &o->mouse,
			.help = "choose by mouse; the terminal's own use of it takes shift then"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-top",
		.usage = "rd-top [options]\nrd-top --relay [URL]",
		.summary = "shows what runs here: sessions, their figures and people; ? in it has its keys",
		.examples =
			"  rd-top\n"
			"  rd-top --once\n"
			"  rd-top --json --interval 5s | jq -c '.sessions[] | [.name, .rtt_ms]'\n"
			"  rd-top --relay http://relay.example.org:9464/metrics\n",
		.opts = opts,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	return judge(o, &rest);
}

bool
options_dash(const struct options *o)
{
	return !o->once && !o->json;
}
