#include <stdlib.h>

#include "base/opt_table.h"

/* What follows "--" is completed as a command line of its own. */
static const char head[] =
	"function _%s_command\n"
	"	set -l words (commandline -opc)\n"
	"	set -l dashes (contains -i -- -- $words); or return\n"
	"	set -e words[1..$dashes]\n"
	"	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))\n"
	"end\n"
	"complete -c %s -f\n"
	"complete -c %s -n 'contains -- -- (commandline -opc)' -x -a '(_%s_command)'\n";

static void
print_quoted(const char *text, FILE *out)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

static void
print_value(const struct rd_opt *o, FILE *out)
{
	char *choices = opt_join_choices(o, " ", " ");
	switch (opt_words_of(o)) {
	case OPT_ONE_OF:
		fprintf(out, " -x -a '%s'", choices);
		break;
	case OPT_LIST_OF:
		fprintf(out, " -x -a '(__fish_append , %s)'", choices);
		break;
	case OPT_FILES:
		fputs(" -r -F", out);
		break;
	case OPT_DIRS:
		fputs(" -x -a '(__fish_complete_directories)'", out);
		break;
	case OPT_HOSTS:
		fputs(" -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)'", out);
		break;
	case OPT_SOURCES:
		fputs(" -r -F -a '(rd-ctl words hosts 2>/dev/null)'", out);
		break;
	case OPT_PROFILES:
	case OPT_DISPLAYS:
	case OPT_SESSIONS:
		fprintf(out, " -x -a '(rd-ctl words %s 2>/dev/null)'", opt_words_live(opt_words_of(o)));
		break;
	case OPT_COMMANDS:
		fputs(" -x -a '(__fish_complete_command)'", out);
		break;
	case OPT_NOTHING:
		fputs(" -x", out);
		break;
	}
	free(choices);
}

static void
print_option(const struct rd_opt_tool *tool, const struct rd_opt *o, FILE *out)
{
	char *name = opt_complete_name(o);
	fprintf(out, "complete -c %s -n 'not contains -- -- (commandline -opc)'", tool->name);
	if (o->letter)
		fprintf(out, " -s %c", o->letter);
	fprintf(out, " -l %s", name + 2);
	if (opt_has_value(o))
		print_value(o, out);
	fputs(" -d ", out);
	print_quoted(o->help, out);
	fputc('\n', out);
	free(name);
}

static void
print_operand(const struct rd_opt_tool *tool, FILE *out)
{
	static const char *const how[] = {
		[OPT_FILES] = "-F", [OPT_DIRS] = "-a '(__fish_complete_directories)'",
		[OPT_HOSTS] = "-a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)'",
		[OPT_SOURCES] = "-F -a '(rd-ctl words hosts 2>/dev/null)'",
		[OPT_SESSIONS] = "-a '(rd-ctl words sessions 2>/dev/null)'", [OPT_COMMANDS] = "-a --",
	};
	enum opt_words words = opt_words_named(tool->operand);
	if (words != OPT_NOTHING)
		fprintf(out, "complete -c %s -n 'not contains -- -- (commandline -opc)' %s\n",
			tool->name, how[words]);
}

void
opt_complete_fish(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	fprintf(out, "# fish completion for %s, printed by: %s --completion fish\n", tool->name,
		tool->name);
	fprintf(out, head, id, tool->name, tool->name, id);
	for (const struct rd_opt *o = tool->opts; o->name; o++)
		if (!o->hidden)
			print_option(tool, o, out);
	print_operand(tool, out);
}
