#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "desktop/listing.h"
#include "desktop/sessions.h"
#include "desktop/x11.h"
#include "desktop/x11_place.h"
#include "desktop/x11_windows.h"

struct listing {
	FILE *out;
	bool json;
	const char *display;
};

/* What all three kinds of line begin with. */
static void
begin(const struct listing *l, const char *kind)
{
	if (l->json) {
		fprintf(l->out, "{\"kind\":\"%s\",\"display\":", kind);
		rd_json_print_text(l->display, l->out);
	} else {
		fprintf(l->out, "%-8s %-6s", kind, l->display);
	}
}

/* Padded where something follows it on the line. */
static void
geometry(const struct listing *l, struct rd_rect r, bool last)
{
	char text[64];
	if (l->json) {
		fprintf(l->out, ",\"x\":%d,\"y\":%d,\"width\":%d,\"height\":%d", r.x, r.y, r.w, r.h);
		return;
	}
	snprintf(text, sizeof(text), "%dx%d%+d%+d", r.w, r.h, r.x, r.y);
	fprintf(l->out, "  %-*s", last ? 0 : 20, text);
}

static void
put_monitors(const struct listing *l, const struct rd_x11 *x)
{
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, x);
	for (int i = 0; i < n; i++) {
		const struct rd_x11_monitor *m = &list[i];
		begin(l, "monitor");
		if (l->json) {
			fprintf(l->out, ",\"index\":%d,\"name\":", i);
			rd_json_print_text(m->name, l->out);
			geometry(l, m->rect, false);
			fprintf(l->out, ",\"primary\":%s}\n", m->primary ? "true" : "false");
		} else {
			fprintf(l->out, "  %-10s", m->name);
			geometry(l, m->rect, !m->primary);
			fputs(m->primary ? "  primary\n" : "\n", l->out);
		}
	}
	rd_x11_monitors_free(list, n);
}

static void
put_windows(const struct listing *l, const struct rd_x11 *x)
{
	struct rd_x11_window *list;
	int n = rd_x11_windows(&list, x);
	for (int i = 0; i < n; i++) {
		const struct rd_x11_window *w = &list[i];
		begin(l, "window");
		if (l->json) {
			fprintf(l->out, ",\"id\":\"0x%x\"", w->id);
			geometry(l, w->rect, false);
			fputs(",\"title\":", l->out);
			rd_json_print_text(w->title, l->out);
			fputs("}\n", l->out);
		} else {
			fprintf(l->out, "  0x%-8x", w->id);
			geometry(l, w->rect, false);
			fprintf(l->out, "  %s\n", w->title);
		}
	}
	rd_x11_windows_free(list, n);
}

static void
put_open(const struct listing *l, const struct rd_x11 *x)
{
	begin(l, "display");
	if (!l->json)
		fprintf(l->out, "  %-10s", "screen");
	geometry(l, rd_x11_screen_rect(x), true);
	fputs(l->json ? ",\"error\":null}\n" : "\n", l->out);
	put_monitors(l, x);
	put_windows(l, x);
}

static void
put_closed(struct listing l, const char *name, const char *reason)
{
	l.display = name;
	begin(&l, "display");
	if (l.json) {
		fputs(",\"error\":", l.out);
		rd_json_print_text(reason, l.out);
		fputs("}\n", l.out);
	} else {
		fprintf(l.out, "  (%s)\n", reason);
	}
}

/* One display by name; 0 when it opens. */
static int
put_display(struct listing l, const char *name, char **why)
{
	struct rd_x11 x;
	int err = rd_x11_open(&x, name, why);
	if (err)
		return err;
	l.display = name;
	put_open(&l, &x);
	rd_x11_close(&x);
	return 0;
}

/* Whether $DISPLAY is one that a search of this machine would find. */
static bool
is_found(const char *name, const struct rd_session *list, int n)
{
	char *host = NULL;
	int display, screen;
	bool found = false;
	if (!xcb_parse_display(name, &host, &display, &screen))
		return false;
	for (int i = 0; i < n && host[0] == '\0'; i++)
		found |= list[i].display == display;
	free(host);
	return found;
}

static const char *
reason_of(const struct rd_session *s)
{
	if (s->error == -EPERM)
		return "another user's";
	return s->reason[0] ? s->reason : strerror(-s->error);
}

static int
put_all(struct listing l, char **why)
{
	struct rd_session_places places;
	struct rd_session *list;
	const char *env = getenv("DISPLAY");
	int opened = 0;
	rd_session_places_init(&places);
	int n = rd_sessions_find(&list, &places);
	if (env && env[0] && !is_found(env, list, n)) {
		opened += put_display(l, env, why) == 0;
		free(*why);
		*why = NULL;
	}
	for (int i = 0; i < n; i++) {
		char name[16], *reason = NULL;
		snprintf(name, sizeof(name), ":%d", list[i].display);
		if (list[i].error)
			put_closed(l, name, reason_of(&list[i]));
		else if (put_display(l, name, &reason) == 0)
			opened++;
		free(reason);
	}
	free(list);
	if (opened)
		return 0;
	*why = xstrdup("no X display opens; start one (Xvfb :99 &), or name its cookie: XAUTHORITY=FILE");
	return -ENXIO;
}

int
rd_listing_print(FILE *out, const char *display, bool json, char **why)
{
	struct listing l = {.out = out, .json = json};
	*why = NULL;
	return display ? put_display(l, display, why) : put_all(l, why);
}
