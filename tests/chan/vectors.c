/*
 * The session's own messages against tests/vectors/rd-session.hex and the
 * examples of man/rd-session.5, as tests/net/vectors.c does it for what lies
 * below. `vectors --print` prints the end of that file anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chan/msg_session.h"
#include "chan/rights.h"
#include "net/examples.h"
#include "wire/msg.h"

static void
put_open(struct rd_buf *b)
{
	rd_open_pack(b, &(struct rd_open){ .service = "desktop", .wanted = RD_RIGHTS_ALL });
}

static void
put_challenge(struct rd_buf *b)
{
	rd_challenge_pack(b, RD_CHALLENGE_TOTP);
}

static void
put_answer(struct rd_buf *b)
{
	rd_answer_pack(b, &(struct rd_answer){ .text = "287082" });
}

static void
put_grant(struct rd_buf *b)
{
	rd_grant_pack(b, &(struct rd_grant){ .rights = RD_RIGHT_VIEW | RD_RIGHT_INPUT, .name = "anna" });
}

static void
put_remember(struct rd_buf *b)
{
	rd_remember_pack(b, &(struct rd_remember){ .what = RD_REMEMBER_YES, .name = "anna@laptop" });
}

static const struct { const char *name; uint16_t type; void (*put)(struct rd_buf *b); } messages[] = {
	{ "M-OPEN", RD_MSG_OPEN, put_open },
	{ "M-CHALLENGE", RD_MSG_CHALLENGE, put_challenge },
	{ "M-ANSWER", RD_MSG_ANSWER, put_answer },
	{ "M-GRANT", RD_MSG_GRANT, put_grant },
	{ "M-REMEMBER", RD_MSG_REMEMBER, put_remember },
};
#define MESSAGES (sizeof(messages) / sizeof(messages[0]))

static void
make_all(struct examples *e)
{
	memset(e, 0, sizeof(*e));
	for (size_t i = 0; i < MESSAGES; i++) {
		struct rd_buf body = {0}, *b = example_new(e, messages[i].name);
		messages[i].put(&body);
		struct rd_msg m = { .type = messages[i].type, .len = body.len };
		rd_msg_pack_header(&m, rd_buf_room(b, RD_MSG_HEADER_SIZE));
		b->len += RD_MSG_HEADER_SIZE;
		rd_buf_bytes(b, body.data, body.len);
		rd_buf_finish(&body);
	}
}

static struct examples made;

static int
set_up(void **state)
{
	(void)state;
	make_all(&made);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	examples_finish(&made);
	return 0;
}

static void
file_and_manual_hold_what_we_make(void **state)
{
	(void)state;
	examples_compare(&made, "tests/vectors/rd-session.hex", true);
	examples_compare(&made, "man/rd-session.5", true);
}

/* The body of an example, after a look at its head. */
static const uint8_t *
body_of(const char *name, uint16_t type, size_t *len)
{
	const struct rd_buf *b = example_find(&made, name);
	struct rd_msg m;

	assert_true(b->len >= RD_MSG_HEADER_SIZE);
	assert_int_equal(rd_msg_parse_header(&m, b->data), 0);
	assert_int_equal(m.type, type);
	assert_int_equal(rd_msg_class(m.type), RD_CLASS_SESSION);
	assert_int_equal(m.len, b->len - RD_MSG_HEADER_SIZE);
	*len = m.len;
	return b->data + RD_MSG_HEADER_SIZE;
}

static void
they_can_be_read(void **state)
{
	struct rd_open open;
	struct rd_answer answer;
	struct rd_grant grant;
	uint8_t kind;
	size_t n;

	(void)state;
	const uint8_t *p = body_of("M-OPEN", RD_MSG_OPEN, &n);
	assert_int_equal(rd_open_parse(&open, p, n), 0);
	assert_string_equal(open.service, "desktop");
	assert_int_equal(open.wanted, 0x3f);
	p = body_of("M-CHALLENGE", RD_MSG_CHALLENGE, &n);
	assert_int_equal(rd_challenge_parse(&kind, p, n), 0);
	assert_int_equal(kind, 1);
	p = body_of("M-ANSWER", RD_MSG_ANSWER, &n);
	assert_int_equal(rd_answer_parse(&answer, p, n), 0);
	assert_string_equal(answer.text, "287082");
	p = body_of("M-GRANT", RD_MSG_GRANT, &n);
	assert_int_equal(rd_grant_parse(&grant, p, n), 0);
	assert_int_equal(grant.rights, 5);
	assert_string_equal(grant.name, "anna");
}

/* The first packet of the page's session carries OPEN as it stands there. */
static void
data_carries_open(void **state)
{
	const struct rd_buf *open = example_find(&made, "M-OPEN"), *plain;
	struct examples e;

	(void)state;
	examples_read(&e, "tests/vectors/rd-session.hex");
	plain = example_find(&e, "DATA-PLAIN");
	assert_true(plain->len > open->len);
	assert_memory_equal(plain->data + plain->len - open->len, open->data, open->len);
	examples_finish(&e);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--print") == 0) {
		make_all(&made);
		examples_print(&made);
		examples_finish(&made);
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_and_manual_hold_what_we_make),
		cmocka_unit_test(they_can_be_read),
		cmocka_unit_test(data_carries_open),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
