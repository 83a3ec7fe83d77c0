#include <stdlib.h>

#include "base/opt_table.h"

/* What follows "--" is completed as a command line of its own. */
static const char head[] =
	"local command=${words[(ie)--]}\n"
	"if ((command < CURRENT)); then\n"
	"	shift $command words\n"
	"	((CURRENT -= command))\n"
	"	_normal\n"
	"	return\n"
	"fi\n"
	"_arguments -s -S :";

/* Inside a '[…]' of _arguments: quotes end the word, brackets the text. */
static void
print_help(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else if (*text == '[')
			fputc('(', out);
		else if (*text == ']')
			fputc(')', out);
		else
			fputc(*text, out);
	}
}

/* No colon may stand in it: that ends an action. */
#define LIVE(what) "{compadd -- ${(f)\"$(rd-ctl words " what " 2>/dev/null)\"}"

static void
print_action(const struct rd_opt *o, FILE *out)
{
	char *choices = opt_join_choices(o, " ", " ");
	switch (opt_words_of(o)) {
	case OPT_ONE_OF:
		fprintf(out, "(%s)", choices);
		break;
	case OPT_LIST_OF:
		fprintf(out, "_values -s , %s %s", o->name, choices);
		break;
	case OPT_FILES:
		fputs("_files", out);
		break;
	case OPT_DIRS:
		fputs("_directories", out);
		break;
	case OPT_HOSTS:
		fputs(LIVE("hosts") "; _hosts}", out);
		break;
	case OPT_SOURCES:
		fputs(LIVE("hosts") "; _files}", out);
		break;
	case OPT_PROFILES:
		fputs(LIVE("profiles") "}", out);
		break;
	case OPT_DISPLAYS:
		fputs(LIVE("displays") "}", out);
		break;
	case OPT_SESSIONS:
		fputs(LIVE("sessions") "}", out);
		break;
	case OPT_COMMANDS:
		fputs("_command_names -e", out);
		break;
	case OPT_NOTHING:
		fputc(' ', out);
		break;
	}
	free(choices);
}

static void
print_option(const struct rd_opt *o, FILE *out)
{
	char *name = opt_complete_name(o);
	bool value = opt_has_value(o);
	fputs(" \\\n	", out);
	if (o->letter)
		fprintf(out, "'(-%c %s)'{-%c%s,%s%s}'[", o->letter, name, o->letter, value ? "+" : "",
			name, value ? "=" : "");
	else
		fprintf(out, "'%s%s[", name, value ? "=" : "");
	print_help(o->help, out);
	fputc(']', out);
	if (value) {
		fprintf(out, ":%s:", o->name);
		print_action(o, out);
	}
	fputc('\'', out);
	free(name);
}

static void
print_operand(enum opt_words words, FILE *out)
{
	static const char *const how[] = {
		[OPT_FILES] = "file:_files", [OPT_DIRS] = "directory:_directories",
		[OPT_HOSTS] = "host:" LIVE("hosts") "; _hosts}",
		[OPT_SOURCES] = "source:" LIVE("hosts") "; _files}",
		[OPT_SESSIONS] = "session:" LIVE("sessions") "}", [OPT_COMMANDS] = "command:(--)",
	};
	if (words != OPT_NOTHING)
		fprintf(out, " \\\n	'*:%s'", how[words]);
}

void
opt_complete_zsh(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	(void)id; /* the file is the function */
	fprintf(out, "#compdef %s\n", tool->name);
	fprintf(out, "# zsh completion for %s, printed by: %s --completion zsh\n", tool->name,
		tool->name);
	fputs(head, out);
	for (const struct rd_opt *o = tool->opts; o->name; o++)
		if (!o->hidden)
			print_option(o, out);
	print_operand(opt_words_named(tool->operand), out);
	fputc('\n', out);
}
