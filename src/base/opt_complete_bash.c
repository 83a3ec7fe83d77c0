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
	"	local cur=${COMP_WORDS[COMP_CWORD]} option colon= i\n"
	"	COMPREPLY=()\n"
	"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
	"		[[ ${COMP_WORDS[i]} == -- ]] || continue\n"
	"		if declare -F _command_offset >/dev/null; then\n"
	"			_command_offset $((i + 1))\n"
	"		elif ((i + 1 == COMP_CWORD)); then\n"
	"			mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
	"		else\n"
	"			compopt -o filenames 2>/dev/null\n"
	"			mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"		fi\n"
	"		return\n"
	"	done\n"
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

void
opt_complete_bash(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	fprintf(out, "# bash completion for %s, printed by: %s --completion bash\n", tool->name,
		tool->name);
	fprintf(out, head, id);
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
	enum opt_words operand = opt_words_named(tool->operand);
	if (operand == OPT_COMMANDS)
		fputs("	COMPREPLY=(--)\n", out);
	else
		print_words(operand, "\t", out);
	fprintf(out, "}\ncomplete -F %s %s\n", id, tool->name);
}
