#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "net/lan.h"

#define PRINT "furu-nfmv-on7t-gr5k-mxkm-6gtu-o5jj-5vit"
#define OTHER "aaaa-bbbb-cccc-dddd-eeee-ffff-gggg-2345"

static void
take(struct rd_lan_txt *t, const char *item)
{
	rd_lan_txt_take(t, item, strlen(item));
}

static void
txt_is_read(void **state)
{
	struct rd_lan_txt t = {0};
	(void)state;
	take(&t, "txtvers=1");
	take(&t, "V=7");
	take(&t, "Key=" PRINT);
	/* Of what stands twice the first counts. */
	take(&t, "v=8");
	take(&t, "key=" OTHER);
	assert_int_equal(t.version, 7);
	assert_string_equal(t.fingerprint, PRINT);
}

static void
txt_that_is_none(void **state)
{
	static const char *const bad[] = {
		"", "=", "key", "key=", "key=" PRINT "x", "key=FURU-nfmv-on7t-gr5k-mxkm-6gtu-o5jj-5vit",
		"key=furu-nfmv-on7t-gr5k-mxkm-6gtu-o5jj-5vi1", "key=furuxnfmv-on7t-gr5k-mxkm-6gtu-o5jj-5vit",
		"key=\x1b[2J", "keys=" PRINT, "v=", "v=x", "v=65536", "v=-1", "v=000001", "=" PRINT,
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rd_lan_txt t = {0};
		take(&t, bad[i]);
		if (t.version || t.fingerprint[0])
			fail_msg("\"%s\" is taken", bad[i]);
	}
	/* A first one that is none is not mended by a second. */
	struct rd_lan_txt t = {0};
	take(&t, "key=x");
	take(&t, "key=" PRINT);
	assert_string_equal(t.fingerprint, "");
	rd_lan_txt_take(&t, "v=1\0", 4);
	assert_int_equal(t.version, 0);
}

static void
txt_of_ours(void **state)
{
	struct rd_lan_txt t = {.version = 1, .fingerprint = PRINT}, back = {0};
	char item[RD_LAN_TXT_ROOM];
	unsigned n = 0;
	(void)state;
	for (; rd_lan_txt_item(&t, n, item); n++)
		take(&back, item);
	assert_int_equal(n, 3);
	assert_int_equal(back.version, 1);
	assert_string_equal(back.fingerprint, PRINT);
	t.fingerprint[0] = '\0';
	assert_true(rd_lan_txt_item(&t, 1, item));
	assert_false(rd_lan_txt_item(&t, 2, item));
}

static void
names(void **state)
{
	char longest[RD_LAN_NAME_MAX + 2];
	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[RD_LAN_NAME_MAX] = '\0';
	assert_true(rd_lan_name_ok(longest));
	assert_true(rd_lan_name_ok("Ann's desk, caf\xc3\xa9"));
	longest[RD_LAN_NAME_MAX] = 'a';
	longest[RD_LAN_NAME_MAX + 1] = '\0';
	assert_false(rd_lan_name_ok(longest));
	assert_false(rd_lan_name_ok(""));
	assert_false(rd_lan_name_ok("a\nb"));
	assert_false(rd_lan_name_ok("a\xff"));
	assert_true(rd_lan_is_name("build1.local") && rd_lan_is_name("A.LOCAL."));
	assert_false(rd_lan_is_name(".local") || rd_lan_is_name("local") || rd_lan_is_name("a.local.example"));
}

static struct rd_lan_host
host(const char *name, const char *target, uint8_t last, uint16_t port)
{
	struct rd_lan_host h = {.addr = {.family = 4, .port = port, .ip = {10, 77, 0, last}}};
	snprintf(h.name, sizeof(h.name), "%s", name);
	snprintf(h.target, sizeof(h.target), "%s", target);
	return h;
}

static void
dialled(void **state)
{
	static const struct { const char *target; uint16_t port; const char *dial; } all[] = {
		{"Build1.local", RD_PORT, "build1.local"}, {"build1.local", 7, "build1.local:7"},
		/* What a command line would take for something else. */
		{"-o.local", RD_PORT, "10.77.0.1:21118"}, {"film.rd", RD_PORT, "10.77.0.1:21118"},
		{"a b.local", RD_PORT, "10.77.0.1:21118"}, {"a/b.local", 7, "10.77.0.1:7"},
		{"$(x).local", RD_PORT, "10.77.0.1:21118"}, {"caf\xc3\xa9.local", RD_PORT, "10.77.0.1:21118"},
		{"", RD_PORT, "10.77.0.1:21118"}, {"local", RD_PORT, "10.77.0.1:21118"},
		{"rd:key@x.local", RD_PORT, "10.77.0.1:21118"}, {"x.", RD_PORT, "10.77.0.1:21118"},
	};
	char dial[RD_LAN_DIAL_TEXT];
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct rd_lan_host h = host("x", all[i].target, 1, all[i].port);
		assert_string_equal(rd_lan_dial(&h, dial), all[i].dial);
	}
}

static void
one_host_by_several_ways(void **state)
{
	struct rd_lan_found f = {0};
	struct rd_lan_host h = host("b", "b.local", 1, 1), other = host("a", "a.local", 2, 1);
	(void)state;
	h.addr = (struct rd_addr){.family = 6, .port = 1, .scope = 2, .ip = {0xfe, 0x80, [15] = 1}};
	rd_lan_found_add(&f, &h);
	rd_lan_found_add(&f, &other);
	h.addr = (struct rd_addr){.family = 6, .port = 1, .ip = {0x20, 1}};
	rd_lan_found_add(&f, &h);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.hosts[0].addr.ip[0], 0x20);
	h = host("b", "b.local", 1, 1);
	rd_lan_found_add(&f, &h);
	assert_int_equal(f.hosts[0].addr.family, 4);
	h.addr = (struct rd_addr){.family = 6, .port = 1, .ip = {0x20, 2}};
	rd_lan_found_add(&f, &h);
	assert_int_equal(f.hosts[0].addr.family, 4);
	/* Another one that says so is another line. */
	snprintf(h.txt.fingerprint, sizeof(h.txt.fingerprint), "%s", PRINT);
	rd_lan_found_add(&f, &h);
	assert_int_equal(f.count, 3);
	rd_lan_found_sort(&f);
	assert_string_equal(f.hosts[0].name, "a");
	rd_lan_found_finish(&f);
}

static void
not_more_than_that(void **state)
{
	struct rd_lan_found f = {0};
	char name[32];
	(void)state;
	rd_lan_found_sort(&f);
	for (int i = 0; i < RD_LAN_HOSTS; i++) {
		snprintf(name, sizeof(name), "%d", i);
		struct rd_lan_host h = host(name, "b.local", 1, 1);
		rd_lan_found_add(&f, &h);
	}
	assert_false(f.more);
	struct rd_lan_host h = host("more", "b.local", 1, 1);
	rd_lan_found_add(&f, &h);
	assert_true(f.more);
	assert_int_equal(f.count, RD_LAN_HOSTS);
	rd_lan_found_finish(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(txt_is_read),
		cmocka_unit_test(txt_that_is_none),
		cmocka_unit_test(txt_of_ours),
		cmocka_unit_test(names),
		cmocka_unit_test(dialled),
		cmocka_unit_test(one_host_by_several_ways),
		cmocka_unit_test(not_more_than_that),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
