/* authorized_keys and known_hosts: what a line grants, and how the files change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <signal.h>

#include <sodium.h>

#include "net/folder.h"
#include "net/keyfile.h"

/* Keys of 32 equal bytes, and what stands for them in a file. */
#define KEY_A "rd:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
#define KEY_B "rd:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"
#define KEY_C "rd:AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"

static struct rd_key
key(uint8_t byte)
{
	struct rd_key k;
	memset(k.bytes, byte, sizeof(k.bytes));
	return k;
}

static struct rd_keyfile
parsed(enum rd_keyfile_kind kind, const char *text)
{
	struct rd_keyfile f;
	assert_int_equal(rd_keyfile_parse(&f, kind, text, strlen(text)), 0);
	return f;
}

static void
grants_by_options(void **state)
{
	static const struct {
		const char *text;
		struct rd_key_options o;	/* but the default: written in full */
		const char *again;		/* NULL: the same */
	} all[] = {
		{"", {1, 1, 1, 1, 1, 0, 0, NULL, NULL}, NULL},
		{"view-only", {1, 0, 1, 0, 1, 0, 0, NULL, NULL}, NULL},
		{"no-sound", {1, 1, 0, 1, 1, 0, 0, NULL, NULL}, NULL},
		{"no-clipboard", {1, 1, 1, 0, 0, 0, 0, NULL, NULL}, NULL},
		{"no-clipboard-in,no-clipboard-out", {1, 1, 1, 0, 0, 0, 0, NULL, NULL}, "no-clipboard"},
		{"no-clipboard-in", {1, 1, 1, 0, 1, 0, 0, NULL, NULL}, NULL},
		{"no-clipboard-out", {1, 1, 1, 1, 0, 0, 0, NULL, NULL}, NULL},
		{"no-clipboard,view-only", {1, 0, 1, 0, 0, 0, 0, NULL, NULL}, "view-only,no-clipboard-out"},
		{"microphone,microphone", {1, 1, 1, 1, 1, 1, 0, NULL, NULL}, "microphone"},
		{"no-desktop,services=files", {0, 1, 1, 1, 1, 0, 0, (char *)"files", NULL}, NULL},
		{"services=files:shell-2,services=x.y_z", {1, 1, 1, 1, 1, 0, 0,
			(char *)"files:shell-2:x.y_z", NULL}, "services=files:shell-2:x.y_z"},
		{"expires=2027-01-31", {1, 1, 1, 1, 1, 0, 1801353600, NULL, NULL}, NULL},
		{"expires=2027-01-31Z", {1, 1, 1, 1, 1, 0, 1801353600, NULL, NULL}, "expires=2027-01-31"},
		{"expires=2027-01-31T12:00", {1, 1, 1, 1, 1, 0, 1801396800, NULL, NULL},
			"expires=2027-01-31T12:00Z"},
		{"expires=2028-02-29T23:59:59Z", {1, 1, 1, 1, 1, 0, 1835481599, NULL, NULL}, NULL},
		{"from=192.0.2.0/24,from=2001:db8::/32", {1, 1, 1, 1, 1, 0, 0, NULL,
			(char *)"192.0.2.0/24,2001:db8::/32"}, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct rd_key_options o;
		const struct rd_key_options *w = &all[i].o;
		char *why;
		assert_int_equal(rd_key_options_parse(&o, all[i].text, &why), 0);
		assert_null(why);
		assert_int_equal(o.desktop, w->desktop);
		assert_int_equal(o.input, w->input);
		assert_int_equal(o.sound, w->sound);
		assert_int_equal(o.clipboard_in, w->clipboard_in);
		assert_int_equal(o.clipboard_out, w->clipboard_out);
		assert_int_equal(o.microphone, w->microphone);
		assert_int_equal(o.expires, w->expires);
		assert_string_equal(o.services ? o.services : "", w->services ? w->services : "");
		assert_string_equal(o.from ? o.from : "", w->from ? w->from : "");
		char *text = rd_key_options_text(&o);
		assert_string_equal(text, all[i].again ? all[i].again : all[i].text);
		free(text);
		rd_key_options_finish(&o);
	}
}

/* What is not understood may have been meant to forbid. */
static void
grants_nothing_by_what_it_does_not_know(void **state)
{
	static const char *const bad[] = {
		"frobnicate", "view-only,frobnicate", "View-Only", "viewonly", "view-only=no", ",", "view-only,",
		",view-only", "view-only,,no-sound", "microphone=yes", "services", "services=", "services=:a",
		"services=a:", "services=a::b", "services=A", "services=-a", "services=a/b", "from=", "from=example.org",
		"from=192.0.2.0/33", "from=192.0.2.0/", "from=192.0.2/24", "from=192.0.2.0/024", "from=192.0.2.0/+8",
		"from=192.0.2.0/8/8", "from=2001:db8::/129", "from=fe80::1%eth0", "from=192.0.2.010",
		"expires=", "expires=tomorrow", "expires=2027-1-31", "expires=2027-02-29", "expires=2027-13-01",
		"expires=2027-00-01", "expires=2027-01-00", "expires=2027-01-32", "expires=1970-01-01",
		"expires=2027-01-31T24:00", "expires=2027-01-31T12", "expires=2027-01-31T12:60",
		"expires=2027-01-31T12:00:60", "expires=2027-01-31T12:00:00+01:00", "expires=2027-01-31 ",
		"expires=2027-01-31ZZ", "expires=2027-01-31,expires=2028-01-31", "expires=12027-01-31",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rd_key_options o;
		char *why = NULL;
		assert_int_equal(rd_key_options_parse(&o, bad[i], &why), -EINVAL);
		assert_non_null(why);
		free(why);
		assert_false(o.desktop || o.input || o.sound || o.clipboard_in || o.clipboard_out || o.microphone);
		assert_null(o.services);
	}
	char *longer = calloc(1, RD_KEY_OPTIONS_MAX + 2), *why;
	struct rd_key_options o;
	memset(longer, 'x', RD_KEY_OPTIONS_MAX + 1);
	assert_int_equal(rd_key_options_parse(&o, longer, &why), -EINVAL);
	assert_true(strlen(why) < 200);
	free(why);
	free(longer);
}

static void
ends_by_the_clock(void **state)
{
	struct rd_key_options o;
	char *why;
	(void)state;
	assert_int_equal(rd_key_options_parse(&o, "expires=2027-01-31", &why), 0);
	assert_false(rd_key_options_expired(&o, 1801353599));
	assert_true(rd_key_options_expired(&o, 1801353600));
	rd_key_options_default(&o);
	assert_false(rd_key_options_expired(&o, INT64_MAX));
}

static bool
is_from(const char *options, const char *address)
{
	struct rd_key_options o;
	struct rd_addr a = {.port = 1};
	char *why;
	assert_int_equal(rd_key_options_parse(&o, options, &why), 0);
	if (inet_pton(AF_INET, address, a.ip) == 1)
		a.family = 4;
	else if (inet_pton(AF_INET6, address, a.ip) == 1)
		a.family = 6;
	bool is = rd_key_options_from(&o, &a);
	rd_key_options_finish(&o);
	return is;
}

static void
judges_where_from(void **state)
{
	(void)state;
	assert_true(is_from("", "192.0.2.1"));
	assert_true(is_from("from=192.0.2.0/24", "192.0.2.255"));
	assert_false(is_from("from=192.0.2.0/24", "192.0.3.0"));
	assert_true(is_from("from=192.0.2.77/24", "192.0.2.1"));
	assert_true(is_from("from=192.0.2.128/25", "192.0.2.129"));
	assert_false(is_from("from=192.0.2.128/25", "192.0.2.127"));
	assert_true(is_from("from=192.0.2.1", "192.0.2.1"));
	assert_false(is_from("from=192.0.2.1", "192.0.2.0"));
	assert_true(is_from("from=0.0.0.0/0", "203.0.113.9"));
	assert_false(is_from("from=0.0.0.0/0", "2001:db8::1"));
	assert_false(is_from("from=::/0", "203.0.113.9"));
	assert_true(is_from("from=2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(is_from("from=2001:db8::/33", "2001:db8:8000::1"));
	assert_true(is_from("from=192.0.2.0/24,from=2001:db8::1", "2001:db8::1"));
	assert_false(is_from("from=192.0.2.0/24,from=2001:db8::1", "2001:db8::2"));
	/* an address mapped into IPv6 is an IPv4 one */
	assert_true(is_from("from=::ffff:192.0.2.0/120", "192.0.2.7"));
	assert_false(is_from("from=::ffff:192.0.2.0/120", "192.0.3.7"));
	assert_false(is_from("from=192.0.2.0/24", "nowhere"));
	/* filled by hand with nonsense: nobody */
	struct rd_key_options o = {.from = (char *)"nonsense,,"};
	struct rd_addr a = {.family = 4};
	assert_false(rd_key_options_from(&o, &a));
}

static void
reads_authorized_keys(void **state)
{
	static const char text[] =
		"# people\n"
		"\n"
		KEY_A "\n"
		"  view-only,expires=2027-01-31\t" KEY_B "   Bob's \\ \"laptop\" \r\n"
		"frobnicate " KEY_C " eve\n"
		"garbage\n"
		KEY_C "x\n"
		"view-only\n"
		KEY_A " again\n"
		"no-sound " KEY_C " \x1b[31mred\xff";
	struct rd_keyfile f = parsed(RD_KEYFILE_AUTHORIZED, text);
	struct rd_key k;
	(void)state;
	assert_int_equal(f.count, 3);
	assert_int_equal(f.entries[0].line, 3);
	assert_string_equal(f.entries[0].name, "");
	assert_true(f.entries[0].opt.input);
	assert_string_equal(f.entries[1].name, "Bob's \\ \"laptop\"");
	assert_false(f.entries[1].opt.input);
	assert_string_equal(f.entries[2].name, "\\x1b[31mred\\xff");
	static const struct { unsigned line; const char *why; } errors[] = {
		{5, "\"frobnicate\": there is no such option"}, {6, "there is no key in it"},
		{7, "\"" KEY_C "x\": not a key; one is rd: and 43 letters, digits, - or _"}, {8, "there is no key in it"},
		{9, "this key stands on line 3 already"},
	};
	assert_int_equal(f.error_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(f.errors[i].line, errors[i].line);
		assert_string_equal(f.errors[i].why, errors[i].why);
	}
	k = key(3);
	assert_ptr_equal(rd_keyfile_by_key(&f, &k), &f.entries[2]);
	k = key(4);
	assert_null(rd_keyfile_by_key(&f, &k));
	assert_ptr_equal(rd_keyfile_by_name(&f, "Bob's \\ \"laptop\""), &f.entries[1]);
	assert_null(rd_keyfile_by_name(&f, ""));
	assert_null(rd_keyfile_by_name(&f, "eve"));
	rd_keyfile_finish(&f);
}

static void
reads_known_hosts(void **state)
{
	static const char text[] =
		"build1 " KEY_A " asked 2026-11-22T10:11:12Z\n"
		"Build2:21118 " KEY_B "\n"
		"build1:21119 " KEY_B " password\n"
		"[2001:DB8::0:1]:7 " KEY_B " given 2026-11-22\n"
		"BUILD1 " KEY_C " given\n"
		"build3 " KEY_C " given never\n"
		"build4 " KEY_C " given 2026-11-22 revoked\n"
		"a/b " KEY_C "\n"
		KEY_C " build5\n"
		"build6\n"
		":7 " KEY_C "\n"
		"build7 " KEY_C " given via=a/b\n"
		"build8 " KEY_C " given via=relay.example.org 2026-11-22\n"
		"office " KEY_C " code 2026-11-22 via=Relay.Example.org:21120\n"
		"attic " KEY_C " via=relay.example.org:443\n";
	struct rd_keyfile f = parsed(RD_KEYFILE_KNOWN, text);
	(void)state;
	assert_int_equal(f.count, 6);
	assert_null(f.entries[0].via);
	assert_string_equal(f.entries[4].how, "code");
	assert_string_equal(f.entries[4].via, "relay.example.org");
	assert_string_equal(f.entries[5].how, "given");
	assert_string_equal(f.entries[5].via, "relay.example.org:443");
	assert_string_equal(f.entries[0].name, "build1");
	assert_string_equal(f.entries[0].how, "asked");
	assert_int_equal(f.entries[0].first_seen, 1795342272);
	assert_string_equal(f.entries[1].name, "build2");
	assert_string_equal(f.entries[1].how, "given");
	assert_int_equal(f.entries[1].first_seen, 0);
	assert_string_equal(f.entries[2].name, "build1:21119");
	assert_string_equal(f.entries[3].name, "[2001:db8::1]:7");
	assert_int_equal(f.error_count, 9);
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(f.errors[i].line, 5 + i);
	assert_string_equal(f.errors[0].why, "this host stands on line 1 already");
	assert_ptr_equal(rd_keyfile_by_name(&f, "Build1:21118"), &f.entries[0]);
	assert_ptr_equal(rd_keyfile_by_name(&f, "[2001:db8:0::1]:7"), &f.entries[3]);
	assert_null(rd_keyfile_by_name(&f, "2001:db8::1"));
	rd_keyfile_finish(&f);
}

static void
bears_zero_bytes_and_every_truncation(void **state)
{
	static const char text[] = "# c\nview-only,from=::1 " KEY_A " n\0ame\nno-sound " KEY_B " b\n";
	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		struct rd_keyfile f;
		/* of exactly that size, for AddressSanitizer */
		char *cut = malloc(n ? n : 1);
		assert_non_null(cut);
		memcpy(cut, text, n);
		assert_int_equal(rd_keyfile_parse(&f, RD_KEYFILE_AUTHORIZED, cut, n), 0);
		assert_true(f.count <= 1);
		rd_keyfile_finish(&f);
		free(cut);
	}
	struct rd_keyfile f;
	assert_int_equal(rd_keyfile_parse(&f, RD_KEYFILE_AUTHORIZED, text, sizeof(text) - 1), 0);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.error_count, 1);
	rd_keyfile_finish(&f);
}

static int
add(const char *file, uint8_t byte, const char *options, const char *name, bool replace)
{
	struct rd_key_entry e = {.key = key(byte), .name = (char *)name};
	char *why;
	assert_int_equal(rd_key_options_parse(&e.opt, options, &why), 0);
	int err = rd_keyfile_add(folder_path(file), RD_KEYFILE_AUTHORIZED, &e, replace);
	rd_key_options_finish(&e.opt);
	return err;
}

static void
keeps_other_lines(void **state)
{
	(void)state;
	folder_write("keys", 0644, "# mine\n\nfrobnicate " KEY_C " eve\r\n" KEY_A " alice\nno newline");
	assert_int_equal(add("keys", 2, "view-only", "bob", false), 0);
	assert_string_equal(folder_read("keys"), "# mine\n\nfrobnicate " KEY_C " eve\r\n" KEY_A " alice\n"
		"no newline\nview-only " KEY_B " bob\n");
	assert_int_equal(folder_mode("keys"), 0644);
	assert_int_equal(add("keys", 1, "", "other", false), -EEXIST);
	assert_int_equal(add("keys", 1, "no-sound", "other", true), 0);
	assert_string_equal(folder_read("keys"), "# mine\n\nfrobnicate " KEY_C " eve\r\nno-sound " KEY_A
		" other\nno newline\nview-only " KEY_B " bob\n");
	/* A line that is not understood is not the same key's: another may be added beside it … */
	assert_int_equal(add("keys", 3, "", "", false), 0);
	/* … and both go with the key. */
	assert_int_equal(rd_keyfile_remove(folder_path("keys"), RD_KEYFILE_AUTHORIZED, KEY_C), 0);
	assert_string_equal(folder_read("keys"), "# mine\n\nno-sound " KEY_A
		" other\nno newline\nview-only " KEY_B " bob\n");
	assert_int_equal(rd_keyfile_remove(folder_path("keys"), RD_KEYFILE_AUTHORIZED, KEY_C), -ENOENT);
	assert_int_equal(folder_count(), 1);
	folder_empty();
}

/* Nothing that stands in one field may become another, or another line. */
static void
writes_nothing_it_could_not_read_back(void **state)
{
	static const char *const names[] = {"a\n" KEY_B, "a\rb\n", " a", "a ", "\x1b[0m", "a\tb\x7f", "\xff",
		"\xe2\x80\xaeright to left"};
	char longest[RD_KEY_NAME_MAX + 2];
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(add("keys", 1, "", names[i], false), -EINVAL);
	memset(longest, 'a', sizeof(longest));
	longest[RD_KEY_NAME_MAX + 1] = '\0';
	assert_int_equal(add("keys", 1, "", longest, false), -EINVAL);
	longest[RD_KEY_NAME_MAX] = '\0';
	assert_int_equal(add("keys", 1, "", longest, false), 0);
	struct rd_key_entry e = {.key = key(2)};
	rd_key_options_default(&e.opt);
	e.opt.services = (char *)"a,microphone";
	assert_int_equal(rd_keyfile_add(folder_path("keys"), RD_KEYFILE_AUTHORIZED, &e, false), -EINVAL);
	e.opt.services = (char *)"a " KEY_C;
	assert_int_equal(rd_keyfile_add(folder_path("keys"), RD_KEYFILE_AUTHORIZED, &e, false), -EINVAL);
	struct rd_key_entry h = {.key = key(2), .name = (char *)"build1", .how = (char *)"a b"};
	assert_int_equal(rd_keyfile_add(folder_path("hosts"), RD_KEYFILE_KNOWN, &h, false), -EINVAL);
	h.how = (char *)"given";
	h.name = (char *)"build1 " KEY_C;
	assert_int_equal(rd_keyfile_add(folder_path("hosts"), RD_KEYFILE_KNOWN, &h, false), -EINVAL);
	h.name = (char *)"#build1";
	assert_int_equal(rd_keyfile_add(folder_path("hosts"), RD_KEYFILE_KNOWN, &h, false), -EINVAL);
	h.name = NULL;
	assert_int_equal(rd_keyfile_add(folder_path("hosts"), RD_KEYFILE_KNOWN, &h, false), -EINVAL);
	folder_empty();
}

static void
removes_by_name_key_or_fingerprint(void **state)
{
	char print[RD_FINGERPRINT_TEXT], part[RD_FINGERPRINT_TEXT];
	const char *path = folder_path("keys");
	struct rd_key k = key(2);
	(void)state;
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, "bob"), -ENOENT);
	assert_int_equal(add("keys", 1, "", "bob", false), 0);
	assert_int_equal(add("keys", 2, "", "Bob", false), 0);
	assert_int_equal(add("keys", 3, "", "bob", false), 0);
	assert_int_equal(folder_mode("keys"), 0600);
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, "bob"), -ENOTUNIQ);
	rd_key_fingerprint(&k, print);
	snprintf(part, sizeof(part), "%.8s", print); /* "abcd-efg": seven characters */
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, part), -ENOENT);
	snprintf(part, sizeof(part), "%.4s%.4s", print, print + 5);
	part[0] ^= 32; /* as a capital */
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, part), 0);
	assert_string_equal(folder_read("keys"), KEY_A " bob\n" KEY_C " bob\n");
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, KEY_A), 0);
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, ""), -ENOENT);
	k = key(3);
	rd_key_fingerprint(&k, print);
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_AUTHORIZED, print), 0);
	assert_string_equal(folder_read("keys"), "");
	folder_empty();
}

