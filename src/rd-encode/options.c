#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "codec/encoder.h"
#include "codec/opus_enc.h"
#include "codec/planner.h"
#include "config/config.h"
#include "rd-encode/options.h"

#define THREADS_DEFAULT 4
#define THREADS_MAX 64

enum { CODEC_AUTO, CODEC_AV1, CODEC_VP9, CODEC_VP8, CODEC_NONE };
static const char *const codec_names[] = {"auto", "av1", "vp9", "vp8", "none", NULL};
static const char *const kind_names[] = {"copy", "exact", "video", NULL};

enum { CHROMA_AUTO, CHROMA_444, CHROMA_420 };
static const char *const chroma_names[] = {"auto", "444", "420", NULL};

static const char *const format_names[] = {"stream", "ivf", NULL};

/* Bit i of --updates is the kind of that name. */
_Static_assert(RD_KIND_COPY == 1 && RD_KIND_EXACT == 2 && RD_KIND_VIDEO == 4,
	"kind_names follows RD_KIND_*");

/* What the table fills before it is judged as a whole. */
struct given {
	int codec;
	int chroma;
	int format;
	unsigned kinds;
	int64_t quantizer;
	int64_t threads;
	bool lossless;
};

/* "0.5", or "1280x720". */
static int
set_scale(void *target, const char *text, const char **error)
{
	struct scale_wish *wish = target;
	char *end;
	double factor = strtod(text, &end);
	if (end != text && *end == '\0') {
		if (!(factor >= 0.1 && factor <= 1)) {
			*error = "a factor is from 0.1 to 1";
			return -EINVAL;
		}
		*wish = (struct scale_wish){.factor = factor};
		return 0;
	}
	long width = strtol(text, &end, 10);
	if (end != text && *end == 'x') {
		const char *second = end + 1;
		long height = strtol(second, &end, 10);
		if (end != second && *end == '\0' && width >= 1 && height >= 1 &&
				width <= RD_IMAGE_MAX_WIDTH && height <= RD_IMAGE_MAX_HEIGHT) {
			*wish = (struct scale_wish){.width = (int)width, .height = (int)height};
			return 0;
		}
	}
	*error = "a factor such as 0.5, or a size such as 1280x720";
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

/*
 * VP9 is what `auto` means: AV1 is smaller, but costs half as much processor
 * again and up to a second for a first picture of video.
 */
static enum rd_codec
chosen_codec(int given)
{
	switch (given) {
	case CODEC_AV1:
		return RD_CODEC_AV1;
	case CODEC_VP8:
		return RD_CODEC_VP8;
	case CODEC_NONE:
		return RD_CODEC_NONE;
	default:
		return RD_CODEC_VP9;
	}
}

static int
judge_codec(struct options *o, const struct given *g)
{
	o->codec = chosen_codec(g->codec);
	o->kinds = g->kinds;
	if (g->lossless)
		o->kinds &= ~(unsigned)RD_KIND_VIDEO;
	if (o->ivf)
		o->kinds = RD_KIND_VIDEO;
	if (o->kinds == 0)
		return mistake("--lossless leaves nothing of --updates video");
	if (!(o->kinds & RD_KIND_VIDEO))
		o->codec = RD_CODEC_NONE;
	if (o->codec == RD_CODEC_NONE && (o->kinds & ~(unsigned)RD_KIND_VIDEO) == 0)
		return mistake("video needs a codec: not --codec none");
	if (o->codec == RD_CODEC_NONE)
		return 0;
	const struct rd_encoder_ops *enc = rd_encoder_find(o->codec);
	if (!enc) {
		rd_error("no encoder for %s in this build", codec_names[g->codec]);
		return RD_EXIT_UNSUPPORTED;
	}
	o->yuv444 = g->chroma == CHROMA_AUTO ? enc->has_444 : g->chroma == CHROMA_444;
	if (o->yuv444 && !enc->has_444) {
		rd_error("%s has only --chroma 420", enc->name);
		return RD_EXIT_USAGE;
	}
	return 0;
}

static int
judge(struct options *o, const struct given *g, const struct rd_opt_rest *rest)
{
	if (rest->argc > 0) {
		rd_opt_mistake_operand(rest, ": a command goes after --");
		return RD_EXIT_USAGE;
	}
	if (rest->command && !rest->command[0])
		return mistake("no command after --");
	o->producer = rest->command;
	o->ivf = g->format == 1;
	if (o->ivf && g->lossless)
		return mistake("--format ivf cannot be --lossless: video alone is not");
	o->quantizer = (int)g->quantizer;
	o->threads = (int)g->threads;
	return judge_codec(o, g);
}

bool
options_read(struct options *o, int argc, char **argv, int *code)
{
	struct given g = {
		.codec = CODEC_AUTO,
		.chroma = CHROMA_AUTO,
		.kinds = RD_KIND_COPY | RD_KIND_EXACT | RD_KIND_VIDEO,
		.quantizer = 24,
		.threads = default_threads(),
	};
	*o = (struct options){.control = true, .sound_bps = RD_OPUS_BPS};
	const struct rd_opt opts[] = {
		{"codec", 'c', RD_OPT_CHOICE, &g.codec, .choices = codec_names,
			.help = "codec for what moves too much to be sent exactly"},
		{"updates", 0, RD_OPT_SET, &g.kinds, .choices = kind_names,
			.help = "kinds of update that changes may travel as"},
		{"chroma", 0, RD_OPT_CHOICE, &g.chroma, .choices = chroma_names,
			.help = "colour resolution of video; auto: 444 where the codec has it"},
		{"quantizer", 'q', RD_OPT_INT, &g.quantizer, .metavar = "N",
			.min = 0, .max = RD_QUANTIZER_MAX,
			.help = "of video: 0 is best, 63 smallest"},
		{"lossless", 0, RD_OPT_FLAG, &g.lossless,
			.help = "no video: every picture exact", .instead = "updates"},
		{"max-bitrate", 'b', RD_OPT_RATE, &o->max_bps, .metavar = "RATE",
			.help = "never send more, in bits a second (800k, 4M)"},
		{"sound-bitrate", 0, RD_OPT_RATE, &o->sound_bps, .metavar = "RATE",
			.min = RD_OPUS_BPS_MIN, .max = RD_OPUS_BPS_MAX,
			.help = "of sound, in bits a second"},
		{"fps", 'r', RD_OPT_REAL, &o->fps, .metavar = "N", .min = 0.1, .max = 1000,
			.help = "at most so many frames a second; without it 60 in the long "
				"run; with --format ivf exactly so many"},
		{"scale", 's', RD_OPT_CALL, &o->scale, .metavar = "FACTOR|WxH",
			.set = set_scale,
			.help = "make the picture smaller: 0.1 to 1, or to fit a size"},
		{"threads", 't', RD_OPT_INT, &g.threads, .metavar = "N",
			.min = 1, .max = THREADS_MAX,
			.help = "threads of the video encoder"},
		{"format", 'f', RD_OPT_CHOICE, &g.format, .choices = format_names,
			.help = "rd-stream(5), or the video alone as IVF"},
		{"stats", 0, RD_OPT_STRING, &o->stats, .metavar = "FILE",
			.help = "at the end, write a line of JSON with what was done; - is stderr"},
		{"name", 0, RD_OPT_STRING, &o->control_name, .metavar = "NAME",
			.help = "what rd-ctl calls it; default: as the program that started it"},
		{"control", 0, RD_OPT_FLAG, &o->control,
			.help = "rd-ctl may ask and tell it; --no-control: it cannot"},
		RD_METRICS_OPTIONS(&o->metrics),
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-encode",
		.usage = "rd-encode [OPTIONS] < STREAM > STREAM\n"
			"rd-encode [OPTIONS] -- PRODUCER [ARGUMENT...]",
		.summary = "turns captured pictures into small updates, and obeys what comes back",
		.examples =
			"  rd-capture | rd-encode | rd-view -\n"
			"  rd-view -- ssh build1 rd-encode -- rd-capture\n"
			"  rd-encode --format ivf --fps 30 -- rd-capture > desktop.ivf\n",
		.opts = opts,
		.operand = "command",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = judge(o, &g, &rest);
	return *code == 0;
}
