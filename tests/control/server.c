#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "control/sweep.h"
#include "thing.h"

static void
it_answers(void **state)
{
	(void)state;
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
	answers("get max_rate mood name", "{\"ok\":true,\"max_rate\":1000,\"mood\":\"good \\u001b[31m\","
		"\"name\":\"thing\"}");
	answers("set max-rate=2k", "{\"ok\":true,\"max_rate\":2000}");
	answers("set max_rate=1k", "{\"ok\":true,\"max_rate\":1000}");
	answers("shout 0", "{\"ok\":true,\"shouted\":0}");
}

static void
it_says_what_is_wrong(void **state)
{
	(void)state;
	answers("get bla", "{\"ok\":false,\"error\":\"no value \\\"bla\\\" here; see help\","
		"\"name\":\"no-value\"}");
	answers("set bla=1", "{\"ok\":false,\"error\":\"no value \\\"bla\\\" here; see help\","
		"\"name\":\"no-value\"}");
	answers("set mood=bad", "{\"ok\":false,\"error\":\"mood can be read and not set\","
		"\"name\":\"read-only\"}");
	answers("set", "{\"ok\":false,\"error\":\"set wants KEY=VALUE\",\"name\":\"usage\"}");
	answers("set max-rate", "{\"ok\":false,\"error\":\"set wants KEY=VALUE\",\"name\":\"usage\"}");
	answers("set max-rate=fast", "{\"ok\":false,\"error\":\"max-rate is a rate as 800k or 2M, or 0: "
		"no bound\","
		"\"name\":\"bad-value\"}");
	answers("dance", "{\"ok\":false,\"error\":\"no verb \\\"dance\\\" here; see help\","
		"\"name\":\"no-verb\"}");
	answers("shout", "{\"ok\":false,\"error\":\"shout takes NUMBER\",\"name\":\"usage\"}");
	answers("fail now", "{\"ok\":false,\"error\":\"fail takes nothing more\",\"name\":\"usage\"}");
	answers("fail", "{\"ok\":false,\"error\":\"Device or resource busy\",\"name\":\"refused\"}");
}

static void
nothing_is_set_when_one_cannot_be(void **state)
{
	(void)state;
	struct rd_control_found f = found();
	char *answer;
	assert_int_equal(rd_control_ask(&f, "set max-rate=9k mood=bad", 20000, &answer), 0);
	free(answer);
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
}

static void
half_a_line_is_none(void **state)
{
	(void)state;
	char text[512];
	int fd = raw();
	say(fd, "set max-rate=2", 14);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_int_equal(hear(fd, text, sizeof(text), false), 0);
	close(fd);
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
}

/* As socat does: it has said everything, and still hears. */
static void
who_closes_one_way_is_answered(void **state)
{
	(void)state;
	char text[512];
	int fd = raw();
	say(fd, "get max-rate\nget mood\n", 22);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	hear(fd, text, sizeof(text), false);
	assert_string_equal(text, "{\"ok\":true,\"max_rate\":1000}\n{\"ok\":true,\"mood\":\"good \\u001b[31m\"}\n");
	close(fd);
}

static void
a_huge_line_is_refused(void **state)
{
	(void)state;
	char text[512], *huge = malloc(100000);
	int fd = raw();
	memset(huge, 'g', 100000);
	send(fd, huge, 100000, MSG_NOSIGNAL);
	hear(fd, text, sizeof(text), true);
	assert_non_null(strstr(text, "\"ok\":false"));
	assert_non_null(strstr(text, "4095 bytes"));
	close(fd);
	free(huge);
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
}

static void
what_is_no_text_is_refused(void **state)
{
	(void)state;
	char text[512];
	int fd = raw();
	say(fd, "get\0mood\n", 9);
	hear(fd, text, sizeof(text), true);
	assert_non_null(strstr(text, "\"ok\":false"));
	say(fd, "get max-rate\n", 13);
	hear(fd, text, sizeof(text), true);
	assert_string_equal(text, "{\"ok\":true,\"max_rate\":1000}\n");
	close(fd);
}

