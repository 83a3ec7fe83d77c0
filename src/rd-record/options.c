#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "codec/encoder.h"
#include "config/config.h"
#include "rd-record/options.h"

#define THREADS_DEFAULT 4
#define THREADS_MAX 64
#define QUANTIZER_DEFAULT 24
#define SPLIT_BYTES_MIN 10000

enum { CODEC_AUTO, CODEC_VP9, CODEC_VP8, CODEC_AV1 };
static const char *const codec_names[] = {"auto", "vp9", "vp8", "av1", NULL};
enum { CHROMA_420, CHROMA_444 };
static const char *const chroma_names[] = {"420", "444", NULL};
static const char *const resize_names[] = {"fit", "split", NULL};

struct given {
	int codec;
	int chroma;
	int64_t quantizer, threads;
};

/* "100M": bytes, and units of a thousand as disks have them. */
static int
set_size(void *target, const char *text, const char **error)
{
	static const struct { char letter; double scale; } units[] = {
		{'\0', 1}, {'k', 1e3}, {'K', 1e3}, {'M', 1e6}, {'G', 1e9}, {'T', 1e12},
	};
	char *end;
	double v = strtod(text, &end);
	if (text[0] < '0' || text[0] > '9')
		v = 0;
	for (size_t i = 0; v > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
		if (*end != units[i].letter || (*end && end[1]))
			continue;
		v *= units[i].scale;
		if (v < SPLIT_BYTES_MIN || v > 1e15)
			break;
		*(uint64_t *)target = (uint64_t)v;
		return 0;
	}
	*error = "bytes, such as 500k, 100M or 2G, and at least 10k";
	return -EINVAL;
}

static int
default_threads(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > THREADS_DEFAULT ? THREADS_DEFAULT : (int)n;
}

static int
mistake(const char *what)
{
	rd_error("%s", what);
	return RD_EXIT_USAGE;
}

static int
judge_codec(struct options *o, const struct given *g)
{
	static const enum rd_codec codecs[] = {RD_CODEC_NONE, RD_CODEC_VP9, RD_CODEC_VP8, RD_CODEC_AV1};
	o->codec = codecs[g->codec];
	o->yuv444 = g->chroma == CHROMA_444;
	o->quantizer = (int)g->quantizer;
	o->threads = (int)g->threads;
	const struct rd_encoder_ops *enc = rd_encoder_find(o->codec ? o->codec : RD_CODEC_VP9);
	if (!enc) {
		rd_error("no encoder for %s in this build", codec_names[g->codec]);
		return RD_EXIT_UNSUPPORTED;
	}
	if (!o->yuv444 || enc->has_444)
		return 0;
	rd_error("%s has only --chroma 420", enc->name);
	return RD_EXIT_USAGE;
}

/* All operands but the last name sources; without any it is standard input. */
static int
judge_sources(struct options *o, const struct rd_opt_rest *rest)
{
	static char dash[] = "-", *standard[] = {dash, NULL};
	bool other = rest->command || o->ask.file || o->ask.host || o->ask.code || o->ask.code_fd >= 0;
	if (rest->argc == 0)
		return mistake("where to? a file whose name ends in .webm or .mkv, or '-' (see --help)");
	o->path = rest->argv[rest->argc - 1];
	o->sources = rest->argv;
	o->source_count = rest->argc - 1;
	rest->argv[rest->argc - 1] = NULL;
	if (o->source_count == 0 && !other) {
		o->sources = standard;
		o->source_count = 1;
	}
	char **first = o->sources;
	int n = o->source_count > 1 ? 1 : o->source_count;
	if (!rd_ask_judge(&o->ask, n, first, rest, false))
		return RD_EXIT_USAGE;
	return 0;
}

