#include <stdlib.h>

#include "base/mem.h"
#include "base/opt_table.h"

/* What follows "--" is completed as a command line of its own. */
static const char head[] =
	"function _%s_command\n"
	"	set -l words (commandline -opc)\n"
	"	set -l before (%s); or return\n"
	"	set -e words[1..$before]\n"
	"	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))\n"
	"end\n"
	"complete -c %s -f\n"
	"complete -c %s -n '%s' -x -a '(_%s_command)'\n";

static const char dashes[] = "contains -i -- -- $words";
static const char after_dashes[] = "contains -- -- (commandline -opc)";

/*
 * Of a tool that wraps a command: how many words stand before it, where "--" may be
 * left out. Options are passed over with their values.
 */
static const char begins[] =
	"function _%s_begins\n"
	"	set -l words (commandline -opc)\n"
	"	set -l i 2\n"
	"	while test $i -le (count $words)\n"
	"		switch $words[$i]\n"
	"			case --\n"
	"				echo $i\n"
	"				return\n"
	"			case '%s'\n"
	"				set i (math $i + 1)\n"
	"			case '-?*'\n"
	"			case '*'\n"
	"				math $i - 1\n"
	"				return\n"
	"		end\n"
	"		set i (math $i + 1)\n"
	"	end\n"
	"	return 1\n"
	"end\n";

/* What may follow the words before it: rd-ctl knows. */
static const char session[] =
	"function _%s_operands\n"
	"	set -l words (commandline -opc)\n"
	"	rd-ctl words operands $words[2..] 2>/dev/null\n"
	"end\n";

/* The condition for all that is not of the command; the caller frees. */
static char *
before_command(const struct rd_opt_tool *tool, const char *id)
{
	return tool->wraps ? xasprintf("not _%s_begins >/dev/null", id) : xasprintf("not %s", after_dashes);
}

static void
print_head(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	char *count = xasprintf("_%s_begins", id), *after = xasprintf("_%s_begins >/dev/null", id);
	if (tool->wraps) {
		char *valued = opt_complete_valued(tool->opts, "' '");
		fprintf(out, begins, id, valued);
		free(valued);
	}
	if (opt_words_named(tool->operand) == OPT_SESSIONS)
		fprintf(out, session, id);
	fprintf(out, head, id, tool->wraps ? count : dashes, tool->name, tool->name,
		tool->wraps ? after : after_dashes, id);
	free(count);
	free(after);
}

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
print_option(const struct rd_opt_tool *tool, const char *before, const struct rd_opt *o, FILE *out)
{
	char *name = opt_complete_name(o);
	fprintf(out, "complete -c %s -n '%s'", tool->name, before);
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
print_operand(const struct rd_opt_tool *tool, const char *id, const char *before, FILE *out)
{
	static const char *const how[] = {
		[OPT_FILES] = "-F", [OPT_DIRS] = "-a '(__fish_complete_directories)'",
		[OPT_HOSTS] = "-a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)'",
		[OPT_SOURCES] = "-F -a '(rd-ctl words hosts 2>/dev/null)'",
		[OPT_COMMANDS] = "-a --",
	};
	enum opt_words words = opt_words_named(tool->operand);
	if (words == OPT_NOTHING)
		return;
	fprintf(out, "complete -c %s -n '%s' ", tool->name, before);
	if (tool->wraps)
		fputs("-a '(__fish_complete_command)'\n", out);
	else if (words == OPT_SESSIONS)
		fprintf(out, "-a '(_%s_operands)'\n", id);
	else
		fprintf(out, "%s\n", how[words]);
}

void
opt_complete_fish(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	fprintf(out, "# fish completion for %s, printed by: %s --completion fish\n", tool->name,
		tool->name);
	char *before = before_command(tool, id);
	print_head(tool, id, out);
	for (const struct rd_opt *o = tool->opts; o->name; o++)
		if (!o->hidden)
			print_option(tool, before, o, out);
	print_operand(tool, id, before, out);
	free(before);
}
