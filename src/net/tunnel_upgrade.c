#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "net/tunnel_upgrade.h"

static void
put_text(struct rd_buf *out, const char *text)
{
	rd_buf_bytes(out, text, strlen(text));
}

void
rd_upgrade_request_put(struct rd_buf *out, const char *name, uint16_t port)
{
	bool v6 = strchr(name, ':') != NULL;
	char number[8] = "";
	if (port != 443)
		snprintf(number, sizeof(number), ":%u", (unsigned)port);
	put_text(out, "GET " RD_UPGRADE_PATH " HTTP/1.1\r\nHost: ");
	put_text(out, v6 ? "[" : "");
	put_text(out, name);
	put_text(out, v6 ? "]" : "");
	put_text(out, number);
	put_text(out, "\r\nConnection: Upgrade\r\nUpgrade: " RD_UPGRADE_PROTOCOL "\r\n\r\n");
}

/* What of the fields matters here. */
struct fields {
	bool connection, upgrade;
	struct rd_http_text host;
	unsigned hosts;
};

static int
read_fields(struct rd_http_head *h, struct fields *f)
{
	struct rd_http_text name, value;
	int got;
	*f = (struct fields){0};
	while ((got = rd_http_field(h, &name, &value)) > 0) {
		if (rd_http_is(name, "Connection")) {
			f->connection |= rd_http_lists(value, "Upgrade");
		} else if (rd_http_is(name, "Upgrade")) {
			f->upgrade |= rd_http_lists(value, RD_UPGRADE_PROTOCOL);
		} else if (rd_http_is(name, "Host")) {
			f->host = value;
			f->hosts++;
		}
	}
	return got;
}

static int
request_status(struct rd_http_head *h, struct fields *f)
{
	struct rd_http_text method, target;
	if (rd_http_request(h->first, &method, &target) != 1 || read_fields(h, f) != 0)
		return 400;
	/* RFC 9112, section 3.2. */
	if (f->hosts != 1)
		return 400;
	if (target.len != strlen(RD_UPGRADE_PATH) ||
			memcmp(target.p, RD_UPGRADE_PATH, target.len) != 0)
		return 404;
	if (method.len != 3 || memcmp(method.p, "GET", 3) != 0)
		return 405;
	return f->connection && f->upgrade ? 101 : 426;
}

ssize_t
rd_upgrade_request_parse(struct rd_upgrade_request *r, const uint8_t *data, size_t len)
{
	struct rd_http_head h;
	struct fields f = {0};
	*r = (struct rd_upgrade_request){0};
	ssize_t n = rd_http_head(&h, data, len);
	if (n < 0)
		return n;
	r->status = request_status(&h, &f);
	if (f.host.len < sizeof(r->host) && f.host.len > 0)
		memcpy(r->host, f.host.p, f.host.len);
	return n;
}

static const char *
reason(int status)
{
	switch (status) {
	case 101:
		return "Switching Protocols";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 408:
		return "Request Timeout";
	case 426:
		return "Upgrade Required";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return "Bad Request";
	}
}

void
rd_upgrade_answer_put(struct rd_buf *out, int status)
{
	char line[64];
	bool upgrade = status == 101 || status == 426;
	snprintf(line, sizeof(line), "HTTP/1.1 %d %s\r\n", status, reason(status));
	put_text(out, line);
	put_text(out, upgrade ? "Connection: Upgrade" : "Connection: close");
	/* RFC 9110, section 15.5.22: 426 says to what. */
	if (upgrade)
		put_text(out, status == 426 ? ", close\r\nUpgrade: " RD_UPGRADE_PROTOCOL
			: "\r\nUpgrade: " RD_UPGRADE_PROTOCOL);
	if (status == 405)
		put_text(out, "\r\nAllow: GET");
	put_text(out, status == 101 ? "\r\n\r\n" : "\r\nContent-Length: 0\r\n\r\n");
}

ssize_t
rd_upgrade_answer_parse(int *status, const uint8_t *data, size_t len)
{
	static const char start[] = "HTTP/1.";
	struct rd_http_head h;
	struct rd_http_text words;
	struct fields f;
	*status = 0;
	/* Whoever speaks otherwise is not waited for. */
	if (len > 0 && memcmp(data, start, len < sizeof(start) - 1 ? len : sizeof(start) - 1) != 0)
		return -EPROTO;
	ssize_t n = rd_http_head(&h, data, len);
	if (n < 0)
		return n;
	*status = rd_http_status(h.first, &words);
	if (*status < 0) {
		*status = 0;
		return -EPROTO;
	}
	if (read_fields(&h, &f) != 0)
		return -EPROTO;
	return *status == 101 && f.connection && f.upgrade ? n : -ECONNREFUSED;
}
