#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/words.h"

static const char *const codecs[] = {"auto", "av1", "vp9", "none", NULL};
static const char *const kinds[] = {"copy", "exact", "video", NULL};

/* One option of every kind. */
struct values {
	bool grab, cursor;
	int64_t frames;
	double scale;
	uint64_t rate, wait;
	const char *title;
	int codec;
	unsigned updates;
	struct rd_opt_size size;
	int even;
};

static const struct values defaults = {
	.cursor = true, .frames = 5, .scale = 0.5, .rate = 1500000, .wait = 90 * RD_NS_PER_S,
	.title = "untitled", .codec = 2, .updates = 5, .size = {640, 480},
};

static int
set_even(void *target, const char *text, const char **error)
{
	int v = atoi(text);
	if (v % 2) {
		*error = "an even number";
		return -EINVAL;
	}
	*(int *)target = v;
	return 0;
}

#define OPTIONS 13
static void
table(struct rd_opt o[OPTIONS], struct values *v)
{
	const struct rd_opt opts[OPTIONS] = {
		{"grab", 'g', RD_OPT_FLAG, &v->grab, .help = "grab the keyboard"},
		{"cursor", 'C', RD_OPT_FLAG, &v->cursor, .help = "show the cursor"},
		{"frames", 'n', RD_OPT_INT, &v->frames, "N", "how many", .min = -2, .max = 100},
		{"scale", 's', RD_OPT_REAL, &v->scale, "X", "how large", .min = 0.1, .max = 4},
		{"max-bitrate", 'b', RD_OPT_RATE, &v->rate, "RATE", "ceiling", .min = 1000, .max = 1e9},
		{"wait", 0, RD_OPT_TIME, &v->wait, "TIME", "patience", .max = 3600},
		{"title", 't', RD_OPT_STRING, &v->title, "TEXT", .help = "what the window says"},
		{"codec", 'c', RD_OPT_CHOICE, &v->codec, .help = "which codec", .choices = codecs},
		{"updates", 'u', RD_OPT_SET, &v->updates, .help = "which kinds", .choices = kinds},
		{"size", 0, RD_OPT_SIZE, &v->size, "WxH", .help = "size of the picture"},
		{"even", 0, RD_OPT_CALL, &v->even, "N", "even", .set = set_even},
		{"secret", 0, RD_OPT_FLAG, &v->grab, .help = "not for all", .hidden = true},
		{0},
	};
	memcpy(o, opts, sizeof(opts));
}

/* A parse and what came of it. */
struct run {
	struct values v;
	const char *argv[16];
	struct rd_opt_rest rest;
	bool go_on;
	int code;
	char *out, *err;
};

static void
run(struct run *r, const char *const *args)
{
	*r = (struct run){.v = defaults, .code = -1};
	int argc = 0;
	r->argv[argc++] = "rd-test";
	for (; *args; args++)
		r->argv[argc++] = *args;
	struct rd_opt opts[OPTIONS];
	table(opts, &r->v);
	const struct rd_opt_tool tool = {
		.name = "rd-test",
		.usage = "rd-test [options] FILE\nrd-test [options] -- COMMAND\n",
		.summary = "Tests options",
		.examples = "  rd-test --grab -\n",
		.opts = opts,
		.operand = "file",
	};
	struct words out, err;
	words_catch(&out, 1);
	words_catch(&err, 2);
	r->go_on = rd_opt_parse(&tool, argc, (char **)r->argv, &r->rest, &r->code);
	r->err = words_take(&err);
	r->out = words_take(&out);
}

static void
run_free(struct run *r)
{
	free(r->out);
	free(r->err);
}

#define RUN(r, ...) run(r, (const char *const[]){__VA_ARGS__, NULL})

static void
expect_ok(struct run *r)
{
	assert_string_equal(r->err, "");
	assert_string_equal(r->out, "");
	assert_true(r->go_on);
}

static void
nothing_given_nothing_changed(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, NULL);
	expect_ok(&r);
	assert_memory_equal(&r.v, &defaults, sizeof(defaults));
	assert_int_equal(r.rest.argc, 0);
	assert_null(r.rest.argv[0]);
	assert_null(r.rest.command);
	run_free(&r);
}

