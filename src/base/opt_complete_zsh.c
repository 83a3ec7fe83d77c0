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

/* What may follow the words before it: rd-ctl knows. */
static const char session[] =
	"%s_operands()\n"
	"{\n"
	"	local -a all=(${(f)\"$(rd-ctl words operands ${words[1,CURRENT-1]} 2>/dev/null)\"})\n"
	"	compadd -- ${all:#*=}\n"
	"	compadd -S '' -- ${(M)all:#*=}\n"
	"}\n";

static void
print_operand(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	static const char *const how[] = {
		[OPT_FILES] = "file:_files", [OPT_DIRS] = "directory:_directories",
		[OPT_HOSTS] = "host:" LIVE("hosts") "; _hosts}",
		[OPT_SOURCES] = "source:" LIVE("hosts") "; _files}",
		[OPT_COMMANDS] = "command:(--)",
	};
	enum opt_words words = opt_words_named(tool->operand);
	if (tool->wraps)
		fputs(" \\\n	'(-): :_command_names -e' \\\n	'*:: :_normal'", out);
	else if (words == OPT_SESSIONS)
		fprintf(out, " \\\n	'*:: :%s_operands'", id);
	else if (words != OPT_NOTHING)
		fprintf(out, " \\\n	'*:%s'", how[words]);
}

void
opt_complete_zsh(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	/* The file is the function. */
	fprintf(out, "#compdef %s\n", tool->name);
	fprintf(out, "# zsh completion for %s, printed by: %s --completion zsh\n", tool->name,
		tool->name);
	if (opt_words_named(tool->operand) == OPT_SESSIONS)
		fprintf(out, session, id);
	fputs(head, out);
	for (const struct rd_opt *o = tool->opts; o->name; o++)
		if (!o->hidden)
			print_option(o, out);
	print_operand(tool, id, out);
	fputc('\n', out);
}
