#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "chan/msg_session.h"

/* Bodies byte by byte, as rd-session(5) shows them. */
static const uint8_t open_bytes[] = {
	7, 'd', 'e', 's', 'k', 't', 'o', 'p', 0x07, 0x00, 0x00, 0x00,
};
static const uint8_t challenge_bytes[] = {1};
static const uint8_t answer_bytes[] = {6, '2', '8', '7', '0', '8', '2'};
static const uint8_t grant_bytes[] = {0x03, 0x00, 0x00, 0x00, 5, 'a', 'l', 'i', 'c', 'e'};
static const uint8_t remember_bytes[] = {1, 5, 'a', 'l', 'i', 'c', 'e'};

static void
check(struct rd_buf *b, const uint8_t *want, size_t len)
{
	assert_int_equal(b->len, len);
	assert_memory_equal(b->data, want, len);
	rd_buf_finish(b);
}

static void
test_pack(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	rd_open_pack(&b, &(struct rd_open){.service = "desktop", .wanted = 7});
	check(&b, open_bytes, sizeof(open_bytes));
	rd_challenge_pack(&b, RD_CHALLENGE_TOTP);
	check(&b, challenge_bytes, sizeof(challenge_bytes));
	rd_answer_pack(&b, &(struct rd_answer){.text = "287082"});
	check(&b, answer_bytes, sizeof(answer_bytes));
	rd_grant_pack(&b, &(struct rd_grant){.rights = 3, .name = "alice"});
	check(&b, grant_bytes, sizeof(grant_bytes));
	rd_remember_pack(&b, &(struct rd_remember){.what = RD_REMEMBER_YES, .name = "alice"});
	check(&b, remember_bytes, sizeof(remember_bytes));
}

static void
test_parse(void **state)
{
	(void)state;
	struct rd_open o;
	uint8_t kind;
	struct rd_answer a;
	struct rd_grant g;
	struct rd_remember r;
	assert_int_equal(rd_open_parse(&o, open_bytes, sizeof(open_bytes)), 0);
	assert_string_equal(o.service, "desktop");
	assert_int_equal(o.wanted, 7);
	assert_int_equal(rd_challenge_parse(&kind, challenge_bytes, 1), 0);
	assert_int_equal(kind, RD_CHALLENGE_TOTP);
	assert_int_equal(rd_answer_parse(&a, answer_bytes, sizeof(answer_bytes)), 0);
	assert_string_equal(a.text, "287082");
	assert_int_equal(rd_grant_parse(&g, grant_bytes, sizeof(grant_bytes)), 0);
	assert_int_equal(g.rights, 3);
	assert_string_equal(g.name, "alice");
	assert_int_equal(rd_remember_parse(&r, remember_bytes, sizeof(remember_bytes)), 0);
	assert_int_equal(r.what, RD_REMEMBER_YES);
	assert_string_equal(r.name, "alice");
}

/* Neither shorter nor longer: every proper prefix fails, and so does a byte more. */
static void
test_lengths(void **state)
{
	(void)state;
	struct rd_open o;
	uint8_t kind, more[32];
	struct rd_answer a;
	struct rd_grant g;
	struct rd_remember r;
	for (size_t n = 0; n < sizeof(open_bytes); n++)
		assert_int_equal(rd_open_parse(&o, open_bytes, n), -EPROTO);
	for (size_t n = 0; n < sizeof(answer_bytes); n++)
		assert_int_equal(rd_answer_parse(&a, answer_bytes, n), -EPROTO);
	for (size_t n = 0; n < sizeof(grant_bytes); n++)
		assert_int_equal(rd_grant_parse(&g, grant_bytes, n), -EPROTO);
	for (size_t n = 0; n < sizeof(remember_bytes); n++)
		assert_int_equal(rd_remember_parse(&r, remember_bytes, n), -EPROTO);
	assert_int_equal(rd_challenge_parse(&kind, challenge_bytes, 0), -EPROTO);
	memset(more, 0, sizeof(more));
	memcpy(more, open_bytes, sizeof(open_bytes));
	assert_int_equal(rd_open_parse(&o, more, sizeof(open_bytes) + 1), -EPROTO);
	memcpy(more, grant_bytes, sizeof(grant_bytes));
	assert_int_equal(rd_grant_parse(&g, more, sizeof(grant_bytes) + 1), -EPROTO);
}

static int
open_named(const char *name, size_t n)
{
	uint8_t body[300] = {(uint8_t)n};
	struct rd_open o;
	memcpy(body + 1, name, n);
	return rd_open_parse(&o, body, 1 + n + 4);
}

static void
test_names(void **state)
{
	(void)state;
	char longest[64];
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(open_named(longest, 63), 0);
	assert_int_equal(open_named(longest, 64), -EPROTO);
	assert_int_equal(open_named("a-9_", 4), 0);
	assert_int_equal(open_named("", 0), -EPROTO);
	assert_int_equal(open_named("A", 1), -EPROTO);
	assert_int_equal(open_named("a/b", 3), -EPROTO);
	assert_int_equal(open_named("a\0b", 3), -EPROTO);
	assert_int_equal(open_named("\x1b[2J", 4), -EPROTO);
}

/* What a host calls us is shown on a terminal: it arrives escaped, and cut. */
static void
test_grant_is_escaped(void **state)
{
	(void)state;
	struct rd_grant g;
	uint8_t body[5 + 200] = {1, 0, 0, 0, 5, 'a', 0x1b, '[', 'm', 0};
	assert_int_equal(rd_grant_parse(&g, body, 10), 0);
	assert_null(strchr(g.name, 0x1b));
	assert_int_equal(g.name[0], 'a');
	body[4] = 127;
	memset(body + 5, 0x07, 127);
	assert_int_equal(rd_grant_parse(&g, body, 5 + 127), 0);
	assert_true(strlen(g.name) < sizeof(g.name));
	body[4] = 128;
	assert_int_equal(rd_grant_parse(&g, body, 5 + 128), -EPROTO);
}

static void
test_values(void **state)
{
	(void)state;
	struct rd_answer a;
	struct rd_remember r;
	uint8_t kind;
	assert_int_equal(rd_remember_parse(&r, (const uint8_t[]){2, 0}, 2), 0);
	assert_int_equal(rd_remember_parse(&r, (const uint8_t[]){3, 0}, 2), -EPROTO);
	assert_int_equal(rd_remember_parse(&r, (const uint8_t[]){1, 2, 'a', 0x1b}, 4), 0);
	assert_null(strchr(r.name, 0x1b));
	assert_int_equal(rd_challenge_parse(&kind, (const uint8_t[]){0}, 1), -EPROTO);
	assert_int_equal(rd_challenge_parse(&kind, (const uint8_t[]){2}, 1), -EPROTO);
	assert_int_equal(rd_answer_parse(&a, (const uint8_t[]){0}, 1), -EPROTO);
	assert_int_equal(rd_answer_parse(&a, (const uint8_t[]){2, '1', 0}, 3), -EPROTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_grant_is_escaped),
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
