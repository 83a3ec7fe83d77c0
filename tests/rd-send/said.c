#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ipc.h"
#include "rd-send/said.h"

static int
setup(void **state)
{
	static int pair[2];
	*state = pair;
	return rd_ipc_pair(pair);
}

static int
teardown(void **state)
{
	const int *pair = *state;
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void
test_there_and_back(void **state)
{
	const int *pair = *state;
	const struct rd_addr from = {.family = 6, .stream = true, .port = 21118, .scope = 3, .ip = {0xfe, 0x80}};
	struct said s = {.type = SAID_PEER, .id = 7, .flag = 1, .number = 63}, got;
	int fd;
	said_set_address(&s, &from);
	said_set_text(&s, "desktop");
	assert_int_equal(said_recv(pair[1], &got, &fd), 0);
	assert_int_equal(said_send(pair[0], &s, -1), 0);
	assert_int_equal(said_recv(pair[1], &got, &fd), 1);
	assert_int_equal(fd, -1);
	assert_int_equal(got.id, 7);
	assert_string_equal(got.text, "desktop");
	struct rd_addr a = said_address(&got);
	assert_true(a.family == 6 && a.stream && a.port == 21118 && a.scope == 3);
	assert_memory_equal(a.ip, from.ip, sizeof(a.ip));
}

static void
test_descriptor(void **state)
{
	const int *pair = *state;
	struct said s = {.type = SAID_PRODUCER}, got;
	int fd;
	assert_int_equal(said_send(pair[0], &s, pair[0]), 0);
	assert_int_equal(said_recv(pair[1], &got, &fd), 1);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void
check_refused(const int *pair, const void *data, size_t len)
{
	struct said got;
	int fd;
	assert_int_equal(rd_ipc_send(pair[0], data, len, pair[0]), 0);
	assert_true(said_recv(pair[1], &got, &fd) < 0);
	assert_int_equal(fd, -1);
}

/* The other side may have been taken over. */
static void
test_nonsense(void **state)
{
	const int *pair = *state;
	struct said good = {.type = SAID_PEER}, s;
	uint8_t more[sizeof(good) + 1] = {SAID_PEER};
	check_refused(pair, &good, sizeof(good) - 1);
	check_refused(pair, more, sizeof(more));
	s = good, s.type = 0;
	check_refused(pair, &s, sizeof(s));
	s = good, s.type = SAID_TYPES;
	check_refused(pair, &s, sizeof(s));
	s = good, s.flag = 2;
	check_refused(pair, &s, sizeof(s));
	s = good, s.stream = 2;
	check_refused(pair, &s, sizeof(s));
	s = good, s.relayed = 2;
	check_refused(pair, &s, sizeof(s));
	s = good, s.by = SAID_BYS;
	check_refused(pair, &s, sizeof(s));
	s = good, s.how = RD_HOW_RELAY + 1;
	check_refused(pair, &s, sizeof(s));
	s = good, memset(s.text, 'x', sizeof(s.text));
	check_refused(pair, &s, sizeof(s));
	s = good, strcpy(s.text, "red \x1b[31m");
	check_refused(pair, &s, sizeof(s));
	/* CSI as one character, and as no character at all. */
	s = good, strcpy(s.text, "red \xc2\x9b" "31m");
	check_refused(pair, &s, sizeof(s));
	s = good, strcpy(s.text, "red \x9b" "31m");
	check_refused(pair, &s, sizeof(s));
	s = good, s.family = 7;
	check_refused(pair, &s, sizeof(s));
}

static void
test_text(void **state)
{
	char longest[400];
	struct said s = {.type = SAID_GONE};
	(void)state;
	said_set_text(&s, "a\x1b[m\nb\x7f");
	assert_string_equal(s.text, "a\\x1b[m\\x0ab\\x7f");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	said_set_text(&s, longest);
	assert_int_equal(strlen(s.text), sizeof(s.text) - 1);
	/* Cut between characters: what is sent is what may be received. */
	for (size_t i = 0; i + 3 < sizeof(longest); i += 3)
		memcpy(longest + i, "\xe2\x82\xac", 4);
	said_set_text(&s, longest);
	assert_int_equal(strlen(s.text) % 3, 0);
}

static void
test_gone(void **state)
{
	int pair[2], fd;
	struct said s = {.type = SAID_STOP};
	(void)state;
	assert_int_equal(rd_ipc_pair(pair), 0);
	close(pair[0]);
	assert_int_equal(said_recv(pair[1], &s, &fd), -EPIPE);
	assert_int_equal(said_send(pair[1], &s, -1), -EPIPE);
	close(pair[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_there_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_descriptor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense, setup, teardown),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
