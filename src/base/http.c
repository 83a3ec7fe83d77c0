#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/http.h"

/*
 * A line without its end, which is \r\n, or \n from those who are lax (RFC 9112,
 * section 2.2). False: its end has not come.
 */
static bool
take_line(struct rd_reader *r, struct rd_http_text *line)
{
	size_t left = rd_reader_left(r);
	const uint8_t *end = left ? memchr(r->p, '\n', left) : NULL;
	if (!end)
		return false;
	size_t n = (size_t)(end - r->p);
	const uint8_t *p = rd_reader_bytes(r, n + 1);
	if (n > 0 && p[n - 1] == '\r')
		n--;
	*line = (struct rd_http_text){(const char *)p, n};
	return true;
}

/* Text without control characters; bytes above ASCII are somebody's language. */
static bool
is_text(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

ssize_t
rd_http_head(struct rd_http_head *h, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	struct rd_http_text line;
	*h = (struct rd_http_head){0};
	size_t look = len < RD_HTTP_HEAD_MAX ? len : RD_HTTP_HEAD_MAX;
	rd_reader_init(&r, data, look);
	if (!take_line(&r, &h->first)) {
		/* What is no text will not become a head. */
		size_t n = look > 0 && data[look - 1] == '\r' ? look - 1 : look;
		bool text = is_text((const char *)data, n);
		return text && len < RD_HTTP_HEAD_MAX ? -EAGAIN : -EPROTO;
	}
	if (h->first.len == 0 || !is_text(h->first.p, h->first.len))
		return -EPROTO;
	h->fields = r;
	while (take_line(&r, &line)) {
		if (line.len > 0)
			continue;
		h->fields.end = (const uint8_t *)line.p;
		return r.p - data;
	}
	return len < RD_HTTP_HEAD_MAX ? -EAGAIN : -EPROTO;
}

/* token of RFC 9110, section 5.6.2. */
static bool
is_token(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (!letter && !(c >= '0' && c <= '9') && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return n > 0;
}

static struct rd_http_text
trim(const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t'))
		p++, n--;
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	return (struct rd_http_text){p, n};
}

int
rd_http_field(struct rd_http_head *h, struct rd_http_text *name, struct rd_http_text *value)
{
	struct rd_http_text line;
	if (!take_line(&h->fields, &line))
		return 0;
	/* A line that begins with a blank would go on with the one before: long forbidden. */
	const char *colon = memchr(line.p, ':', line.len);
	if (!colon || !is_text(line.p, line.len))
		return -EPROTO;
	*name = (struct rd_http_text){line.p, (size_t)(colon - line.p)};
	*value = trim(colon + 1, line.len - name->len - 1);
	return is_token(name->p, name->len) ? 1 : -EPROTO;
}

int
rd_http_status(struct rd_http_text first, struct rd_http_text *reason)
{
	static const char start[] = "HTTP/1.";
	const char *p = first.p + sizeof(start) - 1; /* x NNN reason */
	if (first.len < sizeof(start) - 1 + 5 || memcmp(first.p, start, sizeof(start) - 1) != 0)
		return -EPROTO;
	if ((p[0] != '0' && p[0] != '1') || p[1] != ' ')
		return -EPROTO;
	int status = 0;
	for (int i = 2; i < 5; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -EPROTO;
		status = 10 * status + (p[i] - '0');
	}
	size_t at = sizeof(start) - 1 + 5;
	if (status < 100 || (first.len > at && first.p[at] != ' '))
		return -EPROTO;
	*reason = trim(first.p + at, first.len - at);
	return status;
}

int
rd_http_request(struct rd_http_text first, struct rd_http_text *method,
	struct rd_http_text *target)
{
	static const char version[] = " HTTP/1.";
	size_t n = sizeof(version);	/* and a digit */
	if (first.len < n || memcmp(first.p + first.len - n, version, n - 1) != 0)
		return -EPROTO;
	int minor = first.p[first.len - 1] - '0';
	if (minor != 0 && minor != 1)
		return -EPROTO;
	size_t left = first.len - n;
	const char *space = memchr(first.p, ' ', left);
	if (!space)
		return -EPROTO;
	*method = (struct rd_http_text){first.p, (size_t)(space - first.p)};
	*target = (struct rd_http_text){space + 1, left - method->len - 1};
	if (target->len == 0 || memchr(target->p, ' ', target->len))
		return -EPROTO;
	return is_token(method->p, method->len) ? minor : -EPROTO;
}

bool
rd_http_is(struct rd_http_text text, const char *word)
{
	return strlen(word) == text.len && strncasecmp(text.p, word, text.len) == 0;
}

bool
rd_http_lists(struct rd_http_text list, const char *word)
{
	while (list.len > 0) {
		const char *comma = memchr(list.p, ',', list.len);
		size_t n = comma ? (size_t)(comma - list.p) : list.len;
		if (rd_http_is(trim(list.p, n), word))
			return true;
		n += comma ? 1 : 0;
		list.p += n;
		list.len -= n;
	}
	return false;
}