static void
knows_hosts_by_one_name(void **state)
{
	struct rd_key_entry e = {.key = key(1), .name = (char *)"Build1:21118", .how = (char *)"asked",
		.first_seen = 1795342272};
	const char *path = folder_path("hosts");
	(void)state;
	assert_int_equal(rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, false), 0);
	assert_string_equal(folder_read("hosts"), "build1 " KEY_A " asked 2026-11-22T10:11:12Z\n");
	e.name = (char *)"build1";
	e.key = key(2);
	assert_int_equal(rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, false), -EEXIST);
	assert_int_equal(rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, true), 0);
	assert_string_equal(folder_read("hosts"), "build1 " KEY_B " asked 2026-11-22T10:11:12Z\n");
	e.via = (char *)"relay.example.org";
	assert_int_equal(rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, true), 0);
	assert_string_equal(folder_read("hosts"),
		"build1 " KEY_B " asked 2026-11-22T10:11:12Z via=relay.example.org\n");
	e.via = (char *)"relay example";
	assert_int_equal(rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, true), -EINVAL);
	e = (struct rd_key_entry){.key = key(2), .name = (char *)"::1"};
	assert_int_equal(rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, false), 0);
	/* One machine under two names: only its key says which are meant. */
	char print[RD_FINGERPRINT_TEXT];
	rd_key_fingerprint(&e.key, print);
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_KNOWN, print), -ENOTUNIQ);
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_KNOWN, "BUILD1"), 0);
	assert_string_equal(folder_read("hosts"), "::1 " KEY_B " given\n");
	assert_int_equal(rd_keyfile_remove(path, RD_KEYFILE_KNOWN, "[::1]:21118"), 0);
	assert_string_equal(folder_read("hosts"), "");
	folder_empty();
	assert_null(rd_known_host(""));
	assert_null(rd_known_host("host:0"));
	assert_null(rd_known_host("a b"));
}

