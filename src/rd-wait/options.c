#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "config/config.h"
#include "rd-wait/options.h"

#define REGION_FORM "a region is WIDTHxHEIGHT+X+Y, such as 640x480+100+50"

const char *
target_kind_name(enum target_kind kind)
{
	static const char *const names[] = {"still", "image", "change", "text"};
	return names[kind];
}

int
target_exit(int n)
{
	return n == 0 ? RD_EXIT_OK : RD_EXIT_TARGET + n + 1;
}

static struct target *
add(struct options *o, enum target_kind kind, const char *text, const char **error)
{
	if (o->targets == TARGETS_MAX) {
		*error = "at most 20 things can be waited for at once";
		return NULL;
	}
	struct target *t = &o->target[o->targets++];
	*t = (struct target){.kind = kind, .name = text};
	return t;
}

static int
set_still(void *target, const char *text, const char **error)
{
	uint64_t ns = 0;
	char *why = NULL;
	const struct rd_opt one[] = {
		{.name = "still", .kind = RD_OPT_TIME, .target = &ns}, {0},
	};
	*error = "a time is a number and ms, s, m or h, such as 500ms";
	int err = rd_opt_set(one, "still", text, &why);
	free(why);
	if (err || ns == 0)
		return -EINVAL;
	struct target *t = add(target, TARGET_STILL, text, error);
	if (t)
		t->still_ns = ns;
	return t ? 0 : -EINVAL;
}

static int
set_image(void *target, const char *text, const char **error)
{
	return add(target, TARGET_IMAGE, text, error) ? 0 : -EINVAL;
}

static int
set_text(void *target, const char *text, const char **error)
{
	if (text[strspn(text, " \t\r\n")] == 0) {
		*error = "there is nothing to be read in that text";
		return -EINVAL;
	}
	return add(target, TARGET_TEXT, text, error) ? 0 : -EINVAL;
}

static int
set_change(void *target, const char *text, const char **error)
{
	struct rd_rect r;
	if (!rd_rect_parse(&r, text)) {
		*error = REGION_FORM;
		return -EINVAL;
	}
	struct target *t = add(target, TARGET_CHANGE, text, error);
	if (t)
		t->region = r;
	return t ? 0 : -EINVAL;
}

static int
set_region(void *target, const char *text, const char **error)
{
	*error = REGION_FORM;
	return rd_rect_parse(target, text) ? 0 : -EINVAL;
}

static int
set_ignore(void *target, const char *text, const char **error)
{
	struct options *o = target;
	*error = "at most 16 regions can be ignored";
	if (o->ignored_count == IGNORED_MAX)
		return -EINVAL;
	return set_region(&o->ignored[o->ignored_count++], text, error);
}

static bool
judge(struct options *o, const struct rd_opt_rest *rest)
{
	if (o->targets == 0) {
		rd_error("what is to be waited for? --still, --image, --change or --text (see --help)");
		return false;
	}
	if (o->save && !o->timeout_ns) {
		rd_error("--save keeps a picture at --timeout, and none is given");
		return false;
	}
	/* Nothing is sent there. */
	o->ask.view_only = true;
	return rd_ask_judge(&o->ask, rest->argc, rest->argv, rest, true);
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	*o = (struct options){.ask = RD_ASK_INIT, .confine = true};
	o->ask.pipe_end = "rd-wait --still 1s -";
	const struct rd_opt opts[] = {
		{.name = "still", .letter = 's', .kind = RD_OPT_CALL, .target = o, .set = set_still,
			.metavar = "TIME", .help = "until no pixel has changed for this long"},
		{.name = "image", .letter = 'i', .kind = RD_OPT_CALL, .target = o, .set = set_image,
			.metavar = "FILE", .help = "until this PNG is to be seen; its transparent pixels are any"},
		{.name = "change", .letter = 'c', .kind = RD_OPT_CALL, .target = o, .set = set_change,
			.metavar = "WxH+X+Y", .help = "until something there is other than at first"},
		{.name = "text", .kind = RD_OPT_CALL, .target = o, .set = set_text,
			.metavar = "TEXT", .help = "until this can be read, in one line, by tesseract"},
		{.name = "region", .letter = 'g', .kind = RD_OPT_CALL, .target = &o->region,
			.set = set_region, .metavar = "WxH+X+Y",
			.help = "where images and texts are looked for, and what is to be still"},
		{.name = "ignore", .kind = RD_OPT_CALL, .target = o, .set = set_ignore,
			.metavar = "WxH+X+Y", .help = "what may change there (a clock) is no change; repeatable"},
		{.name = "tolerance", .kind = RD_OPT_REAL, .target = &o->tolerance, .metavar = "PERCENT",
			.min = 0, .max = 100, .help = "how far off the colour of a pixel may be"},
		{.name = "differ", .kind = RD_OPT_REAL, .target = &o->differ, .metavar = "PERCENT",
			.min = 0, .max = 100, .help = "how many pixels of an image may be off further"},
		{.name = "timeout", .letter = 't', .kind = RD_OPT_TIME, .target = &o->timeout_ns,
			.metavar = "TIME", .help = "give up after this time, with status 13"},
		{.name = "save", .kind = RD_OPT_STRING, .target = &o->save, .metavar = "FILE",
			.help = "at timeout, a PNG that marks what is missing from the nearest image"},
		{.name = "json", .letter = 'j', .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "say what came as an object of JSON"},
		{.name = "language", .letter = 'l', .kind = RD_OPT_STRING, .target = &o->language,
			.metavar = "NAME", .help = "of the text, as tesseract calls it: deu, eng+fra"},
		RD_ASK_DISPLAY_OPT(&o->ask),
		RD_ASK_MONITOR_OPT(&o->ask),
		RD_ASK_WINDOW_OPT(&o->ask),
		RD_ASK_OPTS(&o->ask),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "decode without network and files; --no-confine is for debugging"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-wait",
		.usage = "rd-wait TARGET... [OPTIONS] [SOURCE]\n"
			"rd-wait TARGET... [OPTIONS] -- COMMAND [ARGUMENT...]",
		.summary = "waits until a desktop is still, shows a picture or a text, or changes",
		.examples =
			"  rd-wait --still 500ms                           until it has settled\n"
			"  rd-wait -i ok.png -i error.png -t 30s           0, 102; 13: neither\n"
			"  rd-wait --text 'Sign in' ssh://kiosk            on another machine\n"
			"  rd-wait -i button.png | { read place rest; rd-click $place; }\n",
		.opts = opts,
		.operand = "source",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	return judge(o, &rest);
}
