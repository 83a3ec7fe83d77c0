#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "rd-clip/content.h"

static bool
is_text(const char *type)
{
	return !type || strncmp(type, "text/", 5) == 0;
}

int
content_judge(struct options *o)
{
	o->shown = isatty(STDOUT_FILENO);
	if (o->verb != VERB_GET || is_text(o->type) || o->json || !o->shown)
		return 0;
	rd_error("standard output is a terminal, and %s is no text: rd-clip get ... >FILE", o->type);
	return RD_EXIT_USAGE;
}

static bool
is_utf8(const struct rd_buf *b)
{
	uint32_t point;
	for (size_t i = 0; i < b->len;) {
		int n = rd_utf8_decode(b->data + i, b->len - i, &point);
		if (n <= 0)
			return false;
		i += (size_t)n;
	}
	return true;
}

int
content_read(struct rd_buf *content, const struct options *o)
{
	const size_t piece = (size_t)64 << 10;
	for (;;) {
		ssize_t n = read(STDIN_FILENO, rd_buf_room(content, piece), piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rd_error("standard input: %s", strerror(errno));
			return RD_EXIT_INPUT;
		}
		if (n == 0)
			break;
		content->len += (size_t)n;
		if (content->len > o->max) {
			rd_error("standard input has more than %" PRIu64 " bytes: --clipboard-max", o->max);
			return RD_EXIT_CLIP_LARGE;
		}
	}
	if (!is_text(o->type) || is_utf8(content))
		return 0;
	rd_error("standard input is no UTF-8, as text is: is it of another --type?");
	return RD_EXIT_INPUT;
}

/* --- out --- */

static int
write_all(const uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			rd_error("cannot write to standard output: %s", strerror(errno));
			return RD_EXIT_OUTPUT;
		}
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
write_json(struct rd_json *j)
{
	rd_json_line(j);
	int code = write_all(j->text.data, j->text.len);
	rd_json_finish(j);
	return code;
}

/* RFC 4648. */
static void
put_base64(struct rd_buf *b, const uint8_t *p, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
			(n > 2 ? p[i + 2] : 0);
		for (size_t k = 0; k < 4; k++)
			rd_buf_u8(b, k <= n ? (uint8_t)letters[v >> (18 - 6 * k) & 63] : '=');
	}
}

static void
begin_json(struct rd_json *j, const char *type, size_t len)
{
	rd_json_open(j, '{');
	rd_json_put_text(j, "type", type);
	rd_json_put_count(j, "size", len);
}

static int
content_json(const char *type, const uint8_t *data, size_t len)
{
	struct rd_json j = {0};
	struct rd_buf b = {0};
	begin_json(&j, type, len);
	rd_json_key(&j, is_text(type) ? "text" : "base64");
	if (!is_text(type))
		put_base64(&b, data, len);
	rd_json_text_len(&j, is_text(type) ? (const char *)data : (const char *)b.data,
		is_text(type) ? len : b.len);
	rd_buf_finish(&b);
	rd_json_close(&j, '}');
	return write_json(&j);
}

/* On a terminal what would be obeyed is shown as a mark. */
static int
write_shown(const uint8_t *data, size_t len)
{
	struct rd_buf b = {0};
	for (size_t i = 0; i < len;) {
		uint32_t point = 0;
		int n = rd_utf8_decode(data + i, len - i, &point);
		bool obeyed = n <= 0 || (point < 0x20 && point != '\n' && point != '\t') ||
			(point >= 0x7f && point < 0xa0);
		if (obeyed)
			rd_utf8_put(&b, 0xfffd);
		else
			rd_buf_bytes(&b, data + i, (size_t)n);
		i += n > 0 ? (size_t)n : 1;
	}
	int code = write_all(b.data, b.len);
	rd_buf_finish(&b);
	return code;
}

int
content_write(const struct options *o, const char *type, const uint8_t *data, size_t len)
{
	if (o->json)
		return content_json(type, data, len);
	return o->shown ? write_shown(data, len) : write_all(data, len);
}

int
content_types(const struct options *o, const struct rd_clip_offer *offer)
{
	struct rd_json j = {0};
	struct rd_buf b = {0};
	if (o->json) {
		rd_json_open(&j, '{');
		rd_json_put_bool(&j, "secret", offer->flags & RD_CLIP_SECRET);
		rd_json_key(&j, "types");
		rd_json_open(&j, '[');
	}
	for (int i = 0; i < offer->count; i++) {
		if (o->json)
			rd_json_text(&j, offer->kind[i].name);
		rd_buf_bytes(&b, offer->kind[i].name, strlen(offer->kind[i].name));
		rd_buf_u8(&b, '\n');
	}
	if (o->json) {
		rd_json_close(&j, ']');
		rd_json_close(&j, '}');
	}
	int code = o->json ? write_json(&j) : write_all(b.data, b.len);
	rd_buf_finish(&b);
	return code;
}

int
content_put(const struct options *o, const char *type, size_t len)
{
	struct rd_json j = {0};
	if (!o->json)
		return 0;
	begin_json(&j, type, len);
	rd_json_put_bool(&j, "kept", !o->wait);
	rd_json_close(&j, '}');
	return write_json(&j);
}
