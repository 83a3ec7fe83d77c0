#include <stdlib.h>

#include "base/opt_table.h"

/*
 * Needs no bash-completion package, and uses it for the command after "--"
 * where it is there. Bash cuts --name=value into three words, and :0 into two:
 * what stands before a colon is not to be said again.
 */
static const char head[] =
	"%s()\n"
	"{\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} option colon= i begins=0%s\n"
	"	COMPREPLY=()\n"
	"	for ((i = 1; i < COMP_CWORD && !begins; i++)); do\n"
	"		case ${COMP_WORDS[i]} in\n"
	"		--) begins=$((i + 1)) ;;\n";

/* Options are passed over with their values, to where something else stands. */
static const char skip[] =
	"		%s)\n"
	"			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
	"			((i++))\n"
	"			;;\n"
	"		-?*) [[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2)) ;;\n"
	"		*) %s ;;\n";

static const char rest[] =
	"		esac\n"
	"	done\n"
	"%s"
	"	if ((begins)); then\n"
	"		if declare -F _command_offset >/dev/null; then\n"
	"			_command_offset $begins\n"
	"		elif ((begins == COMP_CWORD)) && [[ $cur != */* ]]; then\n"
	"			mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
	"		else\n"
	"			compopt -o filenames 2>/dev/null\n"
	"			mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"		fi\n"
	"		return\n"
	"	fi\n"
	"	i=$((COMP_CWORD - 1))\n"
	"	if [[ $cur == : ]]; then\n"
	"		colon=:\n"
	"	elif [[ ${COMP_WORDS[i]} == : ]] && ((i > 1)); then\n"
	"		colon=: cur=:$cur i=$((i - 1))\n"
	"	fi\n"
	"	if [[ $cur == = ]]; then\n"
	"		cur=\n"
	"	elif [[ ${COMP_WORDS[i]} == = ]] && ((i > 1)); then\n"
	"		i=$((i - 1))\n"
	"	fi\n"
	"	option=${COMP_WORDS[i]}\n"
	"	case $option in\n";

static void
print_choices(const struct rd_opt *o, FILE *out)
{
	char *words = opt_join_choices(o, " ", " ");
	if (opt_words_of(o) == OPT_LIST_OF) {
		fputs("		local list=\n"
		      "		[[ $cur == *,* ]] && list=${cur%,*},\n"
		      "		compopt -o nospace 2>/dev/null\n", out);
		fprintf(out, "		mapfile -t COMPREPLY < "
			"<(compgen -P \"$list\" -W '%s' -- \"${cur##*,}\")\n", words);
	} else {
		fprintf(out, "		mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n", words);
	}
	free(words);
}

/* compgen's words for that, as a command that prints them. */
static void
print_compgen(enum opt_words words, FILE *out)
{
	static const char *const how[] = {
		[OPT_FILES] = "-f", [OPT_DIRS] = "-d", [OPT_HOSTS] = "-A hostname", [OPT_COMMANDS] = "-c",
		[OPT_SOURCES] = "-f", [OPT_SESSIONS] = NULL,
	};
	const char *live = opt_words_live(words), *gap = "";
	if (live)
		fprintf(out, "compgen -W \"$(rd-ctl words %s 2>/dev/null)\" -- \"$cur\"", live), gap = "; ";
	if (how[words])
		fprintf(out, "%scompgen %s -- \"$cur\"", gap, how[words]);
}

static void
print_words(enum opt_words words, const char *tabs, FILE *out)
{
	if (words == OPT_NOTHING)
		return;
	if (words == OPT_FILES || words == OPT_DIRS || words == OPT_SOURCES)
		fprintf(out, "%scompopt -o filenames 2>/dev/null\n", tabs);
	fprintf(out, "%smapfile -t COMPREPLY < <(", tabs);
	print_compgen(words, out);
	fputs(")\n", out);
	if (words == OPT_DISPLAYS)
		fprintf(out, "%sCOMPREPLY=(\"${COMPREPLY[@]#\"$colon\"}\")\n", tabs);
}

static void
print_case(const struct rd_opt *o, FILE *out)
{
	fprintf(out, "	--%s", o->name);
	if (o->letter)
		fprintf(out, " | -%c", o->letter);
	fputs(")\n", out);
	enum opt_words words = opt_words_of(o);
	if (words == OPT_ONE_OF || words == OPT_LIST_OF)
		print_choices(o, out);
	else
		print_words(words, "\t\t", out);
	fputs("		return\n		;;\n", out);
}

/* A command where no "--" stands before it, which the word being completed may begin. */
static const char wraps[] =
	"	((begins || i > COMP_CWORD)) || [[ $cur == [-=:]* || ${COMP_WORDS[i - 1]} == [=:] ]] || begins=$i\n";

static void
print_head(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	bool session = opt_words_named(tool->operand) == OPT_SESSIONS;
	fprintf(out, head, id, session ? " words=()" : "");
	if (tool->wraps || session) {
		char *valued = opt_complete_valued(tool->opts, " | ");
		fprintf(out, skip, valued, tool->wraps ? "begins=$i" : "words+=(\"${COMP_WORDS[i]}\")");
		free(valued);
	}
	fprintf(out, rest, tool->wraps ? wraps : "");
}

/* What may follow the words before it: rd-ctl knows. Bash has cut KEY=VALUE into three. */
static const char session[] =
	"	[[ ${COMP_WORDS[COMP_CWORD]} == = || ${COMP_WORDS[COMP_CWORD - 1]} == = ]] && return\n"
	"	mapfile -t COMPREPLY < <(compgen -W "
	"\"$(rd-ctl words operands \"${words[@]}\" 2>/dev/null)\" -- \"$cur\")\n"
	"	[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null\n";

static void
print_operand(const struct rd_opt_tool *tool, FILE *out)
{
	enum opt_words operand = opt_words_named(tool->operand);
	if (operand == OPT_SESSIONS)
		fputs(session, out);
	else if (operand != OPT_COMMANDS)
		print_words(operand, "\t", out);
	else if (!tool->wraps)
		fputs("	mapfile -t COMPREPLY < <(compgen -W -- -- \"$cur\")\n", out);
}

void
opt_complete_bash(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	fprintf(out, "# bash completion for %s, printed by: %s --completion bash\n", tool->name,
		tool->name);
	print_head(tool, id, out);
	for (const struct rd_opt *o = tool->opts; o->name; o++)
		if (!o->hidden && opt_has_value(o))
			print_case(o, out);
	fputs("	esac\n"
	      "	if [[ $cur == -* ]]; then\n"
	      "		mapfile -t COMPREPLY < <(compgen -W '", out);
	const char *gap = "";
	for (const struct rd_opt *o = tool->opts; o->name; o++) {
		if (o->hidden)
			continue;
		char *name = opt_complete_name(o);
		fprintf(out, "%s%s", gap, name);
		free(name);
		gap = " ";
	}
	fputs("' -- \"$cur\")\n"
	      "		return\n"
	      "	fi\n", out);
	print_operand(tool, out);
	fprintf(out, "}\ncomplete -F %s %s\n", id, tool->name);
}
