#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "config/config.h"
#include "media/image.h"
#include "rd-capture/lock.h"
#include "rd-capture/options.h"

enum { FORMAT_STREAM, FORMAT_Y4M };
static const char *const format_names[] = {"stream", "y4m", NULL};

enum { CHROMA_420, CHROMA_444 };
static const char *const chroma_names[] = {"420", "444", NULL};

enum { INJECT_X11, INJECT_LOG };
static const char *const resize_names[] = {"restore", "keep", NULL};
static const char *const blank_names[] = {"try", "must", NULL};
static const char *const lock_names[] = {LOCK_AUTO, NULL};
static const char *const sound_names[] = {"off", "on", NULL};

static const char *const injector_names[] = {"x11", "log", NULL};

/* What the table fills before it is judged as a whole. */
struct given {
	const char *source;
	int injector, format, chroma;
	double fps;
	int64_t frames;
	struct rd_opt_size size;
	bool inject, list, said_resize, said_rect, said_window, said_blank, said_lock;
	const char *sound;
};

/* "640x480+10+20", as X programs write geometries. */
static int
set_region(void *target, const char *text, const char **error)
{
	if (rd_rect_parse(target, text))
		return 0;
	*error = "a region is WIDTHxHEIGHT+X+Y, such as 640x480+100+50";
	return -EINVAL;
}

/* "0x1c00003" or the same in decimal, as xwininfo and wmctrl print them; or a title. */
static int
set_window(void *target, const char *text, const char **error)
{
	struct rd_capture_config *cfg = target;
	char *end;
	errno = 0;
	unsigned long id = strtoul(text, &end, 0);
	bool number = end != text && !*end && text[0] != '-';
	if (!*text || (number && (errno || id == 0 || id > 0x1fffffff))) {
		*error = "a window is a number such as 0x1c00003, or a title (rd-capture --list prints both)";
		return -EINVAL;
	}
	cfg->window = number ? (uint32_t)id : 0;
	cfg->window_title = number ? NULL : text;
	return 0;
}

static int
mistake(const char *what)
{
	rd_error("%s", what);
	return RD_EXIT_USAGE;
}

/* "x11", "test", "y4m:FILE". */
static int
judge_source(struct options *o, const char *name)
{
	if (strncmp(name, "y4m:", 4) == 0 && name[4]) {
		o->capture.path = name + 4;
		name = "y4m";
	} else if (strcmp(name, "y4m") == 0) {
		return mistake("--source y4m needs its file: --source y4m:FILE");
	}
	o->source = rd_capture_find(name);
	if (o->source)
		return 0;
	char *word = rd_log_escape(name, strlen(name), 64);
	rd_error("--source \"%s\": there are x11, test and y4m:FILE", word);
	free(word);
	return RD_EXIT_USAGE;
}

static void
judge_rate(struct options *o, double fps)
{
	if (fps <= 0)
		return;
	/* Three decimals are kept, and whole rates stay whole. */
	bool whole = fabs(fps - round(fps)) < 0.0005;
	o->fps_num = (unsigned)(whole ? round(fps) : round(fps * 1000));
	o->fps_den = whole ? 1 : 1000;
	o->capture.fps_num = o->fps_num;
	o->capture.fps_den = o->fps_den;
}

static bool
is_x11(const struct options *o)
{
	return strcmp(o->source->name, "x11") == 0;
}

/* Set by rd-send for a viewer whose key gives it no input; the command line cannot undo it. */
static bool
told_view_only(void)
{
	const char *text = getenv("RD_VIEW_ONLY");
	return text && *text && strcmp(text, "0") != 0;
}

/* What is configured counts where it fits. */
static int
judge_resize(struct options *o, const struct given *g)
{
	const struct rd_capture_config *c = &o->capture;
	if (!o->resize)
		return 0;
	if (strcmp(o->resize, "restore") != 0 && strcmp(o->resize, "keep") != 0)
		return mistake("--resize=restore (or --resize alone), or --resize=keep");
	bool whole = is_x11(o) && !c->window && !c->window_title && rd_rect_empty(c->region);
	bool fits = whole && o->task == TASK_STREAM && !o->view_only;
	if (!fits && g->said_resize && !told_view_only())
		return mistake("--resize is for a stream of an X11 screen or monitor, all of it, that is controlled, too");
	if (!fits)
		o->resize = NULL;
	return 0;
}