static void
long_names(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "--grab", "--no-cursor", "--frames=-2", "--scale", "2.5", "--max-bitrate=2M",
		"--wait", "500ms", "--title=a=b", "--codec", "av1", "--updates=copy,video,copy",
		"--size=1920x1080", "--even", "4");
	expect_ok(&r);
	assert_true(r.v.grab);
	assert_false(r.v.cursor);
	assert_int_equal(r.v.frames, -2);
	assert_true(r.v.scale == 2.5);
	assert_int_equal(r.v.rate, 2000000);
	assert_int_equal(r.v.wait, 500 * RD_NS_PER_MS);
	assert_string_equal(r.v.title, "a=b");
	assert_int_equal(r.v.codec, 1);
	assert_int_equal(r.v.updates, 1 | 4);
	assert_int_equal(r.v.size.width, 1920);
	assert_int_equal(r.v.size.height, 1080);
	assert_int_equal(r.v.even, 4);
	run_free(&r);
}

static void
letters(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "-gc", "none", "-n7", "-t", "-", "-t--x", "-uexact");
	expect_ok(&r);
	assert_true(r.v.grab);
	assert_int_equal(r.v.codec, 3);
	assert_int_equal(r.v.frames, 7);
	assert_string_equal(r.v.title, "--x");
	assert_int_equal(r.v.updates, 2);
	run_free(&r);
}

static void
the_last_one_counts(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "--no-grab", "--grab", "-n1", "-n2", "--title=");
	expect_ok(&r);
	assert_true(r.v.grab);
	assert_int_equal(r.v.frames, 2);
	assert_string_equal(r.v.title, "");
	run_free(&r);
}

static void
operands_and_command(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "one", "--grab", "-", "-n", "3", "two", "--", "rd-encode", "--grab", "--", "x");
	expect_ok(&r);
	assert_int_equal(r.rest.argc, 3);
	assert_string_equal(r.rest.argv[0], "one");
	assert_string_equal(r.rest.argv[1], "-");
	assert_string_equal(r.rest.argv[2], "two");
	assert_null(r.rest.argv[3]);
	assert_string_equal(r.rest.command[0], "rd-encode");
	assert_string_equal(r.rest.command[1], "--grab");
	assert_string_equal(r.rest.command[2], "--");
	assert_string_equal(r.rest.command[3], "x");
	assert_null(r.rest.command[4]);
	run_free(&r);

	RUN(&r, "one", "two", "--");
	expect_ok(&r);
	assert_int_equal(r.rest.argc, 2);
	assert_null(r.rest.argv[2]);
	assert_non_null(r.rest.command);
	assert_null(r.rest.command[0]);
	run_free(&r);
}

static void
refuses(const char *const *args, const char *line)
{
	struct run r;
	run(&r, args);
	assert_string_equal(r.err, line);
	assert_string_equal(r.out, "");
	assert_false(r.go_on);
	assert_int_equal(r.code, RD_EXIT_USAGE);
	run_free(&r);
}

#define REFUSES(line, ...) refuses((const char *const[]){__VA_ARGS__, NULL}, "rd-test: " line "\n")

static void
mistakes_are_told_in_one_line(void **state)
{
	(void)state;
	REFUSES("there is no option --cdoec; did you mean --codec?", "--cdoec", "av1");
	REFUSES("there is no option --frame; did you mean --frames?", "--frame=3");
	REFUSES("there is no option --quality; --help lists them", "--quality");
	REFUSES("there is no option --secre; --help lists them", "--secre");
	REFUSES("there is no option --a\\x1bb; --help lists them", "--a\033b");
	REFUSES("there is no option --no-codec; did you mean --codec?", "--no-codec");
	REFUSES("there is no option -x; --help lists them", "-x");
	REFUSES("there is no option --; --help lists them", "--=");
	REFUSES("--grab takes no value", "--grab=yes");
	REFUSES("--no-grab takes no value", "--no-grab=1");
	REFUSES("--frames needs a value: N", "--frames");
	REFUSES("--frames needs a value: N", "-n", "--", "x");
	REFUSES("--codec needs a value: auto, av1, vp9 or none", "--codec");
	REFUSES("--codec \"av2\": choose auto, av1, vp9 or none; did you mean av1?", "--codec=av2");
	REFUSES("--codec \"h264\": choose auto, av1, vp9 or none", "-ch264");
	REFUSES("--updates \"copy,vide\": a list of copy, exact, video; did you mean video?",
		"--updates=copy,vide");
	REFUSES("--even \"3\": an even number", "--even", "3");
}

