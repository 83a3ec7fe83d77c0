#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "rd-indicator/people.h"

static const char *
text(const json_t *of, const char *key)
{
	return json_string_value(json_object_get(of, key));
}

/* What our font has; everything else of UTF-8 is one box, whatever its bytes. */
static void
take_name(char out[static PEOPLE_NAME], const char *name)
{
	size_t n = 0;
	for (const unsigned char *c = (const unsigned char *)name; *c && n + 1 < PEOPLE_NAME; c++)
		if (*c < 0x80 || *c >= 0xc0)
			out[n++] = *c >= 0x20 && *c < 0x7f ? (char)*c : '?';
	out[n] = '\0';
}

static void
take_rights(struct person *who, const char *rights)
{
	who->hears = strstr(rights, "sound");
	who->controls = strstr(rights, "input");
	who->speaks = strstr(rights, "microphone");
}

static struct person *
find(struct people *p, unsigned id)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->who[i].id == id)
			return &p->who[i];
	return NULL;
}

static bool
add(struct people *p, const json_t *of, const char *name)
{
	json_int_t id = json_integer_value(json_object_get(of, "viewer"));
	const char *rights = text(of, "rights");
	if (id <= 0 || id > UINT32_MAX || !name || !rights)
		return false;
	struct person *who = find(p, (unsigned)id);
	if (!who && p->count == PEOPLE_MAX)
		return false;
	if (!who)
		who = &p->who[p->count++];
	*who = (struct person){.id = (unsigned)id};
	take_name(who->name, name);
	take_rights(who, rights);
	return true;
}

static bool
drop(struct people *p, const json_t *of)
{
	struct person *who = find(p, (unsigned)json_integer_value(json_object_get(of, "viewer")));
	if (!who)
		return false;
	*who = p->who[--p->count];
	return true;
}

static void
take_all(struct people *p, const json_t *answer)
{
	const char *state = text(answer, "state");
	json_t *one;
	size_t i;
	*p = (struct people){.paused = state && strcmp(state, "paused") == 0};
	json_array_foreach(json_object_get(answer, "sessions"), i, one)
		add(p, one, text(one, "peer"));
}

static bool
take_event(struct people *p, const json_t *event, const char *what)
{
	const char *name = text(event, "name");
	if (strcmp(what, "granted") == 0)
		return add(p, event, name ? name : text(event, "fingerprint"));
	if (strcmp(what, "closed") == 0 || strcmp(what, "revoked") == 0)
		return drop(p, event);
	bool paused = strcmp(what, "paused") == 0;
	if (!paused && strcmp(what, "resumed") != 0)
		return false;
	p->paused = paused;
	return true;
}

enum people_news
people_take(struct people *p, const char *line, size_t len)
{
	json_t *j = json_loadb(line, len, 0, NULL);
	const char *event = text(j, "event");
	enum people_news news = json_is_object(j) ? PEOPLE_SAME : PEOPLE_FOREIGN;
	if (event && take_event(p, j, event))
		news = PEOPLE_CHANGED;
	if (!event && json_object_get(j, "sessions")) {
		take_all(p, j);
		news = PEOPLE_CHANGED;
	}
	json_decref(j);
	return news;
}

/* What stands behind the name. */
static void
put_verbs(const struct person *who, char *out, size_t size)
{
	const char *verbs[4] = {"sees"};
	unsigned n = 1;
	size_t at = 0;
	if (who->hears)
		verbs[n++] = "hears";
	if (who->speaks)
		verbs[n++] = "may speak on";
	if (who->controls)
		verbs[n++] = "controls";
	for (unsigned k = 0; k < n; k++)
		at += (size_t)snprintf(out + at, size - at, "%s%s",
			k == 0 ? " " : k + 1 == n ? " and " : ", ", verbs[k]);
	snprintf(out + at, size - at, " this desktop");
}

void
people_sentence(const struct people *p, unsigned i, unsigned room, char out[static PEOPLE_SENTENCE])
{
	const struct person *who = &p->who[i];
	const char *before = p->paused ? "paused: " : "";
	char after[PEOPLE_SENTENCE - PEOPLE_NAME - 10] = " sees nothing";
	if (!p->paused)
		put_verbs(who, after, sizeof(after));
	size_t name = strlen(who->name), others = strlen(before) + strlen(after);
	size_t most = room > others + PEOPLE_NAME_LEAST ? room - others : PEOPLE_NAME_LEAST;
	bool cut = name > most;
	snprintf(out, PEOPLE_SENTENCE, "%s%.*s%s%s", before, (int)(cut ? most - 2 : name), who->name,
		cut ? ".." : "", after);
}
