#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "net/folder.h"
#include "net/wake.h"
#include "net/wakefile.h"

static const struct rd_mac one = {{0x52, 0x54, 0, 0x12, 0xab, 0xcd}}, two = {{2, 0, 0, 0, 0, 1}};

static bool
same(const struct rd_mac *a, const struct rd_mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static void
macs(void **state)
{
	static const char *const bad[] = {
		"", "52:54:00:12:ab", "52:54:00:12:ab:cd:", "52:54:00:12:ab:cg", "52:54:00-12:ab:cd",
		"525400:12:ab:cd:1", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb",
		" 52:54:00:12:ab:cd", "52:54:00:12:ab:cd ", "52.54.00.12.ab.cd", "x",
	};
	struct rd_mac m;
	char text[RD_MAC_TEXT];
	(void)state;
	assert_int_equal(rd_mac_parse(&m, "52:54:00:12:ab:cd"), 0);
	assert_true(same(&m, &one));
	assert_int_equal(rd_mac_parse(&m, "52-54-00-12-AB-CD"), 0);
	assert_true(same(&m, &one));
	assert_string_equal(rd_mac_text(&m, text), "52:54:00:12:ab:cd");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (rd_mac_parse(&m, bad[i]) != -EINVAL)
			fail_msg("%s is taken", bad[i]);
}

static void
packet(void **state)
{
	uint8_t p[RD_WAKE_PACKET];
	(void)state;
	rd_wake_packet(p, &one);
	for (int i = 0; i < 6; i++)
		assert_int_equal(p[i], 0xff);
	for (int i = 1; i <= 16; i++)
		assert_memory_equal(p + 6 * i, one.bytes, 6);
	assert_int_equal(sizeof(p), 102);
}

/* Nothing is beside us there, and asking for it does not wait. */
static void
neighbours(void **state)
{
	struct rd_mac m;
	struct rd_addr lo = {.family = 4, .ip = {127, 0, 0, 1}}, none = {0},
		relayed = {.family = 4, .ip = {192, 0, 2, 1}, .relayed = true},
		away = {.family = 6, .ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	(void)state;
	assert_int_equal(rd_mac_of(&m, &lo), -ENOENT);
	assert_int_equal(rd_mac_of(&m, &none), -ENOENT);
	assert_int_equal(rd_mac_of(&m, &relayed), -ENOENT);
	assert_int_equal(rd_mac_of(&m, &away), -ENOENT);
}

static void
lines(void **state)
{
	static const char *const good[] = {
		"build1 52:54:00:12:ab:cd", "\tBuild1:21118  52-54-00-12-AB-CD \r",
	};
	static const char *const nothing[] = {"", " ", "# build1 52:54:00:12:ab:cd"};
	static const char *const bad[] = {
		"build1", "52:54:00:12:ab:cd", "build1 x", "build1 52:54:00:12:ab:cd x", "a/b 52:54:00:12:ab:cd",
		"build1 00:00:00:00:00:00", "build1:0 52:54:00:12:ab:cd",
	};
	struct rd_wake_entry e;
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(rd_wakefile_line(&e, good[i], strlen(good[i])), 1);
		assert_string_equal(e.name, "build1");
		assert_true(same(&e.mac, &one));
	}
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		assert_int_equal(rd_wakefile_line(&e, nothing[i], strlen(nothing[i])), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (rd_wakefile_line(&e, bad[i], strlen(bad[i])) != -EBADMSG)
			fail_msg("\"%s\" is taken", bad[i]);
}

static void
count(void *ctx, const struct rd_wake_entry *e)
{
	unsigned *n = ctx;
	(void)e;
	++*n;
}

static void
kept(void **state)
{
	const char *path = folder_path("wake");
	struct rd_mac m;
	unsigned n = 0;
	(void)state;
	folder_empty();
	assert_int_equal(rd_wakefile_find(path, "build1", &m), -ENOENT);
	assert_int_equal(rd_wakefile_each(path, count, &n), 0);
	assert_int_equal(rd_wakefile_remove(path, "build1"), -ENOENT);
	folder_write("wake", 0600, "# mine\nother 02:00:00:00:00:01\nwhat is this\n");
	assert_int_equal(rd_wakefile_put(path, "Build1:21118", &one), 0);
	assert_int_equal(rd_wakefile_put(path, "build1", &one), 0);
	assert_string_equal(folder_read("wake"), "# mine\nother 02:00:00:00:00:01\nwhat is this\n"
		"build1 52:54:00:12:ab:cd\n");
	assert_int_equal(rd_wakefile_put(path, "build1", &two), 0);
	assert_int_equal(rd_wakefile_find(path, "BUILD1", &m), 0);
	assert_true(same(&m, &two));
	assert_int_equal(rd_wakefile_each(path, count, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(rd_wakefile_put(path, "a b", &one), -EINVAL);
	assert_int_equal(rd_wakefile_put(path, "#a", &one), -EINVAL);
	assert_int_equal(rd_wakefile_remove(path, "other"), 0);
	assert_string_equal(folder_read("wake"), "# mine\nwhat is this\nbuild1 02:00:00:00:00:01\n");
	/* One that others can write is not believed. */
	folder_write("wake", 0666, "build1 02:00:00:00:00:01\n");
	assert_int_equal(rd_wakefile_find(path, "build1", &m), -EPERM);
	assert_int_equal(rd_wakefile_put(path, "build1", &one), -EPERM);
}

/* Of lines of one name the first counts, and a change takes the others away. */
static void
twice(void **state)
{
	const char *path = folder_path("wake");
	struct rd_mac m;
	unsigned n = 0;
	(void)state;
	folder_empty();
	folder_write("wake", 0600, "a 52:54:00:12:ab:cd\na 02:00:00:00:00:01\n");
	assert_int_equal(rd_wakefile_find(path, "a", &m), 0);
	assert_true(same(&m, &one));
	rd_wakefile_each(path, count, &n);
	assert_int_equal(n, 1);
	assert_int_equal(rd_wakefile_put(path, "a", &two), 0);
	assert_string_equal(folder_read("wake"), "a 02:00:00:00:00:01\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macs),
		cmocka_unit_test(packet),
		cmocka_unit_test(neighbours),
		cmocka_unit_test(lines),
		cmocka_unit_test(kept),
		cmocka_unit_test(twice),
	};
	return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}
