#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "rd-ctl/team.h"

/* --- what several programs have, as one --- */

static json_t *
find_named(const json_t *list, const char *by, const char *name)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one) {
		const char *its = json_string_value(json_object_get(one, by));
		if (its && strcmp(its, name) == 0)
			return one;
	}
	return NULL;
}

/* Who is asked first has its words; that it can be set, whoever can. */
static void
add(json_t *list, const json_t *more, const char *by)
{
	size_t i;
	json_t *one;
	json_array_foreach(more, i, one) {
		const char *name = json_string_value(json_object_get(one, by));
		json_t *have = name ? find_named(list, by, name) : NULL;
		if (!name)
			continue;
		if (!have)
			json_array_append(list, one);
		else if (json_is_true(json_object_get(one, "set")))
			json_object_set_new(have, "set", json_true());
	}
}

json_t *
team_help(const struct team *t)
{
	static const struct { const char *list, *by; } parts[] = {
		{"values", "key"}, {"verbs", "verb"}, {"stages", "stage"},
	};
	json_t *all = NULL;
	for (size_t i = 0; i < t->count; i++) {
		json_t *one = team_ask(&t->members[i], "help", NULL);
		if (!one || !answer_is_ok(one)) {
			json_decref(one);
			continue;
		}
		if (!all)
			all = json_pack("{s:b, s:[], s:[], s:[]}", "ok", 1, "values", "verbs", "stages");
		for (size_t k = 0; all && k < sizeof(parts) / sizeof(parts[0]); k++)
			add(json_object_get(all, parts[k].list), json_object_get(one, parts[k].list),
				parts[k].by);
		json_decref(one);
	}
	return all;
}

/* --- a slip --- */

#define NAMES_MAX 256

char *
team_nearest(const struct team *t, const char *list, const char *by, const char *word)
{
	const char *names[NAMES_MAX];
	size_t n = 0, i;
	json_t *help = team_help(t), *one;
	json_array_foreach(json_object_get(help, list), i, one) {
		const char *name = json_string_value(json_object_get(one, by));
		if (name && n < NAMES_MAX)
			names[n++] = name;
	}
	const char *nearest = rd_nearest(word, names, n);
	char *own = nearest ? xstrdup(nearest) : NULL;
	json_decref(help);
	return own;
}