static void
a_thousand_come_and_go(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		int fd = raw();
		if (i % 3 == 0)
			say(fd, "get max-ra", 10);
		if (i % 3 == 1)
			say(fd, "watch\nshout 3\n", 14);
		close(fd);
	}
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
}

static void
those_who_say_nothing_give_way(void **state)
{
	(void)state;
	int fds[3 * RD_CONTROL_CLIENTS];
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		fds[i] = raw();
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		close(fds[i]);
}

/* Watchers are kept, and too many are told so. */
static void
too_many_watch(void **state)
{
	(void)state;
	char text[4096];
	int fds[RD_CONTROL_CLIENTS];
	for (int i = 0; i < RD_CONTROL_CLIENTS; i++) {
		fds[i] = raw();
		say(fds[i], "watch\n", 6);
		hear(fds[i], text, sizeof(text), true);
		assert_string_equal(text, "{\"ok\":true}\n");
		hear(fds[i], text, sizeof(text), true);
		assert_int_equal(strncmp(text, "{\"event\":\"stats\",\"time\":", 24), 0);
		assert_non_null(strstr(text, "\"max_rate\":1000"));
	}
	int fd = raw();
	hear(fd, text, sizeof(text), false);
	assert_string_equal(text, "{\"ok\":false,\"error\":\"too many watch already\",\"name\":\"busy\"}\n");
	close(fd);
	for (int i = 0; i < RD_CONTROL_CLIENTS; i++)
		close(fds[i]);
}

static void
events_come_to_who_watches(void **state)
{
	(void)state;
	char text[4096];
	int fd = raw();
	say(fd, "watch\n", 6);
	hear(fd, text, sizeof(text), true);
	struct rd_control_found f = found();
	char *answer;
	assert_int_equal(rd_control_ask(&f, "shout 1", 20000, &answer), 0);
	free(answer);
	do
		hear(fd, text, sizeof(text), true);
	while (strstr(text, "\"stats\""));
	assert_int_equal(strncmp(text, "{\"event\":\"shout\",", 17), 0);
	/* A second later at most the values come again. */
	do
		assert_true(hear(fd, text, sizeof(text), true) > 0);
	while (!strstr(text, "\"stats\""));
	close(fd);
}

/* It never reads; the program goes on, and cuts it off. */
static void
who_does_not_read_is_cut_off(void **state)
{
	(void)state;
	char text[4096];
	int slow = raw();
	say(slow, "watch\n", 6);
	hear(slow, text, sizeof(text), true);
	for (int i = 0; i < 4; i++)
		answers("shout 1000", "{\"ok\":true,\"shouted\":1000}");
	answers("get max-rate", "{\"ok\":true,\"max_rate\":1000}");
	/* What had been queued comes, and then the end. */
	size_t all = 0;
	ssize_t n;
	while ((n = recv(slow, text, sizeof(text), 0)) > 0)
		all += (size_t)n;
	assert_true(n == 0 || errno == ECONNRESET);
	assert_true(all < 4000000);
	close(slow);
}

static uint64_t
processor_ns(void)
{
	clockid_t clock;
	struct timespec used;
	assert_int_equal(clock_getcpuclockid(server, &clock), 0);
	assert_int_equal(clock_gettime(clock, &used), 0);
	return (uint64_t)used.tv_sec * RD_NS_PER_S + (uint64_t)used.tv_nsec;
}