/* What is configured counts wherever a desktop is captured; what is said is meant. */
static int
judge_hide(struct options *o, const struct given *g)
{
	bool fits = is_x11(o) && (o->task == TASK_STREAM || o->task == TASK_FILM);
	o->hide.strict = g->said_rect;
	if (!fits && (g->said_rect || g->said_window))
		return mistake("--hide and --hide-window are for what is captured from --source x11");
	o->capture.hide = fits && rd_hide_any(&o->hide) ? &o->hide : NULL;
	return 0;
}

/* Set by rd-send, whose options those are, too. */
static const char *
told(const char *variable)
{
	const char *text = getenv(variable);
	return text && *text ? text : NULL;
}

static int
judge_blank(struct options *o, const struct given *g)
{
	bool fits = is_x11(o) && o->task == TASK_STREAM;
	if (!g->said_blank)
		o->blank = told("RD_BLANK");
	if (!o->blank)
		return 0;
	if (strcmp(o->blank, "try") != 0 && strcmp(o->blank, "must") != 0)
		return mistake("--blank=try (or --blank alone), or --blank=must");
	if (!fits && g->said_blank)
		return mistake("--blank is for a stream of an X11 desktop");
	if (!fits)
		o->blank = NULL;
	return 0;
}

/* Who can only look leaves nothing open. */
static int
judge_lock(struct options *o, const struct given *g)
{
	bool desktop = o->injector == rd_inject_find(injector_names[INJECT_X11]);
	bool task = (o->task == TASK_STREAM && is_x11(o)) || o->task == TASK_OBEY;
	if (!g->said_lock)
		o->lock = told("RD_LOCK_ON_END");
	if (!o->lock)
		return 0;
	if ((!task || !desktop) && g->said_lock)
		return mistake("--lock-on-end is for a desktop that is controlled");
	if (!task || !desktop || o->view_only) {
		o->lock = NULL;
	} else if (strcmp(o->lock, LOCK_AUTO) != 0 && !lock_exists(o->lock)) {
		char *word = rd_log_escape(o->lock, strcspn(o->lock, " \t"), 64);
		rd_error("--lock-on-end: %s: no such command", *word ? word : "nothing");
		free(word);
		return RD_EXIT_PRIVACY;
	}
	return 0;
}

static int
judge_task(struct options *o, const struct given *g)
{
	bool film = g->format == FORMAT_Y4M;
	o->view_only |= told_view_only();
	if (g->inject && (film || g->list))
		return mistake("--inject captures nothing: it goes with neither --format nor --list");
	if (g->inject && o->view_only)
		return mistake("--inject and --view-only (or $RD_VIEW_ONLY) exclude each other");
	if (g->inject && o->clip.said && o->clip.ways && !o->answer)
		return mistake("--inject shares a clipboard only with --answer: there must be a way back");
	if (o->answer && !g->inject)
		return mistake("--answer goes with --inject");
	if (o->answer && isatty(STDOUT_FILENO))
		return mistake("--answer writes a stream, and stdout is a terminal");
	/* A film has its own clock, and takes the newest picture at every tick. */
	if (film && o->source->live)
		o->capture.fps_num = 0;
	o->task = g->list ? TASK_LIST : g->inject ? TASK_OBEY : film ? TASK_FILM : TASK_STREAM;
	bool window = o->capture.window || o->capture.window_title;
	bool part = window || o->capture.monitor || !rd_rect_empty(o->capture.region);
	/* Who shows a part of the desktop does not mean to give away all that is copied on it. */
	if (!o->clip.said && (g->inject || !is_x11(o) || part))
		o->clip.ways = RD_CLIP_WAYS_OFF;
	if (part && !is_x11(o))
		return mistake("--monitor, --window and --region belong to --source x11");
	if (o->capture.monitor && window)
		return mistake("name a --monitor or a --window, not both");
	if (g->inject && isatty(STDIN_FILENO))
		return mistake("nothing to obey: stdin is a terminal; try: rd-recv HOST | rd-capture --inject");
	int code = judge_resize(o, g);
	if (!code)
		code = judge_hide(o, g);
	if (!code)
		code = judge_blank(o, g);
	if (!code)
		code = judge_lock(o, g);
	if (code)
		return code;
	bool streams = o->task == TASK_STREAM || o->task == TASK_FILM;
	if (streams && isatty(STDOUT_FILENO))
		return mistake("stdout is a terminal; try: rd-capture | rd-encode | rd-view -");
	return 0;
}

