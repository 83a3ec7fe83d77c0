#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/opt.h"
#include "base/opt_table.h"
#include "base/version.h"

/* What every tool has; -1: not given. */
struct builtins {
	bool help;
	bool version;
	int log;
	int shell;
};

static const char *const log_levels[] = {"error", "warn", "info", "debug", "trace", NULL};
static const char *const shells[] = {
	[OPT_BASH] = "bash", [OPT_ZSH] = "zsh", [OPT_FISH] = "fish", [OPT_NAMES] = "names", NULL,
};

static size_t
count(const struct rd_opt *opts)
{
	size_t n = 0;
	while (opts[n].name)
		n++;
	return n;
}

static const struct rd_opt *
find(const struct rd_opt *opts, const char *name, size_t len)
{
	for (const struct rd_opt *o = opts; o->name; o++)
		if (strncmp(o->name, name, len) == 0 && o->name[len] == '\0')
			return o;
	return NULL;
}

static const struct rd_opt *
find_letter(const struct rd_opt *opts, char letter)
{
	for (const struct rd_opt *o = opts; o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

/* The tool's table, ours and the layer's in one; freed by the caller. */
static struct rd_opt *
join_tables(const struct rd_opt *opts, const struct rd_opt *layer, struct builtins *b)
{
	const struct rd_opt ours[] = {
		{.name = "log", .kind = RD_OPT_CHOICE, .target = &b->log, .choices = log_levels,
			.help = "how much to say on stderr; without it $RD_LOG, or warn",
			.environment = "RD_LOG"},
		{.name = "help", .letter = find_letter(opts, 'h') ? 0 : 'h', .kind = RD_OPT_FLAG,
			.target = &b->help, .help = "show this and end", .command_only = true},
		{.name = "version", .kind = RD_OPT_FLAG, .target = &b->version,
			.help = "show the version and end", .command_only = true},
		{.name = "completion", .kind = RD_OPT_CHOICE, .target = &b->shell,
			.choices = shells, .help = "print the completion script", .hidden = true},
		{0},
	};
	size_t n = count(opts), m = count(ours), extra = layer ? count(layer) : 0;
	struct rd_opt *all = xcalloc(n + m + extra + 1, sizeof(*all));
	memcpy(all, opts, n * sizeof(*all));
	memcpy(all + n, ours, m * sizeof(*all));
	n += m;
	for (size_t i = 0; i < extra; i++)
		if (!find(opts, layer[i].name, strlen(layer[i].name)))
			all[n++] = layer[i];
	return all;
}

/* One walk over the command line; args moves on as words are used up. */
struct walk {
	const struct rd_opt *opts;
	char **args;
	struct rd_opt_word *words;	/* what was found, to be set later */
	size_t count;
};

static int
mistake_unknown(const struct walk *w, const char *given, size_t len)
{
	size_t n = count(w->opts);
	const char **names = xcalloc(n, sizeof(*names));
	size_t shown = 0;
	for (size_t i = 0; i < n; i++)
		if (!w->opts[i].hidden)
			names[shown++] = w->opts[i].name;
	char *word = rd_log_escape(given, len, 64);
	const char *nearest = rd_nearest(word, names, shown);
	if (nearest)
		rd_error("there is no option --%s; did you mean --%s?", word, nearest);
	else
		rd_error("there is no option --%s; --help lists them", word);
	free(word);
	free(names);
	return -EINVAL;
}

static int
found(struct walk *w, const struct rd_opt *o, const char *text)
{
	w->words[w->count++] = (struct rd_opt_word){o, text};
	if (o->said)
		*o->said = true;
	return 0;
}

static int
assign(const struct rd_opt *o, const char *text)
{
	char *error = NULL;
	int err = opt_value_parse(o, text, &error);
	if (err) {
		char *word = rd_log_escape(text, strlen(text), 64);
		rd_error("--%s \"%s\": %s", o->name, word, error);
		free(word);
	}
	free(error);
	return err;
}

/* The value that follows as a word of its own. */
static int
found_next(struct walk *w, const struct rd_opt *o)
{
	const char *text = w->args[0];
	if (!text || strcmp(text, "--") == 0) {
		char *choices = o->metavar ? xstrdup(o->metavar) : opt_join_choices(o, ", ", " or ");
		rd_error("--%s needs a value: %s", o->name, choices);
		free(choices);
		return -EINVAL;
	}
	w->args++;
	return found(w, o, text);
}

/* --name, --name=value, --name value, --no-name */
static int
read_long(struct walk *w, const char *arg)
{
	size_t len = strcspn(arg, "=");
	const char *value = arg[len] == '=' ? arg + len + 1 : NULL;
	const struct rd_opt *o = find(w->opts, arg, len);
	const char *flag_value = "yes";
	if (!o && strncmp(arg, "no-", 3) == 0) {
		o = find(w->opts, arg + 3, len - 3);
		if (o && o->kind != RD_OPT_FLAG)
			o = NULL;
		flag_value = "no";
	}
	if (!o)
		return mistake_unknown(w, arg, len);
	if (o->kind == RD_OPT_FLAG) {
		if (value) {
			rd_error("--%.*s takes no value", (int)len, arg);
			return -EINVAL;
		}
		return found(w, o, flag_value);
	}
	if (o->alone && !value)
		return found(w, o, o->alone);
	return value ? found(w, o, value) : found_next(w, o);
}

/* -x, -x value, -xvalue, and flags together: -xyz */
static int
read_letters(struct walk *w, const char *letters)
{
	for (const char *c = letters; *c; c++) {
		const struct rd_opt *o = find_letter(w->opts, *c);
		if (!o) {
			char *word = rd_log_escape(letters, strlen(letters), 64);
			rd_error("there is no option -%s; --help lists them", word);
			free(word);
			return -EINVAL;
		}
		if (opt_has_value(o))
			return c[1] ? found(w, o, c + 1) : found_next(w, o);
		found(w, o, o->alone ? o->alone : "yes");
	}
	return 0;
}

/* The option whose value the next word would be, had it a "=" before it; or NULL. */
static const char *
stands_alone(const struct walk *w)
{
	const struct rd_opt_word *last = w->count ? &w->words[w->count - 1] : NULL;
	return last && last->opt->alone && last->text == last->opt->alone ? last->opt->name : NULL;
}

void
rd_opt_mistake_operand(const struct rd_opt_rest *rest, const char *hint)
{
	char *word = rd_log_escape(rest->argv[0], strlen(rest->argv[0]), 64);
	if (rest->after)
		rd_error("\"%s\" is not an option; a value for --%s follows a \"=\": --%s=%s", word,
			rest->after, rest->after, word);
	else
		rd_error("\"%s\" is not an option%s", word, hint);
	free(word);
}

/* Operands move to the front of argv, over words that were read already. */
static int
read_all(struct walk *w, bool wraps, char **argv, struct rd_opt_rest *rest)
{
	*rest = (struct rd_opt_rest){.argv = argv};
	int err = 0;
	while (!err && *w->args) {
		char *arg = *w->args++;
		if (strcmp(arg, "--") == 0) {
			rest->command = w->args;
			break;
		}
		bool operand = arg[0] != '-' || arg[1] == '\0';
		if (operand && wraps) {
			rest->command = w->args - 1;
			break;
		}
		if (operand && rest->argc == 0)
			rest->after = stands_alone(w);
		if (operand)
			argv[rest->argc++] = arg;
		else if (arg[1] == '-')
			err = read_long(w, arg + 2);
		else
			err = read_letters(w, arg + 1);
	}
	if (rest->command != argv)
		argv[rest->argc] = NULL;
	return err;
}

/* Whether the word after this option is its value. */
static bool
takes_next(const struct rd_opt *opts, const char *arg)
{
	bool name = arg[1] == '-';
	const struct rd_opt *o;
	if (name && strchr(arg, '='))
		return false;
	if (name) {
		o = find(opts, arg + 2, strlen(arg + 2));
		return o && opt_has_value(o);
	}
	for (arg++; (o = find_letter(opts, *arg)) && !opt_has_value(o) && arg[1]; arg++)
		;
	return o && opt_has_value(o) && !arg[1];
}

const char *
rd_opt_operand(const struct rd_opt *opts, char **argv)
{
	struct builtins b = {.log = -1, .shell = -1};
	struct rd_opt *all = join_tables(opts, NULL, &b);
	char **args = *argv ? argv + 1 : argv;
	while (*args && **args == '-' && (*args)[1] && strcmp(*args, "--") != 0)
		args += takes_next(all, *args) && args[1] ? 2 : 1;
	free(all);
	return *args && strcmp(*args, "--") != 0 ? *args : NULL;
}

/*
 * --help wins wherever it stands, and is answered before any value is set:
 * it shows defaults, and helps with the very line that is wrong. The --help of
 * a command is not ours.
 */
static bool
wants_help(const struct rd_opt *opts, bool wraps, char **args)
{
	const struct rd_opt *h = find_letter(opts, 'h');
	bool letter = h && strcmp(h->name, "help") == 0;
	for (; *args && strcmp(*args, "--") != 0; args++) {
		if (strcmp(*args, "--help") == 0 || (letter && strcmp(*args, "-h") == 0))
			return true;
		if (wraps && **args != '-')
			break;
		if (wraps && takes_next(opts, *args) && args[1])
			args++;
	}
	return false;
}

/* Ends a run that only prints; a full disk or a closed pipe is its failure. */
static int
printed(void)
{
	/* What was longer than the buffer may have failed before, and is forgotten. */
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return RD_EXIT_OK;
	rd_error("stdout: %s", errno ? strerror(errno) : "not all could be written");
	return RD_EXIT_OUTPUT;
}

/* Each word of the line is at most a letter and a half: "-abc" is three flags. */
static size_t
words_most(char **args)
{
	size_t n = 0;
	for (; *args; args++)
		n += strlen(*args) + 1;
	return n;
}

/* Sets what was found of the options from `first` up to `last`. */
static int
assign_all(const struct walk *w, const struct rd_opt *first, const struct rd_opt *last)
{
	int err = 0;
	for (size_t i = 0; !err && i < w->count; i++) {
		const struct rd_opt_word *word = &w->words[i];
		if (word->text && word->opt >= first && word->opt < last)
			err = assign(word->opt, word->text);
	}
	return err;
}

/* What the layer says, and then the tool's own options: 0, an exit code, or -1. */
static int
assign_tool(const struct rd_opt_tool *full, struct rd_opt_layer *layer, struct walk *w,
	const struct rd_opt *end, struct rd_opt_rest *rest)
{
	struct rd_opt_given given = {full, w->words, w->count, rest};
	int code = layer ? layer->apply(layer, &given) : 0;
	if (code)
		return code;
	return assign_all(w, full->opts, end) < 0 ? RD_EXIT_USAGE : 0;
}

bool
rd_opt_parse_over(const struct rd_opt_tool *tool, struct rd_opt_layer *layer, int argc,
	char **argv, struct rd_opt_rest *rest, int *code)
{
	struct builtins b = {.log = -1, .shell = -1};
	struct rd_opt *opts = join_tables(tool->opts, layer ? layer->opts : NULL, &b);
	struct rd_opt_tool full = *tool;
	full.opts = opts;
	char **args = argc > 0 ? argv + 1 : argv;
	struct walk w = {.opts = opts, .args = args};
	const struct rd_opt *ours = opts + count(tool->opts), *end = opts + count(opts);
	w.words = xcalloc(words_most(args) + 1, sizeof(*w.words));

	bool go_on = false;
	*code = RD_EXIT_OK;
	if (wants_help(opts, tool->wraps, args)) {
		opt_help_print(&full, stdout);
		*code = printed();
	} else if (read_all(&w, tool->wraps, args, rest) < 0 || assign_all(&w, ours, end) < 0) {
		*code = RD_EXIT_USAGE;
	} else if (b.version) {
		printf("%s %s\n", tool->name, rd_version);
		*code = printed();
	} else if (b.shell >= 0) {
		opt_complete_print(&full, (enum opt_shell)b.shell, stdout);
		*code = printed();
	} else {
		*code = assign_tool(&full, layer, &w, ours, rest);
		go_on = *code == 0;
		if (*code < 0)
			*code = printed();
		if (b.log >= 0)
			rd_log_level((enum rd_log_level)b.log);
	}
	free(w.words);
	free(opts);
	return go_on;
}

bool
rd_opt_parse(const struct rd_opt_tool *tool, int argc, char **argv,
	struct rd_opt_rest *rest, int *code)
{
	return rd_opt_parse_over(tool, NULL, argc, argv, rest, code);
}

int
rd_opt_set(const struct rd_opt *opts, const char *name, const char *text, char **error)
{
	*error = NULL;
	const struct rd_opt *o = find(opts, name, strlen(name));
	return o ? opt_value_parse(o, text, error) : -ENOENT;
}
