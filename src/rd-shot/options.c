#include <errno.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/exit.h"
#include "config/config.h"
#include "rd-shot/options.h"

static int
set_region(void *target, const char *text, const char **error)
{
	if (rd_rect_parse(target, text))
		return 0;
	*error = "a region is WIDTHxHEIGHT+X+Y, such as 640x480+100+50";
	return -EINVAL;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	*o = (struct options){.ask = RD_ASK_INIT, .output = "-", .confine = true,
		.timeout_ns = 30 * RD_NS_PER_S};
	o->ask.pipe_end = "rd-shot -o FILE -";
	const struct rd_opt opts[] = {
		{.name = "output", .letter = 'o', .kind = RD_OPT_STRING, .target = &o->output,
			.metavar = "FILE", .help = "where the PNG goes; - is standard output"},
		{.name = "region", .letter = 'g', .kind = RD_OPT_CALL, .target = &o->region,
			.set = set_region, .metavar = "WxH+X+Y", .help = "only that part of the picture"},
		{.name = "cursor", .letter = 'c', .kind = RD_OPT_FLAG, .target = &o->cursor,
			.help = "with the pointer"},
		RD_ASK_DISPLAY_OPT(&o->ask),
		RD_ASK_MONITOR_OPT(&o->ask),
		RD_ASK_WINDOW_OPT(&o->ask),
		{.name = "timeout", .letter = 't', .kind = RD_OPT_TIME, .target = &o->timeout_ns,
			.metavar = "TIME", .help = "give up after this time, with status 13"},
		RD_ASK_OPTS(&o->ask),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "decode without network and files; --no-confine is for debugging"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-shot",
		.usage = "rd-shot [OPTIONS] [SOURCE]\n"
			"rd-shot [OPTIONS] -- COMMAND [ARGUMENT...]",
		.summary = "a picture of a desktop, now, as PNG",
		.examples =
			"  rd-shot -o now.png                     this desktop ($DISPLAY)\n"
			"  rd-shot -w Firefox --cursor -o w.png   a window, with the pointer\n"
			"  rd-shot ssh://build1 -o build1.png     another machine's, over ssh\n"
			"  rd-shot office | display               a host that rd-send serves\n"
			"  while read h; do rd-shot ssh://$h -o $h.png || echo \"$h $?\"; done < hosts\n",
		.opts = opts,
		.operand = "source",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	/* Nothing is sent there. */
	o->ask.view_only = true;
	return rd_ask_judge(&o->ask, rest.argc, rest.argv, &rest, true);
}
