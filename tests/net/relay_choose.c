/* Which relay is used: what was named, else the environment, else one's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/folder.h"
#include "net/relay_choose.h"
#include "net/relayfile.h"

static const char *const variables[] = {
	"RD_RELAY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
};

static int
setup(void **state)
{
	struct rd_relay_entry own = {.name = "own.example.org", .own = true, .has_join = true};
	struct rd_relay_entry other = {.name = "other.example.org:443"};
	(void)state;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
	memset(own.key.bytes, 1, sizeof(own.key.bytes));
	memset(own.join, 2, sizeof(own.join));
	memset(other.key.bytes, 3, sizeof(other.key.bytes));
	assert_int_equal(rd_relayfile_put(folder_path("relays"), &own, false), 0);
	assert_int_equal(rd_relayfile_put(folder_path("relays"), &other, false), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	folder_empty();
	return 0;
}

static void
takes_the_first_named(void **state)
{
	struct rd_agent_relay r;
	const char *why, *file = folder_path("relays");
	(void)state;
	assert_int_equal(rd_relay_choose(&r, file, NULL, &why), 0);
	assert_string_equal(r.name, "own.example.org");
	assert_true(r.has_key && r.has_join && r.key.bytes[0] == 1 && r.join[0] == 2);
	assert_true(r.udp && r.tls);
	setenv("RD_RELAY", "Other.Example.org:443", 1);
	assert_int_equal(rd_relay_choose(&r, file, NULL, &why), 0);
	assert_string_equal(r.name, "other.example.org:443");
	assert_true(r.has_key && !r.has_join && r.key.bytes[0] == 3);
	assert_int_equal(rd_relay_choose(&r, file, "new.example.org:21120", &why), 0);
	assert_string_equal(r.name, "new.example.org");
	assert_false(r.has_key || r.has_join);
	setenv("RD_RELAY", "", 1);
	assert_int_equal(rd_relay_choose(&r, file, NULL, &why), 0);
	assert_string_equal(r.name, "own.example.org");
	rd_agent_relay_wipe(&r);
	assert_true(sodium_is_zero((const uint8_t *)&r, sizeof(r)));
}

static void
says_what_is_wrong(void **state)
{
	struct rd_agent_relay r;
	const char *why = NULL;
	(void)state;
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), NULL, &why), -ENOENT);
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "a b", &why), -EINVAL);
	assert_non_null(why);
	setenv("HTTPS_PROXY", "gopher://proxy", 1);
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "relay.example.org", &why), -EINVAL);
	assert_non_null(strstr(why, "proxy"));
}

static void
knows_the_proxy_on_the_way(void **state)
{
	struct rd_agent_relay r;
	const char *why;
	(void)state;
	setenv("HTTPS_PROXY", "http://proxy.example.org:3128", 1);
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "relay.example.org", &why), 0);
	assert_int_equal(r.proxy.kind, RD_PROXY_HTTP);
	assert_string_equal(r.proxy.host, "proxy.example.org");
	setenv("NO_PROXY", "example.org", 1);
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "relay.example.org:443", &why), 0);
	assert_int_equal(r.proxy.kind, RD_PROXY_NONE);
}

static void
looks_up_addresses(void **state)
{
	struct rd_agent_relay r;
	const char *why;
	(void)state;
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "127.0.0.1:9", &why), 0);
	assert_null(rd_relay_look_up(&r));
	assert_int_equal(r.count, 1);
	assert_true(r.addrs[0].family == 4 && r.addrs[0].port == 9);
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "[::1]", &why), 0);
	assert_null(rd_relay_look_up(&r));
	assert_true(r.addrs[0].family == 6 && r.addrs[0].port == RD_RELAY_PORT);
	/* RFC 6761: of that there is none. */
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "relay.invalid", &why), 0);
	assert_non_null(rd_relay_look_up(&r));
	assert_int_equal(r.count, 0);
	/* A proxy may find it. */
	setenv("ALL_PROXY", "socks5://127.0.0.1:1080", 1);
	assert_int_equal(rd_relay_choose(&r, folder_path("none"), "relay.invalid", &why), 0);
	assert_null(rd_relay_look_up(&r));
	assert_true(r.count == 0 && r.proxy.addr.port == 1080);
}

static void
knows_ways(void **state)
{
	struct rd_agent_relay r = {.udp = true};
	(void)state;
	rd_relay_set_way(&r, 0);
	assert_true(r.udp && r.tls);
	rd_relay_set_way(&r, 1);
	assert_true(r.udp && !r.tls);
	rd_relay_set_way(&r, 2);
	assert_true(!r.udp && r.tls);
	assert_string_equal(rd_path_policies[RD_PATH_DIRECT], "direct");
	assert_string_equal(rd_path_policies[RD_PATH_RELAY], "relay");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(takes_the_first_named, setup, teardown),
		cmocka_unit_test_setup_teardown(says_what_is_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_the_proxy_on_the_way, setup, teardown),
		cmocka_unit_test_setup_teardown(looks_up_addresses, setup, teardown),
		cmocka_unit_test(knows_ways),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}
