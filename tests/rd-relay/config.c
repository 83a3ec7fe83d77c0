#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rd-relay/config.h"

/* The file: what is set, and that each mistake is told by its place. */
struct set {
	const char *listen, *audit;
	bool open;
	int64_t threads, peers;
	unsigned hosts;
};

static int
add_host(void *target, const char *text, const char **error)
{
	struct set *s = target;
	*error = "not a key";
	if (strncmp(text, "rd:", 3) != 0)
		return -22;
	s->hosts++;
	return 0;
}

/* 0, or a mistake whose line is in *error; `c` keeps the texts. */
static int
parse(struct set *s, struct config *c, const char *text, char **error)
{
	static const char *const command_only[] = {"check", NULL};
	bool check = false;
	const struct rd_opt opts[] = {
		{"listen", 0, RD_OPT_STRING, &s->listen, .metavar = "[ADDR]:PORT[,...]"},
		{"audit", 0, RD_OPT_STRING, &s->audit, .metavar = "FILE"},
		{"open", 0, RD_OPT_FLAG, &s->open, .metavar = NULL},
		{"threads", 0, RD_OPT_INT, &s->threads, .metavar = "N", .min = 0, .max = 64},
		{"hosts", 0, RD_OPT_CALL, s, .metavar = "KEY[,...]", .set = add_host},
		{"check", 0, RD_OPT_FLAG, &check, .metavar = NULL},
		{"secret", 0, RD_OPT_FLAG, &check, .hidden = true},
		{0},
	};
	const struct rd_opt limits[] = {
		{"peers", 0, RD_OPT_INT, &s->peers, .min = 1, .max = 100}, {0},
	};
	const struct config_table t = {opts, limits, command_only};
	*s = (struct set){0};
	*c = (struct config){0};
	return config_parse(c, &t, "f", text, strlen(text), error);
}

static void
sets_all_that_it_names(void **state)
{
	struct set s;
	struct config c;
	char *error;
	(void)state;
	assert_int_equal(parse(&s, &c, "# a relay\n"
		"listen: [':1', '[::1]:2']\n"
		"open: yes\n"
		"threads: 4\n"
		"audit: \"/var/log/rd\"\n"
		"hosts:\n  - rd:a\n  - rd:b\n"
		"limits:\n  peers: 7\n", &error), 0);
	assert_string_equal(s.listen, ":1,[::1]:2");
	assert_string_equal(s.audit, "/var/log/rd");
	assert_true(s.open);
	assert_int_equal(s.threads, 4);
	assert_int_equal(s.hosts, 2);
	assert_int_equal(s.peers, 7);
	/* For what is judged later: where it stands. */
	char *place = config_place(&c, "f", s.audit), *list = config_place(&c, "f", s.listen);
	assert_string_equal(place, "f:5:8");
	assert_string_equal(list, "f:2:9");
	assert_null(config_place(&c, "f", "elsewhere"));
	free(place);
	free(list);
	config_finish(&c);
}

static void
takes_an_empty_file(void **state)
{
	static const char *const empty[] = {"", "# nothing\n", "---\n", "{}\n", "limits: {}\n"};
	struct set s;
	struct config c;
	char *error;
	(void)state;
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		assert_int_equal(parse(&s, &c, empty[i], &error), 0);
		config_finish(&c);
	}
}

/* ~ is what is built in, and no text of one letter. */
static void
leaves_alone_what_is_null(void **state)
{
	struct set s;
	struct config c;
	char *error;
	(void)state;
	assert_int_equal(parse(&s, &c, "audit: ~\nthreads: null\nhosts: ~\nlimits: ~\n"
		"listen: \"~\"\n", &error), 0);
	assert_null(s.audit);
	assert_int_equal(s.threads, 0);
	assert_string_equal(s.listen, "~");
	config_finish(&c);
}

static void
says_where_and_what_is_wrong(void **state)
{
	static const struct { const char *text, *error; } wrong[] = {
		{"thread: 4\n", "f:1:1: there is no \"thread\" here; did you mean \"threads\"?"},
		{"a: 4\n", "f:1:1: there is no \"a\" here; rd-relay(1) lists all"},
		{"\n limts: {}\n", "f:2:2: there is no \"limts\" here; did you mean \"limits\"?"},
		{"limits:\n  peer: 3\n",
			"f:2:3: there is no \"peer\" in limits; did you mean \"peers\"?"},
		{"limits:\n  threads: 3\n",
			"f:2:3: there is no \"threads\" in limits; rd-relay(1) lists all"},
		{"threads: 99\n", "f:1:10: threads: \"99\": a whole number, from 0 to 64"},
		{"threads: [1, 2]\n", "f:1:10: threads takes one value, no list"},
		{"threads: {}\n", "f:1:10: a single value belongs here, no mapping"},
		{"threads:\nopen: yes\n", "f:1:9: threads has no value"},
		{"open: maybe\n", "f:1:7: open: \"maybe\": yes or no"},
		{"open: yes\nopen: no\n", "f:2:1: open stands here twice"},
		{"limits: {}\nlimits: {}\n", "f:2:1: limits stands here twice"},
		{"limits: 3\n", "f:1:9: limits are a mapping: a name and a value each"},
		{"hosts: [rd:a, x]\n", "f:1:15: hosts: \"x\": not a key"},
		{"hosts: [[rd:a]]\n", "f:1:9: a list of single values belongs here"},
		{"audit: []\n", "f:1:8: audit takes one value, no list"},
		{"listen: []\n", "f:1:9: listen: an empty list"},
		{"open: yes\npeers: 3\n", "f:2:1: peers stands under limits"},
		{"limits:\n  check: yes\n",
			"f:2:3: there is no \"check\" in limits; rd-relay(1) lists all"},
		{"check: yes\n", "f:1:1: check is for the command line only"},
		{"secret: yes\n", "f:1:1: there is no \"secret\" here; rd-relay(1) lists all"},
		{"- open\n", "f:1:1: the file is to be a mapping: a name and a value each"},
		{"open\n", "f:1:1: the file is to be a mapping: a name and a value each"},
		{"? [open]\n: yes\n", "f:1:3: a name belongs here"},
		{"open: &a yes\nthreads: *a\n", "f:1:7: threads: \"yes\": a whole number, from 0 to 64"},
		{"open: yes\n---\nopen: no\n", "f:2:1: one document is taken, no second one"},
		{"audit: \"a\\0b\"\n", "f:1:8: a character that no text has"},
		{"\033: 1\n", "f:1:1: this is no YAML: control characters are not allowed"},
	};
	struct set s;
	struct config c;
	char *error;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_not_equal(parse(&s, &c, wrong[i].text, &error), 0);
		assert_string_equal(error, wrong[i].error);
		free(error);
		config_finish(&c);
	}
}

static void
says_where_it_is_no_yaml(void **state)
{
	struct set s;
	struct config c;
	char *error;
	(void)state;
	assert_int_not_equal(parse(&s, &c, "open: yes\nhosts: [rd:a, rd:b\n", &error), 0);
	assert_memory_equal(error, "f:", 2);
	assert_non_null(strstr(error, "this is no YAML"));
	free(error);
	config_finish(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_all_that_it_names),
		cmocka_unit_test(takes_an_empty_file),
		cmocka_unit_test(leaves_alone_what_is_null),
		cmocka_unit_test(says_where_and_what_is_wrong),
		cmocka_unit_test(says_where_it_is_no_yaml),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
