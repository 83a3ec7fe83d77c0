#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "rd-top/snapshot.h"

const char snapshot_paused[] = "paused";
const char *const kind_names[KINDS] = {"copy", "exact", "video", "raw"};
const char *const verb_names[VERBS] = {"pause", "resume", "end", "refresh", "save"};
const char *const settable_names[SETTABLES] = {"max-bitrate", "path"};

/* Keys and where they go: of that program, or (NULL) of all. */
static const struct { const char *tool, *key; enum figure figure; } figures[] = {
	{"rd-recv", "rate_in", FIGURE_RATE},
	{"rd-recv", "rate_out", FIGURE_BACK},
	{"rd-send", "rate_out", FIGURE_RATE},
	{"rd-send", "rate_in", FIGURE_BACK},
	{"rd-view", "rate_in", FIGURE_RATE},
	{"rd-encode", "rate_out", FIGURE_RATE},
	{NULL, "fps", FIGURE_FPS},
	{NULL, "latency_ms", FIGURE_LATENCY},
	{NULL, "rtt_ms", FIGURE_RTT},
	{NULL, "loss", FIGURE_LOSS},
	{NULL, "max_bitrate", FIGURE_LIMIT},
	{NULL, "uptime", FIGURE_AGE},
	{NULL, "width", FIGURE_WIDTH},
	{NULL, "height", FIGURE_HEIGHT},
};

#define TEXT(tool, key, field) \
	{tool, key, offsetof(struct snapshot, field), sizeof(((struct snapshot *)0)->field)}
static const struct { const char *tool, *key; size_t at, size; } texts[] = {
	TEXT(NULL, "name", name), TEXT(NULL, "tool", tool), TEXT(NULL, "version", version),
	TEXT(NULL, "state", state), TEXT(NULL, "session", id), TEXT(NULL, "peer", what),
	TEXT(NULL, "rights", rights), TEXT("rd-recv", "path", path),
	TEXT("rd-recv", "path_policy", policy), TEXT("rd-send", "path", policy),
	TEXT("rd-recv", "how", how), TEXT("rd-recv", "why", why), TEXT("rd-recv", "address", where),
	TEXT("rd-recv", "relay", where), TEXT("rd-record", "file", film),
};

/* What they take of a picture's time, in the order in which it passes them. */
static const struct { const char *key, *name; } stages[] = {
	{"capture_ms", "capture"}, {"encode_ms", "encode"}, {"network_ms", "network"},
	{"decode_ms", "decode"}, {"show_ms", "show"},
};

void
snapshot_clear(struct snapshot *s)
{
	*s = (struct snapshot){.bytes = NAN, .pictures = NAN};
	for (unsigned i = 0; i < FIGURES; i++)
		s->figure[i] = NAN;
	for (unsigned i = 0; i < KINDS; i++)
		s->kind[i] = NAN;
}

/* --- values --- */

static double
number(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	return json_is_number(v) ? json_number_value(v) : NAN;
}

