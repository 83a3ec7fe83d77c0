#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/bytes.h"
#include "desktop/xauth.h"

static void
put_be16(struct rd_buf *b, unsigned v)
{
	rd_buf_u8(b, (uint8_t)(v >> 8));
	rd_buf_u8(b, (uint8_t)v);
}

static void
put_field(struct rd_buf *b, const char *data, size_t len)
{
	put_be16(b, (unsigned)len);
	rd_buf_bytes(b, data, len);
}

static void
put_entry(struct rd_buf *b, unsigned family, const char *number, const char *name,
	const char *data, size_t len)
{
	put_be16(b, family);
	put_field(b, "host", 4);
	put_field(b, number, strlen(number));
	put_field(b, name, strlen(name));
	put_field(b, data, len);
}

static void
finds_what_is_meant_for_this_machine(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	struct rd_xauth_cookie c;
	size_t offset = 0;
	put_entry(&b, 0, "1", RD_XAUTH_COOKIE, "internet", 8);
	put_entry(&b, 256, "10", RD_XAUTH_COOKIE, "0123456789abcdef", 16);
	put_entry(&b, 256, "1", "XDM-AUTHORIZATION-1", "0123456789abcdef", 16);
	put_entry(&b, 256, "one", RD_XAUTH_COOKIE, "x", 1);
	put_entry(&b, 256, "2", RD_XAUTH_COOKIE, "", 0);
	put_entry(&b, 65535, "", RD_XAUTH_COOKIE, "anywhere", 8);

	assert_true(rd_xauth_next(b.data, b.len, &offset, &c));
	assert_int_equal(c.display, 10);
	assert_int_equal(c.len, 16);
	assert_memory_equal(c.data, "0123456789abcdef", 16);
	assert_true(rd_xauth_next(b.data, b.len, &offset, &c));
	assert_int_equal(c.display, -1);
	assert_memory_equal(c.data, "anywhere", 8);
	assert_false(rd_xauth_next(b.data, b.len, &offset, &c));
	assert_false(rd_xauth_next(b.data, b.len, &offset, &c));
	rd_buf_finish(&b);
}

/* Cut anywhere, a file gives what was whole of it; AddressSanitizer watches. */
static void
bears_every_truncation(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	put_entry(&b, 256, "0", RD_XAUTH_COOKIE, "0123456789abcdef", 16);
	size_t one = b.len;
	put_entry(&b, 256, "1", RD_XAUTH_COOKIE, "fedcba9876543210", 16);
	for (size_t len = 0; len <= b.len; len++) {
		struct rd_buf cut = {0};
		struct rd_xauth_cookie c;
		size_t offset = 0, n = 0;
		rd_buf_bytes(&cut, b.data, len);
		while (rd_xauth_next(cut.data, len, &offset, &c))
			n++;
		assert_int_equal(n, len / one);
		rd_buf_finish(&cut);
	}
	rd_buf_finish(&b);
}

static void
refuses_what_is_too_long(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	struct rd_xauth_cookie c;
	char data[RD_XAUTH_MAX + 1] = {0};
	size_t offset = 0;
	put_entry(&b, 256, "0", RD_XAUTH_COOKIE, data, sizeof(data));
	put_entry(&b, 256, "123456", RD_XAUTH_COOKIE, data, 16);
	put_entry(&b, 256, "0", RD_XAUTH_COOKIE, data, RD_XAUTH_MAX);
	assert_true(rd_xauth_next(b.data, b.len, &offset, &c));
	assert_int_equal(c.len, RD_XAUTH_MAX);
	assert_false(rd_xauth_next(b.data, b.len, &offset, &c));
	rd_buf_finish(&b);
}

static void
what_is_put_is_read(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	struct rd_xauth_cookie c = {.display = 17, .len = 3, .data = "abc"}, got;
	size_t offset = 0;
	rd_xauth_put(&b, "host", &c);
	c.display = -1;
	rd_xauth_put(&b, NULL, &c);
	/* As xauth(1) writes it. */
	static const uint8_t first[] = "\1\0\0\4host\0\00217\0\022MIT-MAGIC-COOKIE-1\0\3abc";
	assert_memory_equal(b.data, first, sizeof(first) - 1);
	assert_true(rd_xauth_next(b.data, b.len, &offset, &got));
	assert_int_equal(got.display, 17);
	assert_memory_equal(got.data, "abc", 3);
	assert_true(rd_xauth_next(b.data, b.len, &offset, &got));
	assert_int_equal(got.display, -1);
	assert_false(rd_xauth_next(b.data, b.len, &offset, &got));
	rd_buf_finish(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_meant_for_this_machine),
		cmocka_unit_test(bears_every_truncation),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(what_is_put_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
