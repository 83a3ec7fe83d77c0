#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "config/yaml.h"

static int
read_text(struct rd_yaml_file *f, const char *text, char **error)
{
	return rd_yaml_read(f, "f", text, strlen(text), error);
}

static void
reads_a_tree_with_places(void **state)
{
	struct rd_yaml_file f;
	char *error;
	(void)state;
	assert_int_equal(read_text(&f, "a: 1\nb:\n  - x\n  - 'y'\nc: {d: ~, e: '~', g: }\n", &error), 0);
	assert_int_equal(f.root->kind, RD_YAML_MAP);
	assert_int_equal(f.root->count, 3);
	assert_string_equal(rd_yaml_get(f.root, "a")->text, "1");
	const struct rd_yaml *b = rd_yaml_get(f.root, "b"), *c = rd_yaml_get(f.root, "c");
	assert_int_equal(b->kind, RD_YAML_LIST);
	assert_string_equal(b->items[1]->text, "y");
	assert_int_equal(b->items[1]->line, 4);
	assert_int_equal(b->items[1]->column, 5);
	assert_int_equal(rd_yaml_get(c, "d")->kind, RD_YAML_NULL);
	assert_int_equal(rd_yaml_get(c, "e")->kind, RD_YAML_TEXT);
	assert_int_equal(rd_yaml_get(c, "g")->kind, RD_YAML_EMPTY);
	assert_null(rd_yaml_get(c, "h"));
	assert_null(rd_yaml_get(b, "x"));
	char *place = rd_yaml_place("a\nb", b->items[0]);
	assert_string_equal(place, "a\\x0ab:3:5");
	free(place);
	rd_yaml_finish(&f);
}

static void
takes_nothing_for_nothing(void **state)
{
	static const char *const empty[] = {"", "# only this\n", "---\n"};
	struct rd_yaml_file f;
	char *error;
	(void)state;
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		assert_int_equal(read_text(&f, empty[i], &error), 0);
		assert_null(f.root);
		rd_yaml_finish(&f);
	}
}

static void
an_alias_is_its_anchor_again(void **state)
{
	struct rd_yaml_file f;
	char *error;
	(void)state;
	assert_int_equal(read_text(&f, "a: &x {n: 1}\nb: *x\nc: &x 2\nd: *x\n", &error), 0);
	assert_ptr_equal(rd_yaml_get(f.root, "a"), rd_yaml_get(f.root, "b"));
	assert_string_equal(rd_yaml_get(f.root, "d")->text, "2");
	rd_yaml_finish(&f);
}

static void
says_what_it_does_not_take(void **state)
{
	static const struct { const char *text, *error; } wrong[] = {
		{"a: !!str 1\n", "f:1:4: tags (!) are not taken here"},
		{"a: !x {}\n", "f:1:4: tags (!) are not taken here"},
		{"? {a: 1}\n: 2\n", "f:1:3: a name belongs here"},
		{"~: 2\n", "f:1:1: a name belongs here"},
		{"'': 2\n", "f:1:1: a name belongs here"},
		{"a: *x\n", "f:1:4: there is no anchor &x before this"},
		{"a: &x {b: *x}\n", "f:1:11: an alias within what it stands for"},
		{"a: &x [*x]\n", "f:1:8: an alias within what it stands for"},
		{"a: 1\n---\nb: 1\n", "f:2:1: one document is taken, no second one"},
		{"a: \"x\\0y\"\n", "f:1:4: a character that no text has"},
		{"[[[[[[[[[[[[[[[[[[[[\n", "f:1:17: that deep nothing of ours goes"},
	};
	struct rd_yaml_file f;
	char *error;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_not_equal(read_text(&f, wrong[i].text, &error), 0);
		assert_string_equal(error, wrong[i].error);
		free(error);
		rd_yaml_finish(&f);
	}
	assert_int_not_equal(read_text(&f, "a: [1\n", &error), 0);
	assert_non_null(strstr(error, ": this is no YAML: "));
	free(error);
	rd_yaml_finish(&f);
}

/* What else is wrong in the file can be said, too. */
static void
goes_on_after_a_key_that_stands_twice(void **state)
{
	struct rd_yaml_file f;
	char *error, *said;
	(void)state;
	assert_int_equal(read_text(&f, "a: {b: 1, b: {c: 2, c: 3}}\nd: 4\na: 5\n", &error), 0);
	assert_int_equal(f.again_count, 3);
	said = rd_yaml_say_again("f", f.again[0]);
	assert_string_equal(said, "f:1:11: b stands here twice");
	free(said);
	said = rd_yaml_say_again("f", f.again[2]);
	assert_string_equal(said, "f:3:1: a stands here twice");
	free(said);
	assert_int_equal(f.root->count, 2);
	assert_string_equal(rd_yaml_get(rd_yaml_get(f.root, "a"), "b")->text, "1");
	assert_string_equal(rd_yaml_get(f.root, "d")->text, "4");
	rd_yaml_finish(&f);
}

/* Ten times ten times … : refused while it is small, and quickly. */
static void
laughs_only_so_often(void **state)
{
	struct rd_yaml_file f;
	char *error;
	char *text = xstrdup("a0: &a0 x\n");
	(void)state;
	for (int i = 1; i < 12; i++) {
		char *line = xasprintf("%sa%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n",
			text, i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
		free(text);
		text = line;
	}
	assert_int_not_equal(read_text(&f, text, &error), 0);
	assert_non_null(strstr(error, "that is too much for a file of ours"));
	assert_in_range(f.count, 1, 200);
	free(error);
	free(text);
	rd_yaml_finish(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_tree_with_places),
		cmocka_unit_test(takes_nothing_for_nothing),
		cmocka_unit_test(an_alias_is_its_anchor_again),
		cmocka_unit_test(says_what_it_does_not_take),
		cmocka_unit_test(goes_on_after_a_key_that_stands_twice),
		cmocka_unit_test(laughs_only_so_often),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