static int
judge(struct options *o, const struct given *g, const struct rd_opt_rest *rest)
{
	bool split = o->split_bytes || o->split_ns;
	if (o->last_ns && split)
		return mistake("--last keeps one file's worth: it cannot be split");
	if (o->last_ns && o->duration_ns)
		return mistake("--last and --duration exclude each other");
	if (o->save_at_end && !o->last_ns)
		return mistake("--save-at-end is for --last");
	if (o->last_ns && o->resize == RESIZE_SPLIT)
		return mistake("--last keeps one file's worth: --resize split is not for it");
	if (o->fps > 0 && o->max_cpu > 0)
		return mistake("--fps is exactly so many pictures: --max-cpu would leave some out");
	int code = judge_codec(o, g);
	return code ? code : judge_sources(o, rest);
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	struct given g = {.quantizer = QUANTIZER_DEFAULT, .threads = default_threads()};
	*o = (struct options){.ask = RD_ASK_INIT, .copy = true, .pointer = true, .sound = true, .control = true, .confine = true};
	o->ask.pipe_end = "rd-record FILE";
	o->ask.view_only = true;
	const struct rd_opt opts[] = {
		{.name = "codec", .letter = 'c', .kind = RD_OPT_CHOICE, .target = &g.codec,
			.choices = codec_names, .help = "auto: that of a stream that is video alone, else vp9"},
		{.name = "quantizer", .letter = 'q', .kind = RD_OPT_INT, .target = &g.quantizer,
			.metavar = "N", .min = 0, .max = RD_QUANTIZER_MAX,
			.help = "while pictures change: 0 is best, 63 smallest; what rests gets 8"},
		{.name = "bitrate", .letter = 'b', .kind = RD_OPT_RATE, .target = &o->max_bps,
			.metavar = "RATE", .help = "at most, in bits a second (800k, 4M)"},
		{.name = "chroma", .kind = RD_OPT_CHOICE, .target = &g.chroma, .choices = chroma_names,
			.help = "colour resolution; 444 keeps coloured text sharp, where players know it"},
		{.name = "threads", .letter = 't', .kind = RD_OPT_INT, .target = &g.threads,
			.metavar = "N", .min = 1, .max = THREADS_MAX, .help = "threads of the video encoder"},
		{.name = "fps", .letter = 'r', .kind = RD_OPT_REAL, .target = &o->fps, .metavar = "N",
			.min = 0.1, .max = 240,
			.help = "exactly so many pictures a second; without it one whenever something changes"},
		{.name = "max-cpu", .kind = RD_OPT_REAL, .target = &o->max_cpu, .metavar = "PERCENT",
			.min = 0.1, .max = 100,
			.help = "of a processor, at most; where much changes for long there are fewer pictures"},
		{.name = "copy", .kind = RD_OPT_FLAG, .target = &o->copy,
			.help = "take the stream's own video packets where it is video alone; --no-copy: never"},
		{.name = "pointer", .kind = RD_OPT_FLAG, .target = &o->pointer,
			.help = "draw the pointer into the picture; --no-pointer leaves it out"},
		{.name = "sound", .kind = RD_OPT_FLAG, .target = &o->sound,
			.help = "what sounds is a track of the film; --no-sound leaves it out"},
		{.name = "resize", .kind = RD_OPT_CHOICE, .target = &o->resize, .choices = resize_names,
			.help = "when the desktop changes its size: fit it into the first, or split: a new file"},
		{.name = "duration", .letter = 'd', .kind = RD_OPT_TIME, .target = &o->duration_ns,
			.metavar = "TIME", .help = "end after so much (90s, 10m)"},
		{.name = "split-size", .kind = RD_OPT_CALL, .target = &o->split_bytes, .set = set_size,
			.metavar = "SIZE", .help = "a new file before one is larger (100M): NAME-000.webm, NAME-001.webm, …"},
		{.name = "split-time", .kind = RD_OPT_TIME, .target = &o->split_ns, .metavar = "TIME",
			.help = "a new file after so much (10m)"},
		{.name = "last", .kind = RD_OPT_TIME, .target = &o->last_ns, .metavar = "TIME",
			.help = "keep only the last so much (30s), in memory, and write it on SIGUSR1"},
		{.name = "save-at-end", .kind = RD_OPT_FLAG, .target = &o->save_at_end,
			.help = "with --last: write it at the end, too"},
		{.name = "chapters", .kind = RD_OPT_STRING, .target = &o->chapters, .metavar = "FD|FIFO",
			.help = "each line that comes there begins a chapter of that name"},
		{.name = "captions", .kind = RD_OPT_STRING, .target = &o->captions, .metavar = "FD|FIFO",
			.help = "each line that comes there is a subtitle"},
		{.name = "overwrite", .kind = RD_OPT_FLAG, .target = &o->overwrite,
			.help = "replace a file that is there"},
		{.name = "json", .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "say on stderr what happens, one event a line"},
		{.name = "quiet", .kind = RD_OPT_FLAG, .target = &o->quiet,
			.help = "neither names of files on stdout nor progress"},
		RD_ASK_OPTS(&o->ask),
		{.name = "name", .kind = RD_OPT_STRING, .target = &o->control_name, .metavar = "NAME",
			.help = "what rd-ctl calls it; default: the film's"},
		{.name = "control", .kind = RD_OPT_FLAG, .target = &o->control,
			.help = "rd-ctl may ask and tell it; --no-control: it cannot"},
		RD_METRICS_OPTIONS(&o->metrics),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "decode without network and other files; --no-confine is for debugging"},
		{.name = "confine-test", .kind = RD_OPT_FLAG, .target = &o->confine_test,
			.help = "try what is forbidden, report, end", .hidden = true},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-record",
		.usage = "rd-record [OPTIONS] FILE < STREAM\n"
			"rd-record [OPTIONS] SOURCE... FILE\n"
			"rd-record [OPTIONS] FILE -- COMMAND [ARGUMENT...]",
		.summary = "makes a WebM or Matroska film of an rd stream, which plays however it ends",
		.examples =
			"  rd-capture | rd-encode | rd-record a.webm\n"
			"  rd-record session.rd a.webm                   a recording, as fast as it goes\n"
			"  rd-record --duration 10m a.webm -- rd-encode -- rd-capture\n"
			"  rd-record ssh://build1 a.mkv                  a desktop over ssh\n"
			"  rd-record --last 30s --save-at-end r.webm -- rd-encode -- rd-capture\n",
		.opts = opts,
		.operand = "source",
		.outputs = 1,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = judge(o, &g, &rest);
	return *code == 0;
}

void
options_finish(struct options *o)
{
	rd_ask_finish(&o->ask);
}
