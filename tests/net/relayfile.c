#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sodium.h>

#include "dice.h"
#include "net/folder.h"
#include "net/relayfile.h"

#define KEY1 "rd:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
#define KEY2 "rd:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"
#define JOIN3 "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"

static struct rd_relay_entry
entry(const char *name, uint8_t key)
{
	struct rd_relay_entry e = {0};
	snprintf(e.name, sizeof(e.name), "%s", name);
	memset(e.key.bytes, key, sizeof(e.key.bytes));
	return e;
}

static void
same(const struct rd_relay_entry *a, const struct rd_relay_entry *b)
{
	assert_string_equal(a->name, b->name);
	assert_true(rd_key_equal(&a->key, &b->key));
	assert_int_equal(a->own, b->own);
	assert_int_equal(a->has_join, b->has_join);
	assert_memory_equal(a->join, b->join, sizeof(a->join));
}

static void
file_is(const char *want)
{
	assert_string_equal(folder_read("relays"), want);
}

static int
put(const struct rd_relay_entry *e, bool replace)
{
	return rd_relayfile_put(folder_path("relays"), e, replace);
}

static int
find(const char *name, struct rd_relay_entry *e)
{
	return rd_relayfile_find(folder_path("relays"), name, e);
}

static void
names(void **state)
{
	static const struct { const char *text, *name; } good[] = {
		{"Relay.Example.ORG", "relay.example.org"}, {"relay.example.org:21120", "relay.example.org"},
		{"relay:443", "relay:443"}, {"[2001:DB8::1]:21120", "2001:db8::1"},
		{"2001:db8:0::1", "2001:db8::1"}, {"[::1]:5", "[::1]:5"}, {"192.0.2.1", "192.0.2.1"},
	};
	static const char *const bad[] = {"", ":5", "a b", "relay:0", "relay/7", "relay:99999", "[::1"};
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *name = rd_relay_name(good[i].text);
		assert_non_null(name);
		assert_string_equal(name, good[i].name);
		free(name);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(rd_relay_name(bad[i]));
}

static void
join_keys(void **state)
{
	uint8_t join[RD_JOIN_KEY], zero[RD_JOIN_KEY] = {0};
	char text[RD_JOIN_TEXT];
	static const char *const bad[] = {
		"", "AwMD", JOIN3 "A", JOIN3 "=", " " JOIN3, JOIN3 "\n",
		"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwN", /* a bit that stands for nothing */
		"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw+",
	};
	(void)state;
	assert_int_equal(rd_join_parse(join, JOIN3), 0);
	for (size_t i = 0; i < sizeof(join); i++)
		assert_int_equal(join[i], 3);
	assert_string_equal(rd_join_text(join, text), JOIN3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (rd_join_parse(join, bad[i]) != -EINVAL)
			fail_msg("%s is taken", bad[i]);
		assert_memory_equal(join, zero, sizeof(join));
	}
}

static void
lines(void **state)
{
	static const char *const good[] = {
		"relay " KEY1, "\trelay  " KEY1 "  own \r", "relay " KEY1 " join=" JOIN3 " own",
		"relay " KEY1 " own join=" JOIN3, "RELAY:21120 " KEY1,
	};
	static const char *const nothing[] = {"", "  ", "# relay " KEY1, "\t#", "\r"};
	static const char *const bad[] = {
		"relay", KEY1, "relay " KEY1 "x", "relay rd:x", "relay " KEY1 " Own", "relay " KEY1 " own own",
		"relay " KEY1 " join=", "relay " KEY1 " join=" JOIN3 " join=" JOIN3,
		"relay " KEY1 " join=" JOIN3 "x", "relay " KEY1 " " KEY1, "a/b " KEY1, "relay own " KEY1,
		"relay:0 " KEY1, "relay " KEY1 " join",
	};
	struct rd_relay_entry e, zero = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (rd_relayfile_line(&e, good[i], strlen(good[i])) != 1)
			fail_msg("\"%s\" is refused", good[i]);
		assert_string_equal(e.name, "relay");
		assert_int_equal(e.key.bytes[31], 1);
		assert_int_equal(e.own, strstr(good[i], "own") != NULL);
		assert_int_equal(e.has_join, strstr(good[i], "join=") != NULL);
	}
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		assert_int_equal(rd_relayfile_line(&e, nothing[i], strlen(nothing[i])), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (rd_relayfile_line(&e, bad[i], strlen(bad[i])) != -EBADMSG)
			fail_msg("\"%s\" is taken", bad[i]);
		same(&e, &zero);
	}
	assert_int_equal(rd_relayfile_line(&e, "relay\0 " KEY1, sizeof("relay\0 " KEY1) - 1), -EBADMSG);
}

