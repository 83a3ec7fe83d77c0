#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "control/member.h"
#include "control/team.h"

/* Programs that have joined, in one loop with the one that asks them. */
struct test {
	struct rd_loop *loop;
	struct rd_team *team;
	int rounds;
	void (*round)(void);	/* … of this, each when the last is done */
};

static struct test t;

static void
on_done(void *ctx)
{
	(void)ctx;
	if (--t.rounds > 0)
		t.round();
	else
		rd_loop_stop(t.loop, 0);
}

static void
in_rounds(int rounds, void (*round)(void))
{
	t.rounds = rounds;
	t.round = round;
	round();
	rd_loop_run(t.loop);
	assert_int_equal(t.rounds, 0);
}

static int
begin(void **state)
{
	(void)state;
	t = (struct test){.loop = rd_loop_new(), .rounds = 1};
	t.team = rd_team_new(t.loop, on_done, NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	rd_team_free(t.team);
	rd_loop_free(t.loop);
	return 0;
}

/* The other side of a new one. */
static int
joined(const char *tool)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
	rd_team_join(t.team, pair[0], tool);
	return pair[1];
}

static bool
says(const char *text)
{
	struct rd_pages p = {0};
	struct rd_buf b = {0};
	rd_team_pages(t.team, &p);
	rd_pages_put(&p, &b);
	bool found = b.len && memmem(b.data, b.len, text, strlen(text));
	rd_buf_finish(&b);
	rd_pages_finish(&p);
	return found;
}

#define PAGE(n) "# HELP a a\n# TYPE a gauge\na " #n "\n\n"

static void
put(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void
asked(int fd)
{
	char text[64];
	assert_int_equal(recv(fd, text, sizeof(text), MSG_DONTWAIT), 8);
	assert_memory_equal(text, "metrics\n", 8);
}

static void
nobody_is_asked_where_nobody_is(void **state)
{
	(void)state;
	assert_false(rd_team_ask(t.team));
}

static int one, two;

static void
ask_two(void)
{
	assert_true(rd_team_ask(t.team));
	asked(one);
	asked(two);
	put(two, PAGE(2));
	put(one, PAGE(1));
}

static void
all_are_asked_and_waited_for(void **state)
{
	(void)state;
	one = joined("rd-one"), two = joined("rd-two");
	in_rounds(3, ask_two);
	assert_true(says("a{tool=\"rd-one\",pid=\""));
	assert_true(says("a{tool=\"rd-two\",pid=\""));
	close(one);
	close(two);
}

/* Or the page would wait for it for ever. */
static void
who_ends_is_not_waited_for(void **state)
{
	(void)state;
	one = joined("rd-one"), two = joined("rd-two");
	assert_true(rd_team_ask(t.team));
	put(one, PAGE(1));
	put(two, "# HELP a a\n");
	close(two);
	rd_loop_run(t.loop);
	assert_true(says("rd-one"));
	assert_false(says("rd-two"));
	close(one);
}

/* In a process of its own, that it may wait for room. */
static pid_t
flood(int fd)
{
	static char lines[4096];
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	memset(lines, 'a', sizeof(lines));
	/* It has a copy of the other end, too. */
	dup2(fd, STDIN_FILENO);
	close_range(3, ~0u, 0);
	fcntl(STDIN_FILENO, F_SETFL, 0);
	while (send(STDIN_FILENO, lines, sizeof(lines), MSG_NOSIGNAL) > 0)
		;
	_exit(0);
}

static void
who_says_too_much_is_out(void **state)
{
	(void)state;
	one = joined("rd-one"), two = joined("rd-two");
	assert_true(rd_team_ask(t.team));
	put(one, PAGE(1));
	pid_t pid = flood(two);
	rd_loop_run(t.loop);
	assert_true(says("rd-one"));
	assert_false(says("rd-two"));
	/* The connection is closed, or the flood would not end. */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(one);
	close(two);
}

static void
ask(void)
{
	assert_true(rd_team_ask(t.team));
}

/* The real other side. */
static void
a_member_answers_with_its_page(void **state)
{
	static const struct rd_control_table table;
	const struct rd_control_place place = {.fd = -1, .page = -1, .team = -1, .name = "x", .tool = "rd-x",
		.file = "x.rd-x.5"};
	const struct rd_control_subject s = {&place, &table, NULL, 0};
	(void)state;
	int fd = joined("rd-x");
	struct rd_member_page *m = rd_member_page_open(t.loop, fd, &s);
	in_rounds(2, ask);
	assert_true(says("rd_pid{tool=\"rd-x\",pid=\""));
	assert_true(says(",name=\"x\",tool=\"rd-x\","));
	rd_member_page_close(m);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_is_asked_where_nobody_is, begin, end),
		cmocka_unit_test_setup_teardown(all_are_asked_and_waited_for, begin, end),
		cmocka_unit_test_setup_teardown(who_ends_is_not_waited_for, begin, end),
		cmocka_unit_test_setup_teardown(who_says_too_much_is_out, begin, end),
		cmocka_unit_test_setup_teardown(a_member_answers_with_its_page, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
