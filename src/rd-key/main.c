/*
 * rd-key: your own key, and those of the people and machines you deal with.
 *
 * In goes a verb and what it is about; the files are in one folder, rd-keys(5):
 * identity, authorized_keys, known_hosts, wake, relays, password, totp. Out comes a key, a
 * list or nothing. Nothing secret is taken from the command line.
 *
 * Start reading at the table here; each verb is a function of the file that
 * verbs.h names. The files themselves are read and written by net/.
 */
#include <sodium.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "rd-key/options.h"
#include "rd-key/verbs.h"

static const struct verb verbs[] = {
	{"", "", 0, 0, TAKES_JSON, own_show},
	{"fingerprint", "[KEY|NAME|FILE]", 0, 1, TAKES_JSON, fingerprint},
	{"allow", "KEY [NAME] [OPTIONS]", 1, 2, TAKES_GRANT | TAKES_REPLACE, allowed_add},
	{"list", "", 0, 0, TAKES_JSON, allowed_list},
	{"remove", "NAME|KEY|FINGERPRINT", 1, 1, 0, allowed_remove},
	{"hosts", "", 0, 0, TAKES_JSON, hosts_list},
	{"trust", "HOST KEY", 2, 2, TAKES_REPLACE | TAKES_VIA, hosts_trust},
	{"forget", "HOST|KEY|FINGERPRINT", 1, 1, 0, hosts_forget},
	{"wake", "[HOST [MAC]]", 0, 2, TAKES_JSON | TAKES_REMOVE, wake},
	{"relay", "[NAME KEY]", 0, 2, TAKES_JSON | TAKES_REPLACE | TAKES_RELAY, relays},
	{"password", "", 0, 0, TAKES_PASSWORD_FD | TAKES_REMOVE, password_set},
	{"totp", "", 0, 0, TAKES_JSON | TAKES_REPLACE | TAKES_REMOVE, totp_set},
	{"passphrase", "", 0, 0, TAKES_PASSPHRASE_FD, own_passphrase},
	{"new", "", 0, 0, TAKES_JSON | TAKES_REPLACE | TAKES_PASSPHRASE_FD, own_new},
	{0},
};

int
main(int argc, char **argv)
{
	struct options o;
	int code;

	rd_std_open();
	rd_log_open("rd-key");
	if (sodium_init() < 0) {
		rd_error("no randomness to be had");
		return RD_EXIT_FAILURE;
	}
	if (options_read(&o, verbs, argc, argv, &code))
		code = o.verb->run(&o);
	options_finish(&o);
	return code;
}
