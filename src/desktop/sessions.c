#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "desktop/sessions.h"
#include "desktop/sessions_auth.h"
#include "desktop/x11_knock.h"

/* Display numbers above are ssh's or nobody's. */
#define DISPLAY_MAX 65535

void
rd_session_places_init(struct rd_session_places *p)
{
	static char runtime[64];
	snprintf(runtime, sizeof(runtime), "/run/user/%u", (unsigned)getuid());
	const char *named = getenv("XDG_RUNTIME_DIR"), *auth = getenv("XAUTHORITY");
	*p = (struct rd_session_places){
		.sockets = "/tmp/.X11-unix",
		.abstract = "/proc/net/unix",
		.proc = "/proc",
		.runtime = named && named[0] ? named : runtime,
		.xauthority = auth && auth[0] ? auth : NULL,
		.home = getenv("HOME"),
		.uid = getuid(),
	};
}

struct search {
	struct rd_x11_knock knock;
	struct rd_session *session;
	/* Cookies shown already: many files hold the same one. */
	struct rd_xauth_cookie *shown;
	int shown_count;
};

static bool
shown_already(const struct search *s, const struct rd_xauth_cookie *c)
{
	for (int i = 0; i < s->shown_count; i++) {
		if (s->shown[i].len == c->len && memcmp(s->shown[i].data, c->data, c->len) == 0)
			return true;
	}
	return false;
}

/* Whether the search is over: it opens, or no cookie will change the answer. */
static bool
knock(struct search *s, const struct rd_xauth_cookie *cookie)
{
	s->knock.cookie = cookie;
	s->session->error = rd_x11_knock(&s->knock, s->session->reason);
	if (s->session->error == 0 && cookie)
		s->session->cookie = *cookie;
	return s->session->error != -EACCES;
}

static bool
try_file(struct search *s, const struct rd_auth_file *file)
{
	struct rd_xauth_cookie c;
	size_t len, offset = 0;
	bool over = false;
	uint8_t *bytes = rd_auth_read(file->path, &len);
	while (bytes && !over && rd_xauth_next(bytes, len, &offset, &c)) {
		if (!file->server && c.display >= 0 && c.display != s->knock.display)
			continue;
		if (shown_already(s, &c))
			continue;
		s->shown = xreallocarray(s->shown, (size_t)s->shown_count + 1, sizeof(*s->shown));
		s->shown[s->shown_count++] = c;
		over = knock(s, &c);
		if (s->session->error == 0)
			snprintf(s->session->file, sizeof(s->session->file), "%s",
				strlen(file->path) < sizeof(s->session->file) ? file->path : "");
	}
	free(bytes);
	return over;
}

static bool
try_rung(struct search *s, const struct rd_session_places *p, enum rd_auth_rung rung)
{
	struct rd_auth_file *files;
	int n = rd_auth_files(&files, p, rung);
	bool over = false;
	for (int i = 0; i < n && !over; i++)
		over = try_file(s, &files[i]);
	rd_auth_files_free(files, n);
	return over;
}

static void
search(struct rd_session *session, const struct rd_session_places *p, int display, bool anyone)
{
	*session = (struct rd_session){.display = display};
	struct search s = {
		.knock = {.directory = p->sockets, .display = display, .uid = p->uid, .anyone = anyone},
		.session = session,
	};
	bool over = knock(&s, NULL);
	for (int rung = 0; rung < RD_AUTH_RUNGS && !over; rung++) {
		/* What lies further off was not meant for another user's server. */
		if (rung > RD_AUTH_DEFAULT)
			s.knock.anyone = false;
		over = try_rung(&s, p, (enum rd_auth_rung)rung);
	}
	if (anyone && session->error == -EPERM)
		session->error = -EACCES;
	free(s.shown);
}

int
rd_session_open(struct rd_session *s, const struct rd_session_places *p, int display)
{
	search(s, p, display, true);
	return s->error;
}

/* The number in "X12"; -1 for another name. */
static int
number_of(const char *name)
{
	char *end;
	if (name[0] != 'X' || name[1] < '0' || name[1] > '9')
		return -1;
	long n = strtol(name + 1, &end, 10);
	return (*end == '\0' || *end == '\n') && n <= DISPLAY_MAX ? (int)n : -1;
}