/* As much of it as fits, cut between characters. */
static void
text(const json_t *object, const char *key, char *out, size_t cap)
{
	const char *v = json_string_value(json_object_get(object, key));
	if (!v)
		return;
	size_t n = strnlen(v, cap);
	if (n == cap) {
		n--;
		while (n && ((unsigned char)v[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, v, n);
	out[n] = '\0';
}

static pid_t
process(const json_t *object, const char *key)
{
	double v = number(object, key);
	return v >= 1 && v <= 0x7fffffff ? (pid_t)v : 0;
}

static bool
is_for(const struct snapshot *s, const char *tool)
{
	return !tool || strcmp(s->tool, tool) == 0;
}

static void
add_stage(struct snapshot *s, const char *name, double ms)
{
	struct snapshot_stage *t = &s->stage[s->stages++];
	snprintf(t->name, sizeof(t->name), "%s", name);
	t->ms = ms;
}

static void
read_stages(struct snapshot *s, const json_t *root)
{
	/* What a viewer does not know by itself: capture, encoder and network, together. */
	double here = number(root, "decode_ms") + number(root, "show_ms");
	double there = s->figure[FIGURE_LATENCY] - here;
	if (is_for(s, "rd-view") && there >= 0)
		add_stage(s, "way here", there);
	for (unsigned i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		double ms = number(root, stages[i].key);
		if (!isnan(ms))
			add_stage(s, stages[i].name, ms);
	}
}

static void
read_kinds(struct snapshot *s, const json_t *object)
{
	for (unsigned i = 0; i < KINDS; i++)
		s->kind[i] = number(json_object_get(object, kind_names[i]), "pixels");
}

static void
read_peer(struct snapshot_peer *p, const json_t *object)
{
	*p = (struct snapshot_peer){
		.rtt_ms = number(object, "rtt_ms"), .loss = number(object, "loss"),
		.rate = number(object, "rate_out"), .fps = number(object, "fps"),
		.latency_ms = number(object, "latency_ms"), .age = number(object, "seconds"),
	};
	json_int_t viewer = json_integer_value(json_object_get(object, "viewer"));
	p->number = viewer > 0 && viewer <= UINT32_MAX ? (unsigned)viewer : 0;
	text(object, "peer", p->name, sizeof(p->name));
	if (!p->name[0])
		text(object, "key", p->name, sizeof(p->name));
	text(object, "rights", p->rights, sizeof(p->rights));
	text(object, "path", p->path, sizeof(p->path));
	text(object, "why", p->why, sizeof(p->why));
	text(object, "session", p->id, sizeof(p->id));
}

static void
read_peers(struct snapshot *s, const json_t *list)
{
	size_t i;
	json_t *v;
	json_array_foreach(list, i, v) {
		if (s->peers == SNAPSHOT_PEERS)
			s->peers_more++;
		else if (json_is_object(v))
			read_peer(&s->peer[s->peers++], v);
	}
}

/* --- answers --- */

/* An object that says "ok": true; the caller's to give back. */
static json_t *
load(const char *json, size_t len)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	if (json_is_object(root) && json_is_true(json_object_get(root, "ok")))
		return root;
	json_decref(root);
	return NULL;
}

/* Of a host the slowest of its viewers counts: it is whom one looks for. */
static void
sum_up_peers(struct snapshot *s)
{
	for (unsigned i = 0; i < s->peers; i++) {
		const struct snapshot_peer *p = &s->peer[i];
		s->figure[FIGURE_RTT] = fmax(s->figure[FIGURE_RTT], p->rtt_ms);
		s->figure[FIGURE_LOSS] = fmax(s->figure[FIGURE_LOSS], p->loss);
		s->figure[FIGURE_FPS] = fmax(s->figure[FIGURE_FPS], p->fps);
		s->figure[FIGURE_LATENCY] = fmax(s->figure[FIGURE_LATENCY], p->latency_ms);
		if (i == 0)
			memcpy(s->path, p->path, sizeof(s->path));
		else if (strcmp(s->path, p->path) != 0)
			snprintf(s->path, sizeof(s->path), "several");
	}
	if (s->peers == 1 && !s->peers_more) {
		memcpy(s->id, s->peer[0].id, sizeof(s->id));
		memcpy(s->why, s->peer[0].why, sizeof(s->why));
	}
}

int
snapshot_parse(struct snapshot *s, const char *json, size_t len)
{
	json_t *root = load(json, len);
	if (!root)
		return -EPROTO;
	snapshot_clear(s);
	text(root, "tool", s->tool, sizeof(s->tool));
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (is_for(s, texts[i].tool))
			text(root, texts[i].key, (char *)s + texts[i].at, texts[i].size);
	for (unsigned i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		if (is_for(s, figures[i].tool))
			s->figure[figures[i].figure] = number(root, figures[i].key);
	if (is_for(s, "rd-record")) {
		s->bytes = number(root, "bytes_in");
		s->pictures = number(root, "pictures");
	}
	s->pid = process(root, "pid");
	s->leader = process(root, "leader");
	read_stages(s, root);
	read_kinds(s, json_object_get(root, "kinds"));
	read_peers(s, json_object_get(root, "sessions"));
	sum_up_peers(s);
	json_decref(root);
	return 0;
}

/* Which of `names` are the `member` of an object of the list. */
static void
tick_off(const json_t *list, const char *member, const char *needs, const char *const *names,
	unsigned n, bool *has)
{
	size_t i;
	json_t *v;
	json_array_foreach(list, i, v) {
		const char *name = json_string_value(json_object_get(v, member));
		if (!name || (needs && !json_is_true(json_object_get(v, needs))))
			continue;
		for (unsigned k = 0; k < n; k++)
			if (strcmp(name, names[k]) == 0)
				has[k] = true;
	}
}

int
snapshot_parse_help(const char *json, size_t len, bool verb[static VERBS],
	bool settable[static SETTABLES])
{
	json_t *root = load(json, len);
	if (!root)
		return -EPROTO;
	memset(verb, 0, VERBS * sizeof(*verb));
	memset(settable, 0, SETTABLES * sizeof(*settable));
	tick_off(json_object_get(root, "verbs"), "verb", NULL, verb_names, VERBS, verb);
	tick_off(json_object_get(root, "values"), "key", "set", settable_names, SETTABLES, settable);
	json_decref(root);
	return 0;
}

int
snapshot_parse_answer(const char *json, size_t len, char *why, size_t cap)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	bool ok = json_is_true(json_object_get(root, "ok"));
	snprintf(why, cap, "%s", ok ? "" : "it answers what is no answer");
	if (!ok)
		text(root, "error", why, cap);
	json_decref(root);
	return ok ? 0 : -EPERM;
}
