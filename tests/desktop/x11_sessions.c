#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desktop/sessions.h"

/*
 * A machine of our own: sockets, /proc and a home in a directory, and servers
 * that know their cookie and nothing else.
 */
struct machine {
	char dir[80];
	struct rd_session_places places;
	char sockets[100], abstract[100], proc[100], runtime[100], home[100];
	pid_t servers[8];
	int server_count;
};

#define GOOD "0123456789abcdef"
#define OTHER "fedcba9876543210"

static int
setup(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));
	const char *tmp = getenv("TMPDIR");
	if (!m)
		return -1;
	snprintf(m->dir, sizeof(m->dir), "%s/rd-s.XXXXXX", tmp ? tmp : P_tmpdir);
	if (!mkdtemp(m->dir))
		return -1;
	snprintf(m->sockets, sizeof(m->sockets), "%s/sockets", m->dir);
	snprintf(m->abstract, sizeof(m->abstract), "%s/unix", m->dir);
	snprintf(m->proc, sizeof(m->proc), "%s/proc", m->dir);
	snprintf(m->runtime, sizeof(m->runtime), "%s/run", m->dir);
	snprintf(m->home, sizeof(m->home), "%s/home", m->dir);
	mkdir(m->sockets, 0700);
	mkdir(m->proc, 0700);
	mkdir(m->runtime, 0700);
	mkdir(m->home, 0700);
	m->places = (struct rd_session_places){
		.sockets = m->sockets, .abstract = m->abstract, .proc = m->proc,
		.runtime = m->runtime, .home = m->home, .uid = getuid(),
	};
	*state = m;
	return 0;
}

static int
teardown(void **state)
{
	struct machine *m = *state;
	char command[100];
	for (int i = 0; i < m->server_count; i++) {
		kill(m->servers[i], SIGKILL);
		waitpid(m->servers[i], NULL, 0);
	}
	snprintf(command, sizeof(command), "rm -rf '%s'", m->dir);
	int err = system(command);
	free(m);
	return err;
}

/* Connection setup, X11 protocol chapter 8, as far as a door-keeper needs it. */
static void
answer(int fd, const char *cookie)
{
	uint8_t in[512], data[64] = {0};
	ssize_t n = recv(fd, in, sizeof(in), 0);
	size_t name = n >= 12 ? in[6] : 0, len = n >= 12 ? in[8] : 0;
	bool right = cookie[0] == '\0';
	if (name == strlen(RD_XAUTH_COOKIE) && len == strlen(cookie))
		right = memcmp(in + 12 + (name + 3) / 4 * 4, cookie, len) == 0;
	static const char no[] = "Not you\033\n";
	data[0] = right;
	data[1] = right ? 0 : sizeof(no) - 1;
	memcpy(data + 8, no, sizeof(no) - 1);
	send(fd, data, right ? 8 : 8 + sizeof(no) - 1, MSG_NOSIGNAL);
}

/* A user's server of display n that wants this cookie; "" lets everybody in. */
static void
serve_as(struct machine *m, uid_t uid, int n, const char *cookie)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/X%d", m->sockets, n);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	/* Whose server it is, is who listens (SO_PEERCRED). */
	assert_int_equal(seteuid(uid), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(seteuid(getuid()), 0);
	pid_t pid = fork();
	if (pid == 0) {
		for (int c; (c = accept(fd, NULL, NULL)) >= 0; close(c))
			answer(c, cookie);
		_exit(0);
	}
	close(fd);
	m->servers[m->server_count++] = pid;
}

static void
serve(struct machine *m, int n, const char *cookie)
{
	serve_as(m, getuid(), n, cookie);
}

static void
put_field(FILE *f, const char *text)
{
	putc(0, f);
	putc((int)strlen(text), f);
	fputs(text, f);
}

/* An Xauthority file with one cookie; the path is relative to the machine. */
static void
write_cookie(struct machine *m, const char *path, const char *number, const char *cookie)
{
	char full[192];
	snprintf(full, sizeof(full), "%s/%s", m->dir, path);
	FILE *f = fopen(full, "w");
	assert_non_null(f);
	fwrite("\1\0", 1, 2, f); /* FamilyLocal */
	put_field(f, "host");
	put_field(f, number);
	put_field(f, RD_XAUTH_COOKIE);
	put_field(f, cookie);
	fclose(f);
}

/* A process of ours: what it was started with, 0-ended strings. */
static void
write_process(struct machine *m, int pid, const char *file, const char *data, size_t len)
{
	char path[192];
	snprintf(path, sizeof(path), "%s/%d", m->proc, pid);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%d/%s", m->proc, pid, file);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fwrite(data, 1, len, f);
	fclose(f);
}

static void
assert_chosen(struct machine *m, const char *display)
{
	char *name = NULL, *why = NULL;
	assert_int_equal(rd_sessions_choose(&m->places, &name, &why), 0);
	assert_string_equal(name, display);
	assert_null(why);
	free(name);
}

