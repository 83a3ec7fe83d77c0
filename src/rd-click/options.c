#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "config/config.h"
#include "media/input.h"
#include "media/rect.h"
#include "rd-click/options.h"

/* A drag of a person's takes longer than a program's. */
#define DELAY_NS (10 * RD_NS_PER_MS)

static const char *const button_names[] = {"left", "right", "middle", "side", "extra", NULL};

/* "100,200", or the middle of "40x20+100+200". */
static bool
parse_place(struct place *p, const char *text)
{
	struct rd_rect r;
	int x, y, end = 0;
	if (rd_rect_parse(&r, text)) {
		*p = (struct place){r.x + r.w / 2, r.y + r.h / 2};
		return true;
	}
	/* No signs and no blanks, which sscanf would take. */
	if (text[strspn(text, "0123456789,")] || strlen(text) > 11 ||
			sscanf(text, "%5d,%5d%n", &x, &y, &end) != 2 || text[end])
		return false;
	*p = (struct place){x, y};
	return true;
}

static int
set_drag(void *target, const char *text, const char **error)
{
	struct options *o = target;
	*error = "a place is X,Y or WIDTHxHEIGHT+X+Y, whose middle it is";
	o->drags = parse_place(&o->drag, text);
	return o->drags ? 0 : -EINVAL;
}

static int
set_with(void *target, const char *text, const char **error)
{
	char *bad = NULL;
	const char *nearest = NULL;
	*error = "these are shift, ctrl, alt, altgr, super, joined by '+'";
	int err = rd_chord_parse_mods(target, text, &bad, &nearest);
	free(bad);
	return err;
}

static bool
judge(struct options *o, bool twice, bool only_move, const char *on, const struct rd_opt_rest *rest)
{
	char *source[] = {(char *)on, NULL};
	bool wheel = o->wheel != 0 || o->wheel_x != 0;
	if (rest->argc > 1 || (rest->argc == 1 && !parse_place(&o->at, rest->argv[0]))) {
		rd_error("\"%s\" is no place: X,Y in pixels, or WIDTHxHEIGHT+X+Y, whose middle it is",
			rest->argv[rest->argc - 1]);
		return false;
	}
	o->placed = rest->argc == 1;
	if (twice + only_move + o->drags + wheel > 1) {
		rd_error("one at a time: --double, --move, --drag or --wheel");
		return false;
	}
	if (only_move && !o->placed) {
		rd_error("where is the pointer to go? rd-click --move X,Y");
		return false;
	}
	o->count = only_move || wheel ? 0 : twice ? 2 : o->count;
	o->ask.input_only = true;
	return rd_ask_judge(&o->ask, on != NULL, source, rest, true);
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	const char *on = NULL;
	bool twice = false, only_move = false;
	*o = (struct options){.ask = RD_ASK_INIT, .confine = true, .count = 1,
		.delay_ns = DELAY_NS, .timeout_ns = 30 * RD_NS_PER_S};
	const struct rd_opt opts[] = {
		{.name = "button", .letter = 'b', .kind = RD_OPT_CHOICE, .target = &o->button,
			.choices = button_names, .help = "which one"},
		{.name = "double", .letter = '2', .kind = RD_OPT_FLAG, .target = &twice,
			.help = "twice, as --count 2", .command_only = true},
		{.name = "count", .letter = 'n', .kind = RD_OPT_INT, .target = &o->count, .min = 1,
			.max = 20, .metavar = "N", .help = "so many times"},
		{.name = "drag", .kind = RD_OPT_CALL, .target = o, .set = set_drag, .metavar = "X,Y",
			.help = "press, go there, let go", .command_only = true},
		{.name = "move", .kind = RD_OPT_FLAG, .target = &only_move,
			.help = "go there and press nothing", .command_only = true},
		{.name = "wheel", .kind = RD_OPT_REAL, .target = &o->wheel, .metavar = "N",
			.min = -50, .max = 50, .help = "turn by so many notches; up, or down if below 0",
			.command_only = true},
		{.name = "wheel-x", .kind = RD_OPT_REAL, .target = &o->wheel_x, .metavar = "N",
			.min = -50, .max = 50, .help = "the same to the right, or to the left",
			.command_only = true},
		{.name = "with", .kind = RD_OPT_CALL, .target = &o->with, .set = set_with,
			.metavar = "KEYS", .help = "hold these meanwhile, such as ctrl+shift"},
		{.name = "on", .letter = 'o', .kind = RD_OPT_STRING, .target = (void *)&on,
			.metavar = "HOST", .help = "where: ssh://HOST, a host or a code, as for rd-view; "
				"else this desktop", .command_only = true},
		{.name = "delay", .kind = RD_OPT_TIME, .target = &o->delay_ns, .metavar = "TIME",
			.help = "pause after each step"},
		{.name = "timeout", .kind = RD_OPT_TIME, .target = &o->timeout_ns, .metavar = "TIME",
			.help = "give up when nothing is taken for this long, with status 13"},
		RD_ASK_DISPLAY_OPT(&o->ask),
		RD_ASK_MONITOR_OPT(&o->ask),
		RD_ASK_WINDOW_OPT(&o->ask),
		RD_ASK_OPTS(&o->ask),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "do it without network and files; --no-confine is for debugging"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-click",
		.usage = "rd-click [OPTIONS] [X,Y | WxH+X+Y]\n"
			"rd-click [OPTIONS] [X,Y | WxH+X+Y] -- COMMAND [ARGUMENT...]",
		.summary = "points, clicks, drags and turns the wheel, and waits until that is taken",
		.examples =
			"  rd-click 100,200                       at this desktop ($DISPLAY)\n"
			"  rd-click --window Files --double 40,60 in a window\n"
			"  rd-click --drag 400,300 100,200\n"
			"  rd-click --wheel -3 --on ssh://kiosk   where the pointer is\n"
			"  rd-wait -i button.png | { read place rest; rd-click $place; }\n",
		.opts = opts,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	return judge(o, twice, only_move, on, &rest);
}
