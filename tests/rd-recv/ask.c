#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rd-recv/ask.h"

/* The monitor reads the first from a process that may have been taken over. */

static void
test_ask(void **state)
{
	(void)state;
	struct ask a = {.type = ASK_PIN, .attempt = 2, .may_skip = true, .how = PIN_ASKED}, b;
	struct rd_buf buf = {0};
	memset(a.salt, 3, sizeof(a.salt));
	memset(a.key.bytes, 4, sizeof(a.key.bytes));
	a.addr = (struct rd_addr){.family = 6, .port = 9, .scope = 3, .ip = {0xfe, 0x80}};
	ask_pack(&buf, &a);
	assert_int_equal(ask_parse(&b, buf.data, buf.len), 0);
	assert_int_equal(b.type, a.type);
	assert_int_equal(b.attempt, 2);
	assert_true(b.may_skip);
	assert_int_equal(b.how, PIN_ASKED);
	assert_memory_equal(b.salt, a.salt, sizeof(a.salt));
	assert_memory_equal(&b.key, &a.key, sizeof(a.key));
	assert_true(rd_addr_equal(&b.addr, &a.addr));
	for (size_t n = 0; n < buf.len; n++)
		assert_true(ask_parse(&b, buf.data, n) < 0);
	rd_buf_u8(&buf, 0);
	assert_true(ask_parse(&b, buf.data, buf.len) < 0);
	buf.len--;
	static const struct { size_t at; uint8_t value; } bad[] = {
		{0, 0}, {0, ASK_REMEMBER + 1}, {2, 2}, {3, PIN_CODE + 1},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint8_t was = buf.data[bad[i].at];
		buf.data[bad[i].at] = bad[i].value;
		assert_true(ask_parse(&b, buf.data, buf.len) < 0);
		buf.data[bad[i].at] = was;
	}
	/* Whose card is asked for has an address; who asks for anything else needs none. */
	const size_t family = 4 + sizeof(a.salt) + sizeof(a.key.bytes);
	buf.data[family] = 5;
	assert_true(ask_parse(&b, buf.data, buf.len) < 0);
	buf.data[family] = 0;
	assert_int_equal(ask_parse(&b, buf.data, buf.len), 0);
	buf.data[0] = ASK_CARD;
	assert_true(ask_parse(&b, buf.data, buf.len) < 0);
	buf.data[family] = 4;
	assert_int_equal(ask_parse(&b, buf.data, buf.len), 0);
	rd_buf_finish(&buf);
}

static void
test_answer(void **state)
{
	(void)state;
	struct answer a = {.type = ASK_ADDRESSES, .kind = ANSWER_OK, .count = 2, .text = "words"}, b;
	struct rd_buf buf = {0};
	a.addrs[0] = (struct rd_addr){.family = 4, .port = 21118, .ip = {192, 0, 2, 1}};
	a.addrs[1] = (struct rd_addr){.family = 6, .port = 9, .scope = 3, .ip = {0xfe, 0x80}};
	a.relay_count = 1;
	a.relay[0] = (struct rd_addr){.family = 4, .port = 21120, .ip = {192, 0, 2, 2}};
	a.has_proxy = true;
	a.proxy = (struct rd_addr){.family = 4, .port = 3128, .ip = {192, 0, 2, 3}};
	memset(a.prs, 5, sizeof(a.prs));
	answer_pack(&buf, &a);
	assert_int_equal(answer_parse(&b, buf.data, buf.len), 0);
	assert_int_equal(b.count, 2);
	assert_true(rd_addr_equal(&b.addrs[0], &a.addrs[0]));
	assert_int_equal(b.relay_count, 1);
	assert_true(rd_addr_equal(&b.relay[0], &a.relay[0]));
	assert_true(b.has_proxy && rd_addr_equal(&b.proxy, &a.proxy));
	assert_true(rd_addr_equal(&b.addrs[1], &a.addrs[1]));
	assert_string_equal(b.text, "words");
	assert_memory_equal(b.prs, a.prs, sizeof(a.prs));
	for (size_t n = 0; n < buf.len; n++)
		assert_true(answer_parse(&b, buf.data, n) < 0);
	buf.data[2] = RD_DIAL_ADDRS + 1;
	assert_true(answer_parse(&b, buf.data, buf.len) < 0);
	buf.data[2] = 2;
	buf.data[3] = 5;
	assert_true(answer_parse(&b, buf.data, buf.len) < 0);
	buf.data[3] = 1;
	buf.data[5] = 0;
	assert_true(answer_parse(&b, buf.data, buf.len) < 0);
	buf.data[5] = 4;
	/* Text has an end. */
	buf.data[buf.len - 1] = 'x';
	assert_true(answer_parse(&b, buf.data, buf.len) < 0);
	rd_buf_finish(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