struct numbers {
	int *n;
	int count;
};

static void
add_number(struct numbers *d, int number)
{
	for (int i = 0; i < d->count; i++) {
		if (d->n[i] == number)
			return;
	}
	d->n = xreallocarray(d->n, (size_t)d->count + 1, sizeof(*d->n));
	d->n[d->count++] = number;
}

static void
find_sockets(struct numbers *d, const char *directory)
{
	DIR *dir = opendir(directory);
	if (!dir)
		return;
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		int n = number_of(e->d_name);
		if (n >= 0)
			add_number(d, n);
	}
	closedir(dir);
}

/* Abstract sockets end a line of /proc/net/unix, with '@' for their first 0. */
static void
find_abstract(struct numbers *d, const struct rd_session_places *p)
{
	FILE *f = fopen(p->abstract, "re");
	if (!f)
		return;
	char *prefix = xasprintf(" @%s/", p->sockets), line[512];
	while (fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, prefix);
		int n = at ? number_of(at + strlen(prefix)) : -1;
		if (n >= 0)
			add_number(d, n);
	}
	free(prefix);
	fclose(f);
}

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int
rd_sessions_find(struct rd_session **list, const struct rd_session_places *p)
{
	struct numbers d = {0};
	find_sockets(&d, p->sockets);
	find_abstract(&d, p);
	if (d.count > 1)
		qsort(d.n, (size_t)d.count, sizeof(*d.n), by_number);
	*list = d.count ? xcalloc((size_t)d.count, sizeof(**list)) : NULL;
	for (int i = 0; i < d.count; i++)
		search(&(*list)[i], p, d.n[i], false);
	free(d.n);
	return d.count;
}

/* Adds ":1 (what became of it)" to a list of such. Takes and returns it. */
static char *
tell(char *text, const struct rd_session *s)
{
	const char *what = s->error == -EPERM ? "another user's"
		: s->error == -EACCES && s->reason[0] ? s->reason
		: s->error ? strerror(-s->error) : "opens";
	char *longer = xasprintf("%s%s:%d (%s)", text, text[0] ? ", " : "", s->display, what);
	free(text);
	return longer;
}

static char *
why_none(const struct rd_session *list, int n)
{
	char *tried = xstrdup("");
	for (int i = 0; i < n; i++)
		tried = tell(tried, &list[i]);
	char *why = xasprintf("DISPLAY is not set and no X session of yours opens; tried %s; "
		"name one (--display :0, with XAUTHORITY=FILE where its cookie lies elsewhere), or start "
		"one (Xvfb :99 -screen 0 1920x1080x24 &)",
		tried[0] ? tried : "/tmp/.X11-unix (empty), abstract sockets (none)");
	free(tried);
	return why;
}

static char *
why_several(const struct rd_session *list, int n)
{
	char *names = xstrdup("");
	int first = -1;
	for (int i = 0; i < n; i++) {
		if (list[i].error)
			continue;
		if (first < 0)
			first = list[i].display;
		char *longer = xasprintf("%s%s:%d", names, names[0] ? ", " : "", list[i].display);
		free(names);
		names = longer;
	}
	char *why = xasprintf("DISPLAY is not set and several X sessions are yours: %s; "
		"name one (--display :%d); rd-capture --list shows them", names, first);
	free(names);
	return why;
}

int
rd_sessions_choose(const struct rd_session_places *p, char **name, char **why)
{
	struct rd_session *list;
	int n = rd_sessions_find(&list, p), open = 0, err = 0;
	for (int i = 0; i < n; i++) {
		if (list[i].error == 0 && open++ == 0)
			*name = xasprintf(":%d", list[i].display);
	}
	if (open == 0) {
		*why = why_none(list, n);
		err = -ENXIO;
	} else if (open > 1) {
		free(*name);
		*name = NULL;
		*why = why_several(list, n);
		err = -ENOTUNIQ;
	}
	free(list);
	return err;
}