static void
put_and_found(void **state)
{
	struct rd_relay_entry a = entry("Relay.Example.org:21120", 1), b = entry("other:443", 2), e;
	(void)state;
	folder_empty();
	assert_int_equal(find("relay.example.org", &e), -ENOENT);
	assert_int_equal(rd_relayfile_own(folder_path("relays"), &e), -ENOENT);
	a.own = a.has_join = true;
	memset(a.join, 3, sizeof(a.join));
	assert_int_equal(put(&a, false), 0);
	assert_int_equal(put(&b, false), 0);
	file_is("relay.example.org " KEY1 " own join=" JOIN3 "\nother:443 " KEY2 "\n");
	assert_int_equal(folder_mode("relays"), 0600);
	assert_int_equal(find("RELAY.example.org", &e), 0);
	snprintf(a.name, sizeof(a.name), "relay.example.org");
	same(&e, &a);
	assert_int_equal(rd_relayfile_own(folder_path("relays"), &e), 0);
	same(&e, &a);
	assert_int_equal(find("other", &e), -ENOENT);
	assert_int_equal(find("other:443", &e), 0);
	same(&e, &b);
	assert_int_equal(find("no name", &e), -ENOENT);
	rd_relay_entry_wipe(&e);
	assert_int_equal(e.name[0], 0);
	struct rd_relay_entry unnamed = entry("a b", 1), much = {0};
	assert_int_equal(put(&unnamed, true), -EINVAL);
	memset(much.name, 'a', sizeof(much.name)); /* with no end */
	assert_int_equal(put(&much, true), -EINVAL);
	struct rd_relay_entry hostile = entry("x " KEY2 "\ny", 1);
	assert_int_equal(put(&hostile, true), -EINVAL);
}

static void
changes_keep_the_rest(void **state)
{
	struct rd_relay_entry e = entry("b", 1);
	(void)state;
	folder_empty();
	folder_write("relays", 0600, "# ours\n\na " KEY1 " own join=" JOIN3 "\nnonsense\nb " KEY2
		"\n c  " KEY2 "\nB:21120 " KEY1 " own");
	assert_int_equal(put(&e, false), -EEXIST);
	assert_int_equal(put(&e, true), 0);
	file_is("# ours\n\na " KEY1 " own join=" JOIN3 "\nnonsense\nb " KEY1 "\n c  " KEY2 "\n");
	/* The same key needs no leave; and there is one that is our own. */
	e.own = true;
	assert_int_equal(put(&e, false), 0);
	file_is("# ours\n\na " KEY1 " join=" JOIN3 "\nnonsense\nb " KEY1 " own\n c  " KEY2 "\n");
	assert_int_equal(rd_relayfile_own(folder_path("relays"), &e), 0);
	assert_string_equal(e.name, "b");
	assert_int_equal(rd_relayfile_remove(folder_path("relays"), "A:21120"), 0);
	assert_int_equal(rd_relayfile_remove(folder_path("relays"), "a"), -ENOENT);
	assert_int_equal(rd_relayfile_remove(folder_path("relays"), "no name"), -ENOENT);
	assert_int_equal(rd_relayfile_remove(folder_path("relays"), "nonsense"), 0);
	file_is("# ours\n\nb " KEY1 " own\n c  " KEY2 "\n");
}

