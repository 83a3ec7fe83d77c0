#include <errno.h>
#include <string.h>
#include <strings.h>

#include "rd-relay/http.h"

#define PROTOCOL "rd/1"

struct span { const char *p; size_t len; };

static bool
is(struct span s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0;
}

static struct span
trim(struct span s)
{
	while (s.len && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.len--;
	while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* Up to `end`, which is passed over; what is left stays in *from. */
static struct span
cut(struct span *from, char end)
{
	const char *at = memchr(from->p, end, from->len);
	size_t n = at ? (size_t)(at - from->p) : from->len;
	struct span s = {from->p, n};
	from->p += n + (at != NULL);
	from->len -= n + (at != NULL);
	return s;
}

/* A line without its CR LF (RFC 9112 section 2.2 lets a lone LF pass). */
static struct span
line(struct span *from)
{
	struct span s = cut(from, '\n');
	if (s.len && s.p[s.len - 1] == '\r')
		s.len--;
	return s;
}

static bool
lists(struct span value, const char *word)
{
	while (value.len)
		if (is(trim(cut(&value, ',')), word))
			return true;
	return false;
}

static int
parse_request(struct http_head *h, struct span s)
{
	struct span method = cut(&s, ' '), target = cut(&s, ' ');
	struct span path = cut(&target, '?');
	if (!is(s, "HTTP/1.1") && !is(s, "HTTP/1.0"))
		return -EPROTO;
	if (path.len == 0 || path.p[0] != '/')
		return -EPROTO;
	/* Longer than any of ours: it is not there, which is no mistake of form. */
	size_t n = path.len < sizeof(h->path) ? path.len : sizeof(h->path) - 1;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)path.p[i] <= ' ' || (unsigned char)path.p[i] >= 0x7f)
			return -EPROTO;
		h->path[i] = path.p[i];
	}
	h->path[n] = 0;
	h->method = is(method, "GET") ? HTTP_GET : is(method, "HEAD") ? HTTP_HEAD : HTTP_OTHER;
	return 0;
}

struct found { bool upgrade, connection; };

static int
parse_field(struct found *f, struct span s)
{
	struct span name = cut(&s, ':');
	s = trim(s);
	if (name.len == 0 || name.p[name.len - 1] == ' ')
		return -EPROTO;
	if (is(name, "Upgrade"))
		f->upgrade |= lists(s, PROTOCOL);
	else if (is(name, "Connection"))
		f->connection |= lists(s, "upgrade");
	else if (is(name, "Transfer-Encoding") || (is(name, "Content-Length") && !is(s, "0")))
		return -EPROTO;
	return 0;
}

/* Bytes up to and with the first empty line; 0: it is not there. */
static size_t
head_len(const char *data, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (data[i] != '\n')
			continue;
		if (data[i + 1] == '\n')
			return i + 2;
		if (data[i + 1] == '\r' && i + 2 < len && data[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

int
http_parse(struct http_head *h, const char *data, size_t len)
{
	struct found f = {0};
	*h = (struct http_head){.len = head_len(data, len)};
	if (!h->len)
		return len < HTTP_HEAD_MAX ? -EAGAIN : -EMSGSIZE;
	if (h->len > HTTP_HEAD_MAX)
		return -EMSGSIZE;
	struct span all = {data, h->len};
	int err = parse_request(h, line(&all));
	while (!err) {
		struct span s = line(&all);
		if (s.len == 0)
			break;
		err = parse_field(&f, s);
	}
	h->upgrade = f.upgrade && f.connection;
	return err;
}
