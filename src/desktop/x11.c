#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <xcb/xcb.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/sessions.h"
#include "desktop/x11.h"

static xcb_screen_t *
screen_at(xcb_connection_t *conn, int number)
{
	xcb_screen_iterator_t it = xcb_setup_roots_iterator(xcb_get_setup(conn));
	while (it.rem > 0 && number-- > 0)
		xcb_screen_next(&it);
	return it.rem > 0 ? it.data : NULL;
}

/* A name of this machine's displays: ":1", "unix:1.0". */
static bool
is_local_name(const char *host)
{
	return host[0] == '\0' || strcmp(host, "unix") == 0;
}

static char *
why_refused(const char *name, const struct rd_session *s)
{
	if (s->error == -EACCES)
		return xasprintf("display %s does not let us in%s%s; name the file with its cookie: "
			"XAUTHORITY=FILE", name, s->reason[0] ? ": " : "", s->reason);
	return xasprintf("no X server answers at display %s (%s); those that do: rd-capture --list",
		name, strerror(-s->error));
}

/* Connects to a display of this machine, with the cookie that opens it. */
static int
connect_local(struct rd_x11 *x, const char *name, int display, int *screen, char **why)
{
	struct rd_session_places places;
	struct rd_session s;
	rd_session_places_init(&places);
	if (rd_session_open(&s, &places, display) < 0) {
		*why = why_refused(name, &s);
		return s.error == -EACCES ? -EACCES : -ENXIO;
	}
	xcb_auth_info_t auth = {
		.namelen = (int)strlen(RD_XAUTH_COOKIE), .name = (char *)RD_XAUTH_COOKIE,
		.datalen = s.cookie.len, .data = (char *)s.cookie.data,
	};
	x->conn = xcb_connect_to_display_with_auth_info(name, s.cookie.len ? &auth : NULL, screen);
	return 0;
}

static int
connect_named(struct rd_x11 *x, const char *name, char **why)
{
	char *host = NULL;
	int display = 0, screen = 0, err = 0;
	if (!xcb_parse_display(name, &host, &display, &screen)) {
		*why = xasprintf("\"%s\" is no name of an X display; they look like :0 or host:10.0", name);
		return -ENXIO;
	}
	if (is_local_name(host))
		err = connect_local(x, name, display, &screen, why);
	else
		x->conn = xcb_connect(name, &screen);
	free(host);
	if (err)
		return err;
	x->screen = xcb_connection_has_error(x->conn) ? NULL : screen_at(x->conn, screen);
	if (!x->screen) {
		*why = xasprintf("no X display can be opened at %s", name);
		return -ENXIO;
	}
	x->root = x->screen->root;
	return 0;
}

int
rd_x11_open(struct rd_x11 *x, const char *display, char **why)
{
	*x = (struct rd_x11){0};
	const char *env = getenv("DISPLAY");
	if (!display && env && env[0])
		display = env;
	if (display) {
		x->display = xstrdup(display);
	} else {
		struct rd_session_places places;
		rd_session_places_init(&places);
		int err = rd_sessions_choose(&places, &x->display, why);
		if (err)
			return err;
	}
	int err = connect_named(x, x->display, why);
	if (err)
		rd_x11_close(x);
	return err;
}

void
rd_x11_close(struct rd_x11 *x)
{
	if (x->conn)
		xcb_disconnect(x->conn);
	free(x->display);
	*x = (struct rd_x11){0};
}

bool
rd_x11_lost(const struct rd_x11 *x)
{
	return xcb_connection_has_error(x->conn) != 0;
}

bool
rd_x11_local(const struct rd_x11 *x)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);
	return getsockname(xcb_get_file_descriptor(x->conn), (struct sockaddr *)&sa, &len) == 0
		&& sa.ss_family == AF_UNIX;
}

const xcb_query_extension_reply_t *
rd_x11_extension(const struct rd_x11 *x, xcb_extension_t *ext)
{
	const xcb_query_extension_reply_t *r = xcb_get_extension_data(x->conn, ext);
	return r && r->present ? r : NULL;
}

xcb_atom_t
rd_x11_atom(const struct rd_x11 *x, const char *name)
{
	xcb_intern_atom_reply_t *r = xcb_intern_atom_reply(x->conn,
		xcb_intern_atom(x->conn, 0, (uint16_t)strlen(name), name), NULL);
	xcb_atom_t atom = r ? r->atom : XCB_ATOM_NONE;
	free(r);
	return atom;
}

bool
rd_x11_is_error(const struct rd_x11 *x, const xcb_generic_event_t *event)
{
	if (event->response_type != 0)
		return false;
	const xcb_generic_error_t *e = (const xcb_generic_error_t *)event;
	rd_debug("X display %s: error %u for request %u.%u on 0x%x", x->display, e->error_code,
		e->major_code, e->minor_code, e->resource_id);
	return true;
}