static void
damaged_lines(void **state)
{
	struct rd_relay_entry e;
	(void)state;
	folder_empty();
	folder_write("relays", 0600, "a " KEY1 " wat own\nb " KEY2 "\na " KEY1 "\n");
	assert_int_equal(find("a", &e), -EBADMSG);
	assert_int_equal(rd_relayfile_own(folder_path("relays"), &e), -EBADMSG);
	assert_int_equal(find("b", &e), 0);
	e = entry("a", 1);
	assert_int_equal(put(&e, false), -EBADMSG);
	assert_int_equal(put(&e, true), 0);
	file_is("a " KEY1 "\nb " KEY2 "\n");
}

static void
count(void *ctx, const struct rd_relay_entry *e)
{
	char *seen = ctx;
	strcat(strcat(seen, e->name), e->own ? "! " : " ");
}

static void
each_once(void **state)
{
	char seen[64] = "";
	(void)state;
	folder_empty();
	assert_int_equal(rd_relayfile_each(folder_path("relays"), count, seen), 0);
	assert_string_equal(seen, "");
	folder_write("relays", 0600, "c " KEY1 "\nwhat\n#x " KEY1 "\na " KEY1 " own\nC " KEY2 "\n");
	assert_int_equal(rd_relayfile_each(folder_path("relays"), count, seen), 0);
	assert_string_equal(seen, "c a! ");
}

/* There may be join keys in it. */
static void
nobody_else_reads_it(void **state)
{
	struct rd_relay_entry e = entry("a", 1);
	char seen[8] = "";
	(void)state;
	folder_empty();
	folder_write("relays", 0644, "a " KEY1 "\n");
	assert_int_equal(find("a", &e), -EPERM);
	assert_int_equal(rd_relayfile_own(folder_path("relays"), &e), -EPERM);
	assert_int_equal(rd_relayfile_each(folder_path("relays"), count, seen), -EPERM);
	assert_int_equal(rd_relayfile_remove(folder_path("relays"), "a"), -EPERM);
	e = entry("a", 1);
	assert_int_equal(put(&e, true), -EPERM);
	file_is("a " KEY1 "\n");
}

/* However many there are, and however they were changed: what was put last is found. */
static void
as_a_table(void **state)
{
	struct rd_relay_entry now[8] = {0};
	int own = -1;
	(void)state;
	folder_empty();
	for (unsigned round = 0; round < 200; round++) {
		unsigned i = (unsigned)dice_below(8);
		char name[16];
		snprintf(name, sizeof(name), "relay%u", i);
		if (dice_below(4) == 0) {
			int err = rd_relayfile_remove(folder_path("relays"), name);
			assert_int_equal(err, now[i].name[0] ? 0 : -ENOENT);
			now[i] = (struct rd_relay_entry){0};
			own = own == (int)i ? -1 : own;
		} else {
			now[i] = entry(name, (uint8_t)dice());
			now[i].own = dice_below(3) == 0;
			now[i].has_join = dice_below(2);
			if (now[i].has_join)
				dice_bytes(now[i].join, sizeof(now[i].join));
			if (now[i].own && own >= 0 && own != (int)i)
				now[own].own = false;
			own = now[i].own ? (int)i : own == (int)i ? -1 : own;
			assert_int_equal(put(&now[i], true), 0);
		}
		struct rd_relay_entry e;
		int err = find(name, &e);
		assert_int_equal(err, now[i].name[0] ? 0 : -ENOENT);
		same(&e, &now[i]);
		err = rd_relayfile_own(folder_path("relays"), &e);
		assert_int_equal(err, own >= 0 ? 0 : -ENOENT);
		if (own >= 0)
			same(&e, &now[own]);
	}
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(join_keys),
		cmocka_unit_test(lines),
		cmocka_unit_test(put_and_found),
		cmocka_unit_test(changes_keep_the_rest),
		cmocka_unit_test(damaged_lines),
		cmocka_unit_test(each_once),
		cmocka_unit_test(nobody_else_reads_it),
		cmocka_unit_test(as_a_table),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}