/* "off", "on", a device, or "new:NAME". */
static void
judge_sound(struct options *o, const char *sound)
{
	o->sound_new = strncmp(sound, "new:", 4) == 0 && sound[4];
	sound += o->sound_new ? 4 : 0;
	o->sound = strcmp(sound, "off") != 0;
	o->sound_device = o->sound && strcmp(sound, "on") != 0 ? sound : NULL;
}

static int
judge(struct options *o, const struct given *g, const struct rd_opt_rest *rest)
{
	if (rest->argc > 0) {
		rd_opt_mistake_operand(rest, ", and rd-capture takes nothing else");
		return RD_EXIT_USAGE;
	}
	if (rest->command)
		return mistake("\"--\" is not an option, and rd-capture takes nothing else");
	int code = judge_source(o, g->source);
	if (code)
		return code;
	o->injector = rd_inject_find(injector_names[g->injector]);
	o->chroma = g->chroma == CHROMA_444 ? RD_CHROMA_444 : RD_CHROMA_420;
	o->capture.width = g->size.width;
	o->capture.height = g->size.height;
	o->frames = o->capture.frames = (uint64_t)g->frames;
	judge_rate(o, g->fps);
	judge_sound(o, g->sound);
	return judge_task(o, g);
}

bool
options_read(struct options *o, int argc, char **argv, int *code)
{
	struct given g = {.source = "x11", .size = {1280, 720}, .sound = "on"};
	*o = (struct options){.clip = {.ways = RD_CLIP_BOTH}};
	const struct rd_opt opts[] = {
		{"source", 's', RD_OPT_STRING, &g.source, .metavar = "x11|test|y4m:FILE",
			.help = "what to capture: the X11 desktop, a test picture or a film (- is stdin)"},
		{"display", 'd', RD_OPT_STRING, &o->capture.display, .metavar = "DISPLAY",
			.help = "X display, such as :0; otherwise $DISPLAY, or your only session",
			.environment = "DISPLAY"},
		{"monitor", 'm', RD_OPT_STRING, &o->capture.monitor, .metavar = "NAME",
			.help = "one monitor, by its RandR name or its place in --list, from 0",
			.instead = "window"},
		{"window", 'w', RD_OPT_CALL, &o->capture, .metavar = "WINDOW", .set = set_window,
			.help = "one window, by its number, or by (a part of) its title",
			.instead = "monitor"},
		{"region", 'g', RD_OPT_CALL, &o->capture.region, .metavar = "WxH+X+Y", .set = set_region,
			.help = "a part of the screen, monitor or window"},
		{"hide", 0, RD_OPT_CALL, &o->hide, .metavar = "WxH+X+Y", .set = rd_hide_add_rect,
			.said = &g.said_rect,
			.help = "never capture that part of the desktop; may be given again"},
		{"hide-window", 0, RD_OPT_CALL, &o->hide, .metavar = "WINDOW",
			.set = rd_hide_add_window, .said = &g.said_window,
			.help = "never capture windows with that in their title, of that class (class:NAME), or "
				"that one, with frames and menus; may be given again"},
		{"fps", 'r', RD_OPT_REAL, &g.fps, .metavar = "N", .min = 0.1, .max = 1000,
			.help = "at most so many frames a second; test and y4m: exactly so many (30)"},
		{"frames", 'n', RD_OPT_INT, &g.frames, .metavar = "N", .min = 1, .max = 4294967295.0,
			.help = "end after so many frames"},
		{"duration", 't', RD_OPT_TIME, &o->duration_ns, .metavar = "TIME",
			.help = "end after that time"},
		{"size", 0, RD_OPT_SIZE, &g.size, .metavar = "WxH",
			.help = "of the test picture"},
		{"cursor", 'c', RD_OPT_FLAG, &o->capture.paint_cursor,
			.help = "paint the pointer into the picture, instead of sending its shape and place"},
		{"sound", 0, RD_OPT_STRING, &g.sound, .metavar = "off|on|DEVICE", .choices = sound_names,
			.help = "capture what is played, on the default device or that one (--list)"},
		{"microphone", 0, RD_OPT_FLAG, &o->microphone,
			.help = "make a microphone here, by which programs hear what viewers say"},
		{"view-only", 'v', RD_OPT_FLAG, &o->view_only,
			.help = "obey no input that comes back"},
		{"resize", 0, RD_OPT_STRING, &o->resize, .metavar = "restore|keep", .choices = resize_names,
			.alone = "restore", .said = &g.said_resize,
			.help = "a viewer with the right to input may change the desktop's size; at the end it "
				"gets the old one back, or keeps the last"},
		{"blank", 0, RD_OPT_STRING, &o->blank, .metavar = "try|must", .choices = blank_names,
			.alone = "try", .said = &g.said_blank, .command_only = true,
			.help = "turn the display's own monitors off meanwhile; must: or show nothing"},
		{"lock-on-end", 0, RD_OPT_STRING, &o->lock, .metavar = "auto|COMMAND", .choices = lock_names,
			.alone = LOCK_AUTO, .said = &g.said_lock, .command_only = true,
			.help = "lock the desktop when its viewer has gone, however that comes about, if it "
				"typed or pointed; a command is split at blanks, run without a shell"},
		{"inject", 'i', RD_OPT_FLAG, &g.inject,
			.help = "capture nothing: obey the input in the stream on stdin",
			.command_only = true, .instead = "view-only,format"},
		{"answer", 0, RD_OPT_FLAG, &o->answer,
			.help = "with --inject: say on stdout, as a stream, what has been done",
			.command_only = true},
		RD_CLIP_OPTS(&o->clip, "which way clipboards are shared; both, but off with --inject"),
		{"injector", 0, RD_OPT_CHOICE, &g.injector, .choices = injector_names,
			.help = "where input goes: to the X11 desktop, or as lines to stderr"},
		{"format", 'f', RD_OPT_CHOICE, &g.format, .choices = format_names,
			.help = "rd-stream(5), or YUV4MPEG2 at a constant rate for other programs"},
		{"chroma", 0, RD_OPT_CHOICE, &g.chroma, .choices = chroma_names,
			.help = "colour resolution of y4m"},
		{"list", 'l', RD_OPT_FLAG, &g.list,
			.help = "print displays, monitors, windows and sound devices, and end", .command_only = true},
		{"json", 0, RD_OPT_FLAG, &o->json,
			.help = "with --list: an object of JSON a line"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-capture",
		.usage = "rd-capture [OPTIONS] > STREAM\n"
			"rd-capture --format y4m [OPTIONS] > FILM\n"
			"rd-capture --inject [--answer] [OPTIONS] < STREAM\n"
			"rd-capture --list [--json]",
		.summary = "captures a desktop, and obeys the input that comes back",
		.examples =
			"  rd-capture | rd-encode | rd-view -\n"
			"  rd-view -- ssh build1 rd-encode -- rd-capture\n"
			"  rd-capture --format y4m --fps 30 | ffmpeg -i - out.mp4\n"
			"  rd-capture --list\n",
		.opts = opts,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = judge(o, &g, &rest);
	return *code == 0;
}
