#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

static void
put(struct rd_json *j, const char *text)
{
	rd_buf_bytes(&j->text, text, strlen(text));
}

static void
comma(struct rd_json *j)
{
	if (j->more)
		rd_buf_u8(&j->text, ',');
	j->more = true;
}

/* What is to be escaped: JSON's own, and what a terminal would obey. */
static bool
is_special(uint32_t point)
{
	return point == '"' || point == '\\' || rd_utf8_is_control(point);
}

static void
put_escaped(struct rd_json *j, uint32_t point)
{
	char code[8];
	bool own = point == '"' || point == '\\';
	snprintf(code, sizeof(code), own ? "\\%c" : "\\u%04x", (unsigned)(point & 0xffff));
	put(j, code);
}

static void
put_string(struct rd_json *j, const uint8_t *p, size_t len)
{
	rd_buf_u8(&j->text, '"');
	while (len > 0) {
		uint32_t point = 0xfffd;
		int n = rd_utf8_decode(p, len, &point);
		if (n <= 0) {
			rd_utf8_put(&j->text, 0xfffd);
			n = 1;
		} else if (is_special(point)) {
			put_escaped(j, point);
		} else {
			rd_buf_bytes(&j->text, p, (size_t)n);
		}
		p += n;
		len -= (size_t)n;
	}
	rd_buf_u8(&j->text, '"');
}

void
rd_json_open(struct rd_json *j, char bracket)
{
	comma(j);
	rd_buf_u8(&j->text, (uint8_t)bracket);
	j->more = false;
}

void
rd_json_close(struct rd_json *j, char bracket)
{
	rd_buf_u8(&j->text, (uint8_t)bracket);
	j->more = true;
}

void
rd_json_key(struct rd_json *j, const char *key)
{
	comma(j);
	put_string(j, (const uint8_t *)key, strlen(key));
	rd_buf_u8(&j->text, ':');
	j->more = false;
}

void
rd_json_text_len(struct rd_json *j, const char *text, size_t len)
{
	comma(j);
	put_string(j, (const uint8_t *)text, len);
}

void
rd_json_text(struct rd_json *j, const char *text)
{
	if (text)
		rd_json_text_len(j, text, strlen(text));
	else
		rd_json_null(j);
}

void
rd_json_number(struct rd_json *j, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, value);
	rd_json_raw(j, text, strlen(text));
}

void
rd_json_count(struct rd_json *j, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, value);
	rd_json_raw(j, text, strlen(text));
}

void
rd_json_real(struct rd_json *j, double value, int digits)
{
	char text[48];
	/* Nothing we measure is so large; a double could have 300 digits. */
	if (!isfinite(value) || fabs(value) > 1e18) {
		rd_json_null(j);
		return;
	}
	snprintf(text, sizeof(text), "%.*f", digits, value);
	rd_json_raw(j, text, strlen(text));
}

void
rd_json_ms(struct rd_json *j, uint64_t ns)
{
	if (ns)
		rd_json_real(j, (double)ns / (double)RD_NS_PER_MS, 3);
	else
		rd_json_null(j);
}

void
rd_json_bool(struct rd_json *j, bool value)
{
	comma(j);
	put(j, value ? "true" : "false");
}

void
rd_json_null(struct rd_json *j)
{
	comma(j);
	put(j, "null");
}

void
rd_json_raw(struct rd_json *j, const char *value, size_t len)
{
	comma(j);
	rd_buf_bytes(&j->text, value, len);
}

void
rd_json_put_text(struct rd_json *j, const char *key, const char *text)
{
	rd_json_key(j, key);
	rd_json_text(j, text);
}

void
rd_json_put_number(struct rd_json *j, const char *key, int64_t value)
{
	rd_json_key(j, key);
	rd_json_number(j, value);
}

void
rd_json_put_count(struct rd_json *j, const char *key, uint64_t value)
{
	rd_json_key(j, key);
	rd_json_count(j, value);
}

void
rd_json_put_real(struct rd_json *j, const char *key, double value, int digits)
{
	rd_json_key(j, key);
	rd_json_real(j, value, digits);
}

void
rd_json_put_ms(struct rd_json *j, const char *key, uint64_t ns)
{
	rd_json_key(j, key);
	rd_json_ms(j, ns);
}

void
rd_json_put_bool(struct rd_json *j, const char *key, bool value)
{
	rd_json_key(j, key);
	rd_json_bool(j, value);
}

void
rd_json_line(struct rd_json *j)
{
	rd_buf_u8(&j->text, '\n');
	j->more = false;
}

void
rd_json_print(struct rd_json *j, FILE *out)
{
	fwrite(j->text.data, 1, j->text.len, out);
	rd_json_reset(j);
}

void
rd_json_print_text(const char *text, FILE *out)
{
	struct rd_json j = {0};
	rd_json_text(&j, text);
	rd_json_print(&j, out);
	rd_json_finish(&j);
}

void
rd_json_reset(struct rd_json *j)
{
	rd_buf_reset(&j->text);
	j->more = false;
}

void
rd_json_finish(struct rd_json *j)
{
	rd_buf_finish(&j->text);
	j->more = false;
}
