#ifndef RD_BASE_OPT_H
#define RD_BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One table per tool. It feeds the command line, --help, the completions and
 * the configuration (config/config.h), so that they cannot disagree. Mistakes are told
 * through log.h: open that first.
 *
 * Every tool has, without naming them: --help, --version, --log LEVEL, and the
 * hidden --completion bash|zsh|fish that prints the shell's completion script.
 */
enum rd_opt_kind {
	RD_OPT_FLAG,	/* bool: --name, --no-name */
	RD_OPT_INT,	/* int64_t in [min, max] */
	RD_OPT_REAL,	/* double in [min, max] */
	RD_OPT_RATE,	/* uint64_t bits a second: 800k, 2M, 1.5M, 2000000 */
	RD_OPT_TIME,	/* uint64_t ns: 500ms, 10s, 5m, 2h; a bare number is seconds */
	RD_OPT_STRING,	/* const char *, borrowed from argv */
	RD_OPT_CHOICE,	/* int: the index into `choices` */
	RD_OPT_SET,	/* unsigned: a comma list of `choices`, bit i for index i */
	RD_OPT_SIZE,	/* struct rd_opt_size: 1920x1080 */
	RD_OPT_CALL,	/* set(target, text, &error) decides */
};

struct rd_opt_size {
	uint16_t width;
	uint16_t height;
};

struct rd_opt {
	const char *name;	/* long name without dashes; NULL ends the table */
	char letter;		/* short name, or 0 */
	enum rd_opt_kind kind;
	void *target;		/* holds the default when parsing starts */
	/* NULL for flags and choices; FILE, DIR, HOST, SOURCE, COMMAND, PROFILE, DISPLAY complete */
	const char *metavar;
	const char *help;	/* one sentence, no full stop */
	const char *const *choices; /* NULL-ended; of other kinds: what completes it */
	double min, max;	/* RATE: bits a second, TIME: seconds; both 0: any */
	/* RD_OPT_CALL: 0, or -EINVAL with *error set to a static sentence. */
	int (*set)(void *target, const char *text, const char **error);
	bool hidden;
	bool command_only;	/* what to do this once, or a secret: no configuration sets it */
	bool *said;		/* NULL, or: becomes true where the command line gives it */
	/* Names, with commas: of these a configuration's value is put aside where this is given. */
	const char *instead;
	const char *environment; /* a variable that says the same: before general configuration */
	/* Its value where the option stands alone: another one only follows a "=". */
	const char *alone;
};

struct rd_opt_tool {
	const char *name;	/* "rd-view" */
	const char *usage;	/* lines after "usage: ", each one form of the command */
	const char *summary;	/* what it does, one sentence */
	const char *examples;	/* lines shown at the end of --help */
	const struct rd_opt *opts;
	/*
	 * What completes a plain argument: "file", "host", "source" (a host or file) or
	 * NULL; "command": "--". Of a host or source the first may be a name of the
	 * configuration.
	 */
	const char *operand;
	int outputs;	/* so many operands at the end are none of those */
	/* The first plain argument begins the command: "--" may be left out before it. */
	bool wraps;
};

struct rd_opt_rest {
	int argc;		/* operands before "--" */
	char **argv;		/* NULL-ended, borrowed from main's */
	char **command;		/* what follows "--", NULL-ended; NULL without "--" */
	const char *after;	/* the option that stands alone right before argv[0]; or NULL */
	/* Of a layer that knows hosts: the one that is named, or else the one that was meant; or NULL. */
	const char *host, *nearest;
};

/*
 * Reads the command line. Returns true to go on. Returns false when the tool
 * should end now with *code: after --help and --version (0, written to stdout)
 * and after a mistake (RD_EXIT_USAGE, one line on stderr that says what is
 * wrong, what was given and the nearest valid name).
 */
bool rd_opt_parse(const struct rd_opt_tool *tool, int argc, char **argv,
	struct rd_opt_rest *rest, int *code);

/* Of a tool without operands: the first is none of its options, with what else it may be. */
void rd_opt_mistake_operand(const struct rd_opt_rest *rest, const char *hint);

/* The first operand of a command line that has such options; NULL: none. Nothing is set or said. */
const char *rd_opt_operand(const struct rd_opt *opts, char **argv);

/* One option of a command line, as it was given. */
struct rd_opt_word {
	const struct rd_opt *opt;
	const char *text;	/* its value; NULL: put aside */
};
struct rd_opt_given {
	const struct rd_opt_tool *tool;	/* its table holds all options */
	struct rd_opt_word *words;	/* in their order */
	size_t count;
	struct rd_opt_rest *rest;
};
/*
 * What lies under a command line: options of its own, which are set first, and
 * then values for what no word gives. `apply` sets these before the words'
 * values are set. It returns 0 to go on; an exit code after saying why; -1 to
 * end well.
 */
struct rd_opt_layer {
	const struct rd_opt *opts;	/* those that a tool has, too, are the tool's */
	int (*apply)(struct rd_opt_layer *l, struct rd_opt_given *g);
};
bool rd_opt_parse_over(const struct rd_opt_tool *tool, struct rd_opt_layer *layer, int argc,
	char **argv, struct rd_opt_rest *rest, int *code);

/*
 * One option by name, as the configuration does; a flag takes yes or no. 0, -ENOENT
 * when there is no such option, or -EINVAL with a sentence in *error to free.
 */
int rd_opt_set(const struct rd_opt *opts, const char *name, const char *text, char **error);

#endif
