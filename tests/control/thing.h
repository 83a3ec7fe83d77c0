#ifndef TESTS_CONTROL_THING_H
#define TESTS_CONTROL_THING_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/event.h"
#include "base/log.h"
#include "control/client.h"
#include "control/server.h"
#include "control/setting.h"

/* --- a program with a socket, in a process of its own --- */

struct thing {
	struct rd_loop *loop;
	uint64_t rate;
};

static void
get_rate(void *ctx, struct rd_json *out)
{
	const struct thing *t = ctx;
	rd_json_count(out, t->rate);
}

static int
set_rate(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct thing *t = ctx;
	return rd_control_set_rate("max-rate", text, &t->rate, a);
}

static void
get_mood(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_text(out, "good \x1b[31m");
}

static int
run_shout(void *ctx, const char *argument, struct rd_control_answer *a)
{
	char text[1000];
	(void)ctx;
	int n = atoi(argument);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	for (int i = 0; i < n; i++) {
		struct rd_event e;
		rd_event_begin(&e, "shout");
		rd_event_number(&e, "number", i);
		rd_event_text(&e, "text", text);
		rd_event_end(&e);
	}
	rd_json_put_number(&a->json, "shouted", n);
	return 0;
}

static int
run_fail(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)ctx, (void)argument, (void)a;
	return -EBUSY;
}

static const struct rd_control_value values[] = {
	{"max-rate", RD_CONTROL_GAUGE, "bit/s", "the most", get_rate, set_rate},
	{"mood", RD_CONTROL_TEXT, "", "how it is", get_mood, NULL},
	{0},
};
static const struct rd_control_verb verbs[] = {
	{"shout", "NUMBER", "so many events", run_shout},
	{"fail", "", "does not work", run_fail},
	{0},
};
static const struct rd_control_table table = {.values = values, .verbs = verbs};

static char run_dir[400];
static pid_t server;
static struct rd_control_place place;

static int
serve(void)
{
	struct thing t = {.loop = rd_loop_new(), .rate = 1000};
	rd_event_print(false);
	struct rd_control *c = rd_control_open(t.loop, &place, &table, &t);
	int code = c ? rd_loop_run(t.loop) : 1;
	rd_control_close(c);
	rd_loop_free(t.loop);
	return code;
}

static int
begin(void **state)
{
	const char *tmp = getenv("TMPDIR");
	(void)state;
	snprintf(run_dir, sizeof(run_dir), "%.300s/rd-control.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(run_dir))
		return -1;
	setenv("XDG_RUNTIME_DIR", run_dir, 1);
	unsetenv("RD_CONTROL");
	rd_log_open("test");
	rd_control_place_open(&place, "rd-test", "thing", NULL);
	if (place.fd < 0)
		return -1;
	server = fork();
	if (server == 0) {
		/* However the test ends. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(serve());
	}
	rd_control_place_close(&place);
	return server < 0 ? -1 : 0;
}

static int
end(void **state)
{
	char path[512];
	(void)state;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	rd_control_place_remove(&place);
	snprintf(path, sizeof(path), "%s/rd", run_dir);
	/* Nothing was left in it. */
	return rmdir(path) == 0 && rmdir(run_dir) == 0 ? 0 : -1;
}

/* --- clients --- */

static struct rd_control_found
found(void)
{
	struct rd_control_found *all, one;
	size_t n;
	char *why = NULL;
	assert_int_equal(rd_control_list(&all, &n, &why), 0);
	assert_int_equal(n, 1);
	one = all[0];
	free(all);
	assert_string_equal(one.name, "thing");
	assert_string_equal(one.tool, "rd-test");
	assert_int_equal(one.pid, getpid());
	return one;
}

static void
answers(const char *request, const char *want)
{
	struct rd_control_found f = found();
	char *answer;
	assert_int_equal(rd_control_ask(&f, request, 20000, &answer), 0);
	assert_string_equal(answer, want);
	free(answer);
}

/* A raw connection: blocking, with a limit so that no test waits for ever. */
static int
raw(void)
{
	struct rd_control_folder folder;
	struct sockaddr_un sun;
	char *why;
	struct timeval limit = {.tv_sec = 20};
	assert_int_equal(rd_control_folder_open(&folder, false, &why), 0);
	rd_control_address(&sun, &folder, place.file);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&sun, sizeof(sun)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	rd_control_folder_close(&folder);
	return fd;
}

static void
say(int fd, const void *text, size_t len)
{
	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), len);
}

/* All that comes until its end, or the first line of it. */
static ssize_t
hear(int fd, char *out, size_t cap, bool line)
{
	size_t n = 0;
	while (n < cap - 1) {
		ssize_t got = recv(fd, out + n, line ? 1 : cap - 1 - n, 0);
		if (got == 0 || (got < 0 && errno == ECONNRESET))
			break;
		assert_true(got > 0);
		n += (size_t)got;
		if (line && out[n - 1] == '\n')
			break;
	}
	out[n] = 0;
	return (ssize_t)n;
}

#endif