static void
values_are_checked(void **state)
{
	(void)state;
	REFUSES("--frames \"x\": a whole number, from -2 to 100", "-nx");
	REFUSES("--frames \"\": a whole number, from -2 to 100", "--frames=");
	REFUSES("--frames \"1.5\": a whole number, from -2 to 100", "-n1.5");
	REFUSES("--frames \"101\": a whole number, from -2 to 100", "-n101");
	REFUSES("--frames \"99999999999999999999\": a whole number, from -2 to 100",
		"-n99999999999999999999");
	REFUSES("--scale \"0x1\": a number, from 0.1 to 4", "-s0x1");
	REFUSES("--scale \"nan\": a number, from 0.1 to 4", "-snan");
	REFUSES("--scale \"inf\": a number, from 0.1 to 4", "-sinf");
	REFUSES("--scale \"5\": a number, from 0.1 to 4", "-s5");
	REFUSES("--max-bitrate \"2X\": a rate is bits a second, as in 800k or 2M, from 1k to 1G", "-b2X");
	REFUSES("--max-bitrate \"-2M\": a rate is bits a second, as in 800k or 2M, from 1k to 1G",
		"-b-2M");
	REFUSES("--max-bitrate \"2G\": a rate is bits a second, as in 800k or 2M, from 1k to 1G", "-b2G");
	REFUSES("--wait \"2h\": a time is as in 500ms, 10s or 5m, from 0 to 1h", "--wait=2h");
	REFUSES("--size \"1920\": a size is WIDTHxHEIGHT in pixels, as in 1920x1080", "--size=1920");
	REFUSES("--size \"0x5\": a size is WIDTHxHEIGHT in pixels, as in 1920x1080", "--size=0x5");
	REFUSES("--size \"65536x5\": a size is WIDTHxHEIGHT in pixels, as in 1920x1080",
		"--size=65536x5");
	REFUSES("--size \"5x5x\": a size is WIDTHxHEIGHT in pixels, as in 1920x1080", "--size=5x5x");
	REFUSES("--updates \"\": a list of copy, exact, video", "--updates=");
	REFUSES("--updates \"copy,\": a list of copy, exact, video", "--updates=copy,");
}

static uint64_t
time_of(const char *text)
{
	struct run r;
	RUN(&r, "--wait", text);
	expect_ok(&r);
	uint64_t wait = r.v.wait;
	run_free(&r);
	return wait;
}

static uint64_t
rate_of(const char *text)
{
	struct run r;
	RUN(&r, "-b", text);
	expect_ok(&r);
	uint64_t rate = r.v.rate;
	run_free(&r);
	return rate;
}

static void
units(void **state)
{
	(void)state;
	assert_int_equal(time_of("0"), 0);
	assert_int_equal(time_of("1.5"), 1500 * RD_NS_PER_MS);
	assert_int_equal(time_of("10s"), 10 * RD_NS_PER_S);
	assert_int_equal(time_of("5m"), 300 * RD_NS_PER_S);
	assert_int_equal(time_of("1h"), 3600 * RD_NS_PER_S);
	assert_int_equal(time_of("0.1ms"), 100000);
	assert_int_equal(rate_of("2000000"), 2000000);
	assert_int_equal(rate_of("800k"), 800000);
	assert_int_equal(rate_of("1.5M"), 1500000);
	assert_int_equal(rate_of("1G"), 1000000000);
}

static void
help_is_made_from_the_table(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "--frames=3", "--nonsense", "--help");
	assert_string_equal(r.err, "");
	assert_false(r.go_on);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.out,
		"usage: rd-test [options] FILE\n"
		"       rd-test [options] -- COMMAND\n"
		"\n"
		"Tests options\n"
		"\n"
		"options:\n"
		"  -g, --grab              grab the keyboard\n"
		"  -C, --[no-]cursor       show the cursor (default: yes)\n"
		"  -n, --frames N          how many (default: 5)\n"
		"  -s, --scale X           how large (default: 0.5)\n"
		"  -b, --max-bitrate RATE  ceiling (default: 1500k)\n"
		"      --wait TIME         patience (default: 90s)\n"
		"  -t, --title TEXT        what the window says (default: untitled)\n"
		"  -c, --codec auto|av1|vp9|none\n"
		"                          which codec (default: vp9)\n"
		"  -u, --updates copy,exact,video\n"
		"                          which kinds (default: copy,video)\n"
		"      --size WxH          size of the picture (default: 640x480)\n"
		"      --even N            even\n"
		"      --log error|warn|info|debug|trace\n"
		"                          how much to say on stderr; without it $RD_LOG, or warn\n"
		"  -h, --help              show this and end\n"
		"      --version           show the version and end\n"
		"\n"
		"A time is 500ms, 10s, 5m or 2h; a bare number is seconds.\n"
		"A rate is 800k or 2M; a bare number is bits a second.\n"
		"\n"
		"examples:\n"
		"  rd-test --grab -\n");
	run_free(&r);
}

