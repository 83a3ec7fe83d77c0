#ifndef RD_BASE_OPT_TABLE_H
#define RD_BASE_OPT_TABLE_H

#include <stdio.h>

#include "base/opt.h"

/* What the opt*.c files share, and what shows options elsewhere; nobody else includes this. */

/* Sets o from text: 0, or -EINVAL with a sentence to free in *error. */
int opt_value_parse(const struct rd_opt *o, const char *text, char **error);
/* What the target holds, as a user would write it; NULL when that says nothing. */
char *opt_value_format(const struct rd_opt *o);
/* Whether it is followed by a value. */
bool opt_has_value(const struct rd_opt *o);

/* "auto|av1|vp9"; the caller frees. */
char *opt_join_choices(const struct rd_opt *o, const char *between, const char *last);

/* For these the tool's table holds the built-in options too. */
void opt_help_print(const struct rd_opt_tool *tool, FILE *out);
enum opt_shell { OPT_BASH, OPT_ZSH, OPT_FISH, OPT_NAMES };
void opt_complete_print(const struct rd_opt_tool *tool, enum opt_shell shell, FILE *out);
void opt_complete_bash(const struct rd_opt_tool *tool, const char *id, FILE *out);
void opt_complete_zsh(const struct rd_opt_tool *tool, const char *id, FILE *out);
void opt_complete_fish(const struct rd_opt_tool *tool, const char *id, FILE *out);
/* A row of src/config/names.inc. */
void opt_complete_names(const struct rd_opt_tool *tool, const char *id, FILE *out);

/* Which options are followed by a word: "--size", "-s", …, with that between; the caller frees. */
char *opt_complete_valued(const struct rd_opt *opts, const char *between);

/*
 * What a value or an operand is completed with. Commands as operands stand after "--", but
 * where the tool wraps one; of a session's operands each depends on those before it.
 */
enum opt_words {
	OPT_NOTHING, OPT_ONE_OF, OPT_LIST_OF, OPT_FILES, OPT_DIRS, OPT_COMMANDS,
	/* What is so at this moment, which rd-ctl words says: with hosts that the system knows, or files. */
	OPT_HOSTS, OPT_SOURCES, OPT_PROFILES, OPT_DISPLAYS, OPT_SESSIONS,
};
enum opt_words opt_words_of(const struct rd_opt *o);
enum opt_words opt_words_named(const char *name);
/* "hosts", … as rd-ctl words takes them; NULL for what is no such. */
const char *opt_words_live(enum opt_words words);
/* "--name"; "--no-name" for a flag that is on. The caller frees. */
char *opt_complete_name(const struct rd_opt *o);

#endif
