#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "chan/rights.h"
#include "rd-send/judge.h"

#define NOW_S 1800000000	/* January 2027 */
#define ALL (RD_RIGHTS_ALL & ~RD_RIGHT_MIC)

static struct options opt;
static struct rd_key key;
static char text[RD_KEY_TEXT];
static const struct rd_addr from = {.family = 4, .port = 1, .ip = {192, 0, 2, 7}};

static int
setup(void **state)
{
	struct rd_keypair pair;
	(void)state;
	if (sodium_init() < 0)
		return -1;
	rd_keypair_new(&pair);
	key = pair.public;
	rd_key_text(&key, text);
	rd_keypair_wipe(&pair);
	opt.authorized = strdup("./judge.authorized_keys");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(opt.authorized);
	free(opt.authorized);
	return 0;
}

/* The file holds one line for our key with those options. */
static void
line(const char *options)
{
	FILE *f = fopen(opt.authorized, "w");
	assert_non_null(f);
	if (options)
		fprintf(f, "%s%s%s somebody\n", options, options[0] ? " " : "", text);
	fclose(f);
	chmod(opt.authorized, 0600);
}

static struct verdict
judge(bool by_password)
{
	struct verdict v;
	judge_peer(&v, &opt, &key, &from, by_password, NOW_S);
	assert_true(v.admit || v.why[0]);
	return v;
}

static void
test_listed(void **state)
{
	(void)state;
	line("");
	struct verdict v = judge(false);
	assert_true(v.admit && v.listed && !v.unknown);
	assert_int_equal(v.rights, ALL);
	assert_string_equal(v.name, "somebody");
	line("view-only");
	assert_int_equal(judge(false).rights & RD_RIGHT_INPUT, 0);
	line("microphone");
	assert_int_equal(judge(false).rights, RD_RIGHTS_ALL);
}

static void
test_unknown(void **state)
{
	(void)state;
	line(NULL);
	struct verdict v = judge(false);
	assert_true(!v.admit && v.unknown && !v.listed);
	assert_int_equal(v.code, RD_CLOSE_REFUSED);
	assert_non_null(strstr(v.why, text));
	assert_int_equal(v.rights, ALL);
	unlink(opt.authorized);
	assert_true(judge(false).unknown);
	/* a password is as good as a line without options */
	v = judge(true);
	assert_true(v.admit && !v.unknown && !v.listed);
	assert_int_equal(v.rights, ALL);
}

static void
check_refused(const char *options, enum rd_close code)
{
	line(options);
	for (int by_password = 0; by_password < 2; by_password++) {
		struct verdict v = judge(by_password);
		assert_true(!v.admit && !v.unknown && v.listed);
		assert_int_equal(v.code, code);
	}
}

/* What a line says of a key holds for its password, too; nobody is asked about it. */
static void
test_refused(void **state)
{
	(void)state;
	check_refused("expires=2020-01-01", RD_CLOSE_EXPIRED);
	check_refused("from=198.51.100.0/24", RD_CLOSE_REFUSED);
	check_refused("no-desktop", RD_CLOSE_RIGHT);
	line("expires=2030-01-01,from=192.0.2.0/24");
	struct verdict v = judge(false);
	assert_true(v.admit);
	assert_true(v.expires > NOW_S);
}

static void
test_view_only_host(void **state)
{
	(void)state;
	opt.view_only = true;
	line("microphone");
	assert_int_equal(judge(false).rights, RD_RIGHT_VIEW | RD_RIGHT_SOUND | RD_RIGHT_CLIP_OUT);
	line(NULL);
	assert_int_equal(judge(true).rights, RD_RIGHT_VIEW | RD_RIGHT_SOUND | RD_RIGHT_CLIP_OUT);
	opt.view_only = false;
}

/* A list that others may write, or a line that makes no sense, lets nobody in. */
static void
test_bad_file(void **state)
{
	(void)state;
	line("");
	chmod(opt.authorized, 0666);
	struct verdict v = judge(false);
	assert_true(!v.admit && !v.unknown);
	v = judge(true);
	assert_true(!v.admit && !v.unknown);
	line("no-such-option");
	assert_true(judge(false).unknown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_view_only_host),
		cmocka_unit_test(test_bad_file),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