static void
refuses_files_that_others_may_write(void **state)
{
	struct rd_keyfile f;
	static const mode_t bad[] = {0620, 0602, 0666};
	(void)state;
	assert_int_equal(rd_keyfile_load(&f, RD_KEYFILE_AUTHORIZED, folder_path("keys")), 0);
	assert_int_equal(f.count, 0);
	folder_write("keys", 0644, KEY_A "\n");
	assert_int_equal(rd_keyfile_load(&f, RD_KEYFILE_AUTHORIZED, folder_path("keys")), 0);
	assert_int_equal(f.count, 1);
	rd_keyfile_finish(&f);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(chmod(folder_path("keys"), bad[i]), 0);
		assert_int_equal(rd_keyfile_load(&f, RD_KEYFILE_AUTHORIZED, folder_path("keys")), -EPERM);
		assert_int_equal(f.count, 0);
		assert_int_equal(add("keys", 2, "", "", false), -EPERM);
		assert_int_equal(rd_keyfile_remove(folder_path("keys"), RD_KEYFILE_AUTHORIZED, KEY_A), -EPERM);
	}
	assert_string_equal(folder_read("keys"), KEY_A "\n");
	folder_empty();
}

/* A write that fails in the middle leaves the old file and nothing else. */
static void
bears_a_full_disk(void **state)
{
	int status;
	(void)state;
	assert_int_equal(add("keys", 1, "", "alice", false), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit limit = {64, 64};
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(add("keys", 2, "", "bob", false) == -EFBIG ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(folder_read("keys"), KEY_A " alice\n");
	assert_int_equal(folder_count(), 1);
	folder_empty();
}

/* Eight processes add ten keys each at the same time, and none is lost. */
static void
loses_nothing_to_other_writers(void **state)
{
	int status;
	(void)state;
	for (int i = 0; i < 8; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		for (int k = 0; pid == 0 && k < 10; k++)
			if (add("keys", (uint8_t)(i * 10 + k + 1), "", "", false) != 0)
				_exit(1);
		if (pid == 0)
			_exit(0);
	}
	for (int i = 0; i < 8; i++)
		assert_true(wait(&status) > 0 && status == 0);
	struct rd_keyfile f;
	assert_int_equal(rd_keyfile_load(&f, RD_KEYFILE_AUTHORIZED, folder_path("keys")), 0);
	assert_int_equal(f.count, 80);
	assert_int_equal(f.error_count, 0);
	rd_keyfile_finish(&f);
	assert_int_equal(folder_count(), 1);
	folder_empty();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_by_options),
		cmocka_unit_test(grants_nothing_by_what_it_does_not_know),
		cmocka_unit_test(ends_by_the_clock),
		cmocka_unit_test(judges_where_from),
		cmocka_unit_test(reads_authorized_keys),
		cmocka_unit_test(reads_known_hosts),
		cmocka_unit_test(bears_zero_bytes_and_every_truncation),
		cmocka_unit_test(keeps_other_lines),
		cmocka_unit_test(writes_nothing_it_could_not_read_back),
		cmocka_unit_test(removes_by_name_key_or_fingerprint),
		cmocka_unit_test(knows_hosts_by_one_name),
		cmocka_unit_test(refuses_files_that_others_may_write),
		cmocka_unit_test(bears_a_full_disk),
		cmocka_unit_test(loses_nothing_to_other_writers),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}