/* The text a line holds from column `at` on. */
static void
long_help_is_wrapped(void **state)
{
	(void)state;
	bool flag = false;
	const struct rd_opt opts[] = {
		{"a", 0, RD_OPT_FLAG, &flag, .help =
			"words and words and words and words and words and words and words and words "
			"and words and words"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-test", .usage = "rd-test", .summary = "Wraps", .opts = opts,
	};
	const char *argv[] = {"rd-test", "-h", NULL};
	struct rd_opt_rest rest;
	int code;
	struct words out;
	words_catch(&out, 1);
	assert_false(rd_opt_parse(&tool, 2, (char **)argv, &rest, &code));
	char *text = words_take(&out);
	size_t lines = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++)
		assert_true(strlen(line) <= 80);
	assert_int_equal(lines, 3 + 2 + 4);
	free(text);
}

static void
help_after_dashes_is_the_commands(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "--", "rd-encode", "--help");
	expect_ok(&r);
	run_free(&r);
}

static void
version_and_level(void **state)
{
	(void)state;
	struct run r;
	RUN(&r, "--version");
	assert_int_equal(strncmp(r.out, "rd-test ", 8), 0);
	assert_non_null(strchr(r.out, '('));
	assert_false(r.go_on);
	assert_int_equal(r.code, 0);
	run_free(&r);

	RUN(&r, "--log", "debug");
	expect_ok(&r);
	struct words w;
	words_catch(&w, 2);
	rd_debug("heard");
	rd_log_level(RD_LOG_WARN);
	char *text = words_take(&w);
	assert_string_equal(text, "rd-test: debug: heard\n");
	free(text);
	run_free(&r);

	REFUSES("--log \"loud\": choose error, warn, info, debug or trace", "--log=loud");
}

static void
completions_know_every_option(void **state)
{
	(void)state;
	static const char *const shells[] = {"bash", "zsh", "fish"};
	static const char *const names[] = {
		"grab", "no-cursor", "frames", "max-bitrate", "codec", "updates", "log", "help",
	};
	for (size_t i = 0; i < 3; i++) {
		struct run r;
		RUN(&r, "--completion", shells[i]);
		assert_false(r.go_on);
		assert_int_equal(r.code, 0);
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			assert_non_null(strstr(r.out, names[j]));
		assert_non_null(strstr(r.out, "auto av1 vp9 none"));
		assert_null(strstr(r.out, "secret"));
		run_free(&r);
	}
}

static void
output_that_fails_is_told(void **state)
{
	(void)state;
	const struct rd_opt opts[] = {{0}};
	const struct rd_opt_tool tool = {
		.name = "rd-test", .usage = "rd-test", .summary = "Fails", .opts = opts,
	};
	const char *argv[] = {"rd-test", "--help", NULL};
	struct rd_opt_rest rest;
	int code = -1;
	struct words err;
	words_catch(&err, 2);
	fflush(stdout);
	int real = dup(1);
	int full = open("/dev/full", O_WRONLY);
	assert_true(full >= 0);
	dup2(full, 1);
	bool go_on = rd_opt_parse(&tool, 2, (char **)argv, &rest, &code);
	dup2(real, 1);
	close(real), close(full);
	clearerr(stdout);
	char *text = words_take(&err);
	assert_false(go_on);
	assert_int_equal(code, RD_EXIT_OUTPUT);
	assert_non_null(strstr(text, "No space left"));
	free(text);
}

static void
one_by_name(void **state)
{
	(void)state;
	struct values v = defaults;
	struct rd_opt opts[OPTIONS];
	table(opts, &v);
	char *error;
	assert_int_equal(rd_opt_set(opts, "grab", "Yes", &error), 0);
	assert_true(v.grab);
	assert_int_equal(rd_opt_set(opts, "grab", "off", &error), 0);
	assert_false(v.grab);
	assert_int_equal(rd_opt_set(opts, "frames", "12", &error), 0);
	assert_int_equal(v.frames, 12);
	assert_null(error);
	assert_int_equal(rd_opt_set(opts, "frame", "12", &error), -ENOENT);
	assert_null(error);
	assert_int_equal(rd_opt_set(opts, "grab", "maybe", &error), -EINVAL);
	assert_string_equal(error, "yes or no");
	free(error);
	assert_int_equal(v.frames, 12);
}

static int
open_log(void **state)
{
	(void)state;
	unsetenv("RD_LOG");
	rd_log_open("rd-test");
	return 0;
}

