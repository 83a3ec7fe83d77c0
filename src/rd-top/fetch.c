#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "base/mem.h"
#include "rd-top/fetch.h"

#define PATIENCE_S 3

struct fetch {
	struct evhttp_connection *conn;
	fetch_done *done;
	void *ctx;
	char *url, *host, *path;
	unsigned port;
	bool asking;
	const char *trouble;	/* of the question that is under way */
};

static void
on_error(enum evhttp_request_error error, void *arg)
{
	struct fetch *f = arg;
	f->trouble = error == EVREQ_HTTP_TIMEOUT ? "no answer in time"
		: error == EVREQ_HTTP_DATA_TOO_LONG ? "its page has no end"
		: error == EVREQ_HTTP_INVALID_HEADER ? "what answers there is no web server"
		: "it hung up";
}

static void
on_answer(struct evhttp_request *req, void *arg)
{
	struct fetch *f = arg;
	char text[64];
	int status = req ? evhttp_request_get_response_code(req) : 0;
	f->asking = false;
	if (status == HTTP_OK) {
		struct evbuffer *body = evhttp_request_get_input_buffer(req);
		size_t len = evbuffer_get_length(body);
		const char *page = len ? (const char *)evbuffer_pullup(body, -1) : "";
		f->done(f->ctx, page, len, NULL);
		return;
	}
	snprintf(text, sizeof(text), "it answers with status %d", status);
	f->done(f->ctx, NULL, 0, status ? text : f->trouble ? f->trouble : "nobody answers there");
}

void
fetch_start(struct fetch *f)
{
	if (f->asking)
		return;
	struct evhttp_request *req = evhttp_request_new(on_answer, f);
	if (!req)
		return;
	evhttp_request_set_error_cb(req, on_error);
	evhttp_add_header(evhttp_request_get_output_headers(req), "Host", f->host);
	f->trouble = NULL;
	f->asking = true;
	/* From here on the request is evhttp's, whatever becomes of it. */
	if (evhttp_make_request(f->conn, req, EVHTTP_REQ_GET, f->path) != 0)
		f->asking = false;
}

const char *
fetch_url(const struct fetch *f)
{
	return f->url;
}

/* --- where it is --- */

/* A path goes into a request as it is: evhttp_uri_parse takes no blanks or controls. */
static bool
take_apart(struct fetch *f, const char *where, unsigned port)
{
	char *full = strstr(where, "://") ? xstrdup(where) : xasprintf("http://%s", where);
	struct evhttp_uri *uri = evhttp_uri_parse(full);
	const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;
	const char *host = uri ? evhttp_uri_get_host(uri) : NULL;
	bool ok = scheme && strcasecmp(scheme, "http") == 0 && host && *host &&
		!evhttp_uri_get_userinfo(uri) && strlen(host) < 256;
	if (ok) {
		const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
		int given = evhttp_uri_get_port(uri);
		f->port = given > 0 ? (unsigned)given : port;
		f->host = xstrdup(host);
		f->path = xasprintf("%s%s%s", path && *path ? path : "/metrics", query ? "?" : "",
			query ? query : "");
		f->url = xasprintf("http://%s:%u%s", host, f->port, f->path);
	}
	if (uri)
		evhttp_uri_free(uri);
	free(full);
	return ok;
}

/* Its first address in numbers, of which evhttp asks nobody. */
static int
look_up(const char *host, char *out, size_t cap)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	char bare[256];
	size_t len = strlen(host);
	bool brackets = host[0] == '[' && host[len - 1] == ']';
	snprintf(bare, sizeof(bare), "%.*s", (int)(brackets ? len - 2 : len), host + brackets);
	int err = getaddrinfo(bare, NULL, &hints, &list);
	if (!err)
		err = getnameinfo(list->ai_addr, list->ai_addrlen, out, (socklen_t)cap, NULL, 0,
			NI_NUMERICHOST);
	if (list)
		freeaddrinfo(list);
	return err;
}

int
fetch_open(struct fetch **out, struct rd_loop *loop, const char *where, unsigned port,
	fetch_done *done, void *ctx, char **why)
{
	struct fetch *f = *out = xcalloc(1, sizeof(*f));
	char address[128];
	f->done = done;
	f->ctx = ctx;
	if (!take_apart(f, where, port)) {
		*why = xasprintf("not an address of metrics: http://HOST:PORT/metrics, or HOST:PORT");
		return -EINVAL;
	}
	int err = look_up(f->host, address, sizeof(address));
	if (err) {
		*why = xasprintf("%s: %s", f->host, gai_strerror(err));
		return -EHOSTUNREACH;
	}
	f->conn = evhttp_connection_base_new(rd_loop_base(loop), NULL, address, (uint16_t)f->port);
	if (!f->conn) {
		*why = xstrdup(strerror(ENOMEM));
		return -ENOMEM;
	}
	evhttp_connection_set_timeout(f->conn, PATIENCE_S);
	evhttp_connection_set_max_body_size(f->conn, FETCH_MAX);
	evhttp_connection_set_max_headers_size(f->conn, 16384);
	return 0;
}

void
fetch_close(struct fetch *f)
{
	if (!f)
		return;
	if (f->conn)
		evhttp_connection_free(f->conn);
	free(f->url);
	free(f->host);
	free(f->path);
	free(f);
}
