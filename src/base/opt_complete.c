#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/opt_table.h"

enum opt_words
opt_words_named(const char *name)
{
	static const struct {
		const char *name;
		enum opt_words words;
	} known[] = {
		{"file", OPT_FILES},
		{"dir", OPT_DIRS},
		{"host", OPT_HOSTS},
		{"command", OPT_COMMANDS},
		{"source", OPT_SOURCES},
		{"profile", OPT_PROFILES},
		{"display", OPT_DISPLAYS},
		{"session", OPT_SESSIONS},
	};
	for (size_t i = 0; name && i < sizeof(known) / sizeof(known[0]); i++)
		if (strncasecmp(name, known[i].name, strlen(known[i].name)) == 0)
			return known[i].words;
	return OPT_NOTHING;
}

const char *
opt_words_live(enum opt_words words)
{
	static const char *const names[] = {
		[OPT_HOSTS] = "hosts", [OPT_SOURCES] = "hosts", [OPT_PROFILES] = "profiles",
		[OPT_DISPLAYS] = "displays", [OPT_SESSIONS] = "sessions",
	};
	return (size_t)words < sizeof(names) / sizeof(names[0]) ? names[words] : NULL;
}

enum opt_words
opt_words_of(const struct rd_opt *o)
{
	if (o->kind == RD_OPT_SET)
		return OPT_LIST_OF;
	if (o->choices)
		return OPT_ONE_OF;
	return opt_words_named(o->metavar);
}

char *
opt_complete_name(const struct rd_opt *o)
{
	bool on = o->kind == RD_OPT_FLAG && *(bool *)o->target;
	return xasprintf("--%s%s", on ? "no-" : "", o->name);
}

char *
opt_complete_valued(const struct rd_opt *opts, const char *between)
{
	char *all = xstrdup("");
	for (const struct rd_opt *o = opts; o->name; o++) {
		char letter[] = {'-', o->letter, '\0'};
		if (o->hidden || !opt_has_value(o))
			continue;
		char *longer = xasprintf("%s%s--%s%s%s", all, *all ? between : "", o->name,
			o->letter ? between : "", o->letter ? letter : "");
		free(all);
		all = longer;
	}
	return all;
}

/* Says where the configuration is, or what of it counts. */
static bool
is_where(const char *name)
{
	return strcmp(name, "config") == 0 || strcmp(name, "no-config") == 0 ||
		strcmp(name, "profile") == 0;
}

/* What no configuration sets is told with a '!'; where the configuration is, not at all. */
void
opt_complete_names(const struct rd_opt_tool *tool, const char *id, FILE *out)
{
	const char *gap = "";
	(void)id;
	fprintf(out, "{\"%s\", \"", tool->name);
	for (const struct rd_opt *o = tool->opts; o->name; o++) {
		if (o->hidden || is_where(o->name))
			continue;
		fprintf(out, "%s%s%s", gap, o->command_only ? "!" : "", o->name);
		gap = " ";
	}
	fputs("\"},\n", out);
}

void
opt_complete_print(const struct rd_opt_tool *tool, enum opt_shell shell, FILE *out)
{
	static void (*const print[])(const struct rd_opt_tool *, const char *, FILE *) = {
		[OPT_BASH] = opt_complete_bash,
		[OPT_ZSH] = opt_complete_zsh,
		[OPT_FISH] = opt_complete_fish,
		[OPT_NAMES] = opt_complete_names,
	};
	/* rd-view names its functions _rd_view. */
	char *id = xasprintf("_%s", tool->name);
	for (char *c = id; *c; c++)
		if (*c == '-')
			*c = '_';
	print[shell](tool, id, out);
	free(id);
}
