#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "look/ssh.h"

static void
check_url(const char *text, const char *user, const char *host, const char *port,
	const char *display)
{
	struct rd_ssh_url u;
	const char *why;
	const char *want[] = {user, host, port, display};
	assert_int_equal(rd_ssh_url_parse(&u, text, &why), 0);
	const char *got[] = {u.user, u.host, u.port, u.display};
	for (int i = 0; i < 4; i++) {
		if (want[i])
			assert_string_equal(got[i], want[i]);
		else
			assert_null(got[i]);
	}
	rd_ssh_url_finish(&u);
}

static void
reads_urls(void **state)
{
	(void)state;
	check_url("ssh://build1", NULL, "build1", NULL, NULL);
	check_url("ssh://build1/", NULL, "build1", NULL, NULL);
	check_url("ssh://ann@build1", "ann", "build1", NULL, NULL);
	check_url("ssh://ann@corp.example@build1:22", "ann@corp.example", "build1", "22", NULL);
	check_url("ssh://10.0.0.7:2222/:1", NULL, "10.0.0.7", "2222", ":1");
	check_url("ssh://build1/1", NULL, "build1", NULL, ":1");
	check_url("ssh://build1/:0.1", NULL, "build1", NULL, ":0.1");
	check_url("ssh://build1/wayland-0", NULL, "build1", NULL, "wayland-0");
	check_url("ssh://[fe80::1%eth0]:22/:1", NULL, "fe80::1%eth0", "22", ":1");
	check_url("ssh://[::1]", NULL, "::1", NULL, NULL);
}

static void
refuses_what_could_be_an_option_or_a_command(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"build1", "ssh:/build1", "ssh://", "ssh:///", "ssh://@build1", "ssh://ann@",
		"ssh://-oProxyCommand=x", "ssh://ann@-x", "ssh://-l@build1", "ssh://[-x]", "ssh://[]",
		"ssh://[::1", "ssh://[::1]x", "ssh://a b", "ssh://a\tb", "ssh://a\nb", "ssh://a\x1b[2J",
		"ssh://a;b", "ssh://a$(b)", "ssh://a`b`", "ssh://a'b", "ssh://a\\b", "ssh://a%20b",
		"ssh://us er@a", "ssh://us'er@a", "ssh://$u@a",
		"ssh://a:", "ssh://a:0", "ssh://a:65536", "ssh://a:x", "ssh://a:-1", "ssh://a:+22",
		"ssh://a:22:23", "ssh://a:999999999999999999999",
		"ssh://a/-1", "ssh://a/:1;x", "ssh://a/:1/x", "ssh://a/:1 x", "ssh://a/$(x)", "ssh://a/'",
		"ssh://\xc3\xa4",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct rd_ssh_url u;
		const char *why = NULL;
		if (rd_ssh_url_parse(&u, bad[i], &why) != -EINVAL)
			fail_msg("taken: %s", bad[i]);
		assert_non_null(why);
		rd_ssh_url_finish(&u);
	}
}

/* The words, each ended by a newline; the caller frees. */
static char *
joined(char **argv)
{
	char *all = xstrdup("");
	for (; *argv; argv++) {
		char *more = xasprintf("%s%s\n", all, *argv);
		free(all);
		all = more;
	}
	return all;
}

static const struct rd_ssh_want look, view_only = {.view_only = true};

static void
check_argv(const char *url, const char *program, const struct rd_ssh_want *asked,
	const char *want)
{
	struct rd_ssh_url u;
	const char *why;
	assert_int_equal(rd_ssh_url_parse(&u, url, &why), 0);
	char **argv = rd_ssh_argv(&u, program, asked, &why);
	assert_non_null(argv);
	char *got = joined(argv);
	assert_string_equal(got, want);
	free(got);
	rd_ssh_argv_free(argv);
	rd_ssh_url_finish(&u);
}

static void
builds_the_command(void **state)
{
	(void)state;
	check_argv("ssh://build1", NULL, &look,
		"ssh\n-T\n-x\n-a\n-o\nIPQoS=af21\n--\nbuild1\nexec rd-encode -- rd-capture\n");
	check_argv("ssh://ann@[::1]:2222/:1", "my ssh -F 'a file'", &view_only,
		"my\nssh\n-F\na file\n-T\n-x\n-a\n-o\nIPQoS=af21\n-p\n2222\n-l\nann\n--\n::1\n"
		"exec rd-encode -- rd-capture --display ':1' --view-only\n");
	const struct rd_ssh_want window = {.display = ":2", .window = "it's; here", .input_only = true};
	check_argv("ssh://a", NULL, &window,
		"ssh\n-T\n-x\n-a\n-o\nIPQoS=af21\n--\na\n"
		"exec rd-capture --inject --answer --display ':2' --window 'it'\\''s; here'\n");
}

static void
splits_the_program_and_expands_nothing(void **state)
{
	(void)state;
	struct rd_ssh_url u;
	const char *why;
	const char *tail = "-T\n-x\n-a\n-o\nIPQoS=af21\n--\na\nexec rd-encode -- rd-capture\n";
	static const struct { const char *program, *words; } cases[] = {
		{"ssh $(touch owned) *", "ssh\n$(touch\nowned)\n*\n"},
		{"  a\tb ", "a\nb\n"},
		{"\"a b\"c 'd\\e' f\\ g ''", "a bc\nd\\e\nf g\n\n"},
		{"\"a \\\" 'b\" c\\", "a \" 'b\nc\\\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *want = xasprintf("%s%s", cases[i].words, tail);
		check_argv("ssh://a", cases[i].program, &look, want);
		free(want);
	}
	assert_int_equal(rd_ssh_url_parse(&u, "ssh://a", &why), 0);
	assert_null(rd_ssh_argv(&u, "ssh 'unfinished", &look, &why));
	assert_null(rd_ssh_argv(&u, " ", &look, &why));
	rd_ssh_url_finish(&u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_urls),
		cmocka_unit_test(refuses_what_could_be_an_option_or_a_command),
		cmocka_unit_test(builds_the_command),
		cmocka_unit_test(splits_the_program_and_expands_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