static void
takes_the_only_one_that_opens(void **state)
{
	struct machine *m = *state;
	serve(m, 3, GOOD);
	serve(m, 12, GOOD);
	write_cookie(m, "home/.Xauthority", "12", GOOD);
	/* The cookie is right for :3 as well, but it was not meant for it. */
	assert_chosen(m, ":12");
}

static void
names_several(void **state)
{
	struct machine *m = *state;
	char *name = NULL, *why = NULL;
	serve(m, 1, "");
	serve(m, 2, "");
	assert_int_equal(rd_sessions_choose(&m->places, &name, &why), -ENOTUNIQ);
	assert_null(name);
	assert_non_null(strstr(why, ":1, :2"));
	assert_non_null(strstr(why, "--display :1"));
	free(why);
}

static void
says_what_was_tried(void **state)
{
	struct machine *m = *state;
	char *name = NULL, *why = NULL;
	assert_int_equal(rd_sessions_choose(&m->places, &name, &why), -ENXIO);
	assert_non_null(strstr(why, "DISPLAY is not set"));
	free(why);
	serve(m, 5, GOOD);
	assert_int_equal(rd_sessions_choose(&m->places, &name, &why), -ENXIO);
	/* The server's words, fit for a terminal. */
	assert_non_null(strstr(why, ":5 (Not you\\x1b)"));
	free(why);
}

static void
finds_cookies_where_sessions_keep_them(void **state)
{
	struct machine *m = *state;
	char gdm[128];
	snprintf(gdm, sizeof(gdm), "%s/gdm", m->runtime);
	mkdir(gdm, 0700);
	serve(m, 1, GOOD);
	write_cookie(m, "run/gdm/Xauthority", "1", GOOD);
	assert_chosen(m, ":1");
	remove(strcat(gdm, "/Xauthority"));
	write_cookie(m, "run/.mutter-Xwaylandauth.AB12CD", "1", GOOD);
	assert_chosen(m, ":1");
}

static void
asks_processes_for_their_files(void **state)
{
	struct machine *m = *state;
	char data[256];
	serve(m, 1, GOOD);
	write_cookie(m, "home/.Xauthority", "1", OTHER);
	write_cookie(m, "hidden", "", GOOD);
	int n = snprintf(data, sizeof(data), "HOME=/%cXAUTHORITY=%s/hidden%cA=B%c", 0, m->dir, 0, 0);
	write_process(m, 100, "environ", data, (size_t)n);
	write_process(m, 100, "cmdline", "sh\0-c", 6);
	assert_chosen(m, ":1");
}

static void
asks_servers_for_theirs(void **state)
{
	struct machine *m = *state;
	char data[256];
	serve(m, 7, GOOD);
	/* A server's file need not name the display it is for. */
	write_cookie(m, "server", "0", GOOD);
	int n = snprintf(data, sizeof(data), "/usr/bin/Xorg%c-auth%c%s/server%c", 0, 0, m->dir, 0);
	write_process(m, 200, "cmdline", data, (size_t)n);
	assert_chosen(m, ":7");
	/* The same file of a program that is no server is none of ours. */
	n = snprintf(data, sizeof(data), "/usr/bin/less%c-auth%c%s/server%c", 0, 0, m->dir, 0);
	write_process(m, 200, "cmdline", data, (size_t)n);
	char *name = NULL, *why = NULL;
	assert_int_equal(rd_sessions_choose(&m->places, &name, &why), -ENXIO);
	free(why);
}

/* Whoever listens there as another user must not learn our cookies. */
static void
tells_strangers_nothing(void **state)
{
	struct machine *m = *state;
	struct rd_session *list, one;
	if (getuid() == 0)
		serve_as(m, 12345, 4, GOOD);
	else
		serve(m, 4, GOOD), m->places.uid++;
	write_cookie(m, "home/.Xauthority", "4", GOOD);
	assert_int_equal(rd_sessions_find(&list, &m->places), 1);
	assert_int_equal(list[0].error, -EPERM);
	free(list);
	/* Named, it is told what is meant for it, and no more. */
	assert_int_equal(rd_session_open(&one, &m->places, 4), 0);
	write_cookie(m, "home/.Xauthority", "5", GOOD);
	write_cookie(m, "run/xauth_abc", "4", GOOD);
	assert_int_equal(rd_session_open(&one, &m->places, 4), -EACCES);
}

static void
opens_one_by_number(void **state)
{
	struct machine *m = *state;
	struct rd_session s;
	serve(m, 9, GOOD);
	assert_int_equal(rd_session_open(&s, &m->places, 9), -EACCES);
	write_cookie(m, "home/.Xauthority", "9", GOOD);
	assert_int_equal(rd_session_open(&s, &m->places, 9), 0);
	assert_int_equal(s.cookie.len, 16);
	assert_memory_equal(s.cookie.data, GOOD, 16);
	assert_int_equal(rd_session_open(&s, &m->places, 10), -ENOENT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takes_the_only_one_that_opens),
		TEST(names_several),
		TEST(says_what_was_tried),
		TEST(finds_cookies_where_sessions_keep_them),
		TEST(asks_processes_for_their_files),
		TEST(asks_servers_for_theirs),
		TEST(tells_strangers_nothing),
		TEST(opens_one_by_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