/* A tool that runs a command: its first word begins it, and an option may stand alone. */
static bool
wrap(const char *const *argv, struct rd_opt_rest *rest, const char **wm, int *code)
{
	const char *title = NULL;
	bool flag = false;
	int argc = 0;
	const struct rd_opt opts[] = {
		{"title", 't', RD_OPT_STRING, &title, "TEXT", .help = "a text"},
		{"wm", 'w', RD_OPT_STRING, wm, "COMMAND", .help = "a manager", .alone = "auto"},
		{"flag", 'f', RD_OPT_FLAG, &flag, .help = "a flag"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-wrap", .usage = "rd-wrap", .summary = "wraps", .examples = "", .opts = opts,
		.wraps = true,
	};
	while (argv[argc])
		argc++;
	*wm = NULL;
	return rd_opt_parse(&tool, argc, (char **)argv, rest, code);
}

static void
a_command_begins_with_the_first_word(void **state)
{
	(void)state;
	struct rd_opt_rest rest;
	const char *wm;
	int code;
	const char *bare[] = {"rd-wrap", "-t", "x", "run", "--help", "-t", "--", "y", NULL};
	assert_true(wrap(bare, &rest, &wm, &code));
	assert_string_equal(rest.command[0], "run");
	assert_string_equal(rest.command[1], "--help");
	assert_string_equal(rest.command[3], "--");
	assert_null(rest.command[5]);
	const char *dashes[] = {"rd-wrap", "-ft", "-h", "--", "-x", NULL};
	assert_true(wrap(dashes, &rest, &wm, &code));
	assert_string_equal(rest.command[0], "-x");
	const char *first[] = {"rd-wrap", "run", NULL};
	assert_true(wrap(first, &rest, &wm, &code));
	assert_string_equal(rest.command[0], "run");
	const char *none[] = {"rd-wrap", "-f", NULL};
	assert_true(wrap(none, &rest, &wm, &code));
	assert_null(rest.command);
}

static void
an_option_may_stand_alone(void **state)
{
	(void)state;
	struct rd_opt_rest rest;
	const char *wm;
	int code;
	const char *alone[] = {"rd-wrap", "--wm", "run", NULL};
	assert_true(wrap(alone, &rest, &wm, &code));
	assert_string_equal(wm, "auto");
	assert_string_equal(rest.command[0], "run");
	const char *with[] = {"rd-wrap", "-wf", "--wm=twm -v", "run", NULL};
	assert_true(wrap(with, &rest, &wm, &code));
	assert_string_equal(wm, "twm -v");
}

/* rd-ctl has two command lines, and the first operand says which one it is. */
static void
the_first_operand_is_found(void **state)
{
	struct values v = defaults;
	struct rd_opt opts[OPTIONS];
	static const struct { const char *argv[5], *operand; } lines[] = {
		{{"rd-test", "a", "b", NULL}, "a"},
		{{"rd-test", "--grab", "a", NULL}, "a"},
		{{"rd-test", "--frames", "3", "a", NULL}, "a"},
		{{"rd-test", "--frames=3", "-Cn", "4", NULL}, NULL},
		{{"rd-test", "--log", "info", "a", NULL}, "a"},
		{{"rd-test", "--nonsense", "-", NULL}, "-"},
		{{"rd-test", "--", "a", NULL}, NULL},
		{{"rd-test", "--frames", NULL}, NULL},
		{{"rd-test", NULL}, NULL},
		{{NULL}, NULL},
	};
	(void)state;
	table(opts, &v);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *operand = rd_opt_operand(opts, (char **)lines[i].argv);
		assert_true((operand != NULL) == (lines[i].operand != NULL));
		if (operand)
			assert_string_equal(operand, lines[i].operand);
	}
	assert_int_equal(v.frames, defaults.frames);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_given_nothing_changed),
		cmocka_unit_test(long_names),
		cmocka_unit_test(letters),
		cmocka_unit_test(the_last_one_counts),
		cmocka_unit_test(operands_and_command),
		cmocka_unit_test(mistakes_are_told_in_one_line),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(units),
		cmocka_unit_test(help_is_made_from_the_table),
		cmocka_unit_test(long_help_is_wrapped),
		cmocka_unit_test(help_after_dashes_is_the_commands),
		cmocka_unit_test(version_and_level),
		cmocka_unit_test(completions_know_every_option),
		cmocka_unit_test(output_that_fails_is_told),
		cmocka_unit_test(one_by_name),
		cmocka_unit_test(a_command_begins_with_the_first_word),
		cmocka_unit_test(an_option_may_stand_alone),
		cmocka_unit_test(the_first_operand_is_found),
	};
	return cmocka_run_group_tests(tests, open_log, NULL);
}