/* Without a descriptor for them it does not ask for one all the time. */
static void
those_without_a_descriptor_wait(void **state)
{
	(void)state;
	char text[512];
	struct rlimit few, usual;
	assert_int_equal(prlimit(server, RLIMIT_NOFILE, NULL, &usual), 0);
	few = (struct rlimit){3, usual.rlim_max};
	assert_int_equal(prlimit(server, RLIMIT_NOFILE, &few, NULL), 0);
	int fd = raw();
	say(fd, "get max-rate\n", 13);
	uint64_t before = processor_ns();
	usleep(500000);
	assert_true(processor_ns() - before < 100 * RD_NS_PER_MS);
	assert_int_equal(prlimit(server, RLIMIT_NOFILE, &usual, NULL), 0);
	hear(fd, text, sizeof(text), true);
	assert_string_equal(text, "{\"ok\":true,\"max_rate\":1000}\n");
	close(fd);
}

/* Even where folder and socket are open to all. */
static void
another_user_is_refused(void **state)
{
	(void)state;
	char path[600];
	int status;
	if (geteuid() != 0)
		skip();
	snprintf(path, sizeof(path), "%s/rd/%s", run_dir, place.file);
	assert_int_equal(chmod(path, 0777), 0);
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	pid_t pid = fork();
	if (pid == 0) {
		/* The folder is opened by root; connecting is another user's. */
		struct rd_control_folder folder;
		struct sockaddr_un sun;
		char *why, text[256] = "";
		if (rd_control_folder_open(&folder, false, &why) != 0)
			_exit(2);
		snprintf(folder.path, sizeof(folder.path), "%s", "/a/folder/that/is/not/there");
		memset(folder.path, 'x', 200);
		folder.path[200] = 0;
		rd_control_address(&sun, &folder, place.file);
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		fchmod(folder.fd, 0711);
		if (seteuid(65534) != 0 || connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) != 0)
			_exit(3);
		if (recv(fd, text, sizeof(text) - 1, 0) <= 0)
			_exit(4);
		_exit(strstr(text, "\"name\":\"denied\"") ? 0 : 5);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	snprintf(path, sizeof(path), "%s/rd", run_dir);
	chmod(path, 0700);
	assert_int_equal(status, 0);
	close(fds[0]);
	close(fds[1]);
}

/* One that was killed leaves a file; who lists takes it away. */
static void
what_is_stale_is_swept(void **state)
{
	(void)state;
	struct rd_control_place other;
	char path[600];
	pid_t pid = fork();
	if (pid == 0) {
		rd_control_place_open(&other, "rd-test", "thing", NULL);
		_exit(other.fd >= 0 ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	snprintf(path, sizeof(path), "%s/rd/thing.rd-test.%d", run_dir, (int)pid);
	assert_int_equal(access(path, F_OK), 0);
	found();
	assert_int_equal(access(path, F_OK), -1);
}

/* $XDG_RUNTIME_DIR may be anything, and rd in it a folder of something else. */
static void
what_is_no_socket_stays(void **state)
{
	(void)state;
	char path[600];
	struct rd_control_folder folder;
	char *why;
	snprintf(path, sizeof(path), "%s/rd/libthing.so.2", run_dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	found();
	assert_int_equal(rd_control_folder_open(&folder, false, &why), 0);
	rd_control_sweep(&folder);
	rd_control_folder_close(&folder);
	assert_int_equal(unlink(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_answers),
		cmocka_unit_test(it_says_what_is_wrong),
		cmocka_unit_test(nothing_is_set_when_one_cannot_be),
		cmocka_unit_test(half_a_line_is_none),
		cmocka_unit_test(who_closes_one_way_is_answered),
		cmocka_unit_test(a_huge_line_is_refused),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(a_thousand_come_and_go),
		cmocka_unit_test(those_who_say_nothing_give_way),
		cmocka_unit_test(too_many_watch),
		cmocka_unit_test(events_come_to_who_watches),
		cmocka_unit_test(who_does_not_read_is_cut_off),
		cmocka_unit_test(those_without_a_descriptor_wait),
		cmocka_unit_test(another_user_is_refused),
		cmocka_unit_test(what_is_stale_is_swept),
		cmocka_unit_test(what_is_no_socket_stays),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
