#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/std.h"
#include "config/config.h"
#include "net/code.h"
#include "net/keyfile.h"
#include "net/relay_choose.h"
#include "net/relayfile.h"
#include "rd-recv/options.h"

static int
set_key(void *target, const char *text, const char **error)
{
	struct options *o = target;
	if (rd_key_parse(&o->key, text) != 0) {
		*error = "a key is \"rd:\" and 43 letters, as rd-key prints it";
		return -EINVAL;
	}
	o->has_key = true;
	return 0;
}

static bool
mistake(const char *what)
{
	rd_error("%s", what);
	return false;
}

/* [KEY@]HOST[:PORT] */
static bool
read_host(struct options *o, const char *text)
{
	const char *at = strchr(text, '@'), *error, *host = at ? at + 1 : text;
	if (at) {
		char key[RD_KEY_TEXT];
		size_t len = (size_t)(at - text);
		if (len >= sizeof(key))
			return mistake("before '@' belongs the host's key; there are no users here");
		memcpy(key, text, len);
		key[len] = '\0';
		if (set_key(o, key, &error) != 0)
			return mistake("before '@' belongs the host's key; there are no users here");
	}
	int err = rd_host_port_parse(&o->host, host, RD_PORT);
	o->name = err || !o->host.host[0] ? NULL : rd_known_host(host);
	if (o->name)
		return true;
	rd_error("\"%s\" is no HOST, HOST:PORT or [ADDRESS]:PORT", text);
	return false;
}

/* [relay/]7-orbit-cactus-lamp-river, or relay/ alone: then it is asked for. */
static bool
is_code(const char *text)
{
	const char *slash = strrchr(text, '/');
	return rd_code_looks(slash ? slash + 1 : text) || (slash && !slash[1]);
}

/* The one secret that may stand on the command line is gone from there at once. */
static void
take_code(struct options *o, char *text)
{
	o->by_code = true;
	o->code = xstrdup(strcmp(text, "-") == 0 ? "" : text);
	sodium_memzero(text, strlen(text));
}

static int
set_code(void *target, const char *text, const char **error)
{
	struct options *o = target;
	if (o->by_code) {
		*error = "one code at a time";
		return -EINVAL;
	}
	/* It is of argv. */
	take_code(o, (char *)text);
	return 0;
}

static bool
is_open(const char *option, int64_t fd)
{
	if (fd < 0 || fcntl((int)fd, F_GETFD) >= 0)
		return true;
	rd_error("--%s %d: no such descriptor is open", option, (int)fd);
	return false;
}

/* Whom: one host, or one code. */
static bool
read_operand(struct options *o, const struct rd_opt_rest *rest)
{
	o->nearest = rest->nearest;
	int given = rest->argc + (o->code != NULL) + (o->code_fd >= 0);
	if (given == 0)
		return mistake("which host? rd-recv HOST > stream (see --help)");
	if (rest->argc == 1 + RD_CODE_WORDS &&
			strspn(rest->argv[0], "0123456789") == strlen(rest->argv[0]))
		return mistake("a code with blanks in it stands in quotes");
	if (given > 1)
		return mistake("one host or code at a time");
	if (o->code_fd >= 0) {
		o->by_code = true;
		o->code = xstrdup("");
	} else if (!o->code && is_code(rest->argv[0])) {
		take_code(o, rest->argv[0]);
	}
	if (!o->by_code)
		return read_host(o, rest->argv[0]);
	/* Until it is known of which relay and slot. */
	o->name = xstrdup("code");
	return true;
}

static bool
judge_relay(const struct options *o)
{
	char *name = o->relay ? rd_relay_name(o->relay) : NULL;
	bool relay = !o->relay || name;
	free(name);
	if (!relay)
		return mistake("--relay: that is no relay's name; one is HOST or HOST:PORT");
	if (o->by_code && o->has_key)
		return mistake("--host-key: a code proves who the host is; nothing else is needed");
	if (o->by_code && o->way == RD_DIAL_TCP && o->relay_way == 1)
		return mistake("--tcp and --relay-way udp leave no way");
	if (o->remember && !o->by_code)
		return mistake("--remember is for a host that is met by a code");
	name = o->remember ? rd_known_host(o->remember) : NULL;
	bool host = !o->remember || name;
	free(name);
	return host || mistake("--remember: a host's name has no blanks and no slash in it");
}

static bool
judge_list(const struct options *o, const struct rd_opt_rest *rest)
{
	if (rest->argc || rest->command || o->code || o->code_fd >= 0)
		return mistake("--list takes no host: it shows which there are");
	if (o->wake)
		return mistake("--list shows who is awake: --wake does not go with it");
	return true;
}

static bool
judge(struct options *o, const struct rd_opt_rest *rest, bool udp, bool tcp)
{
	if (o->list)
		return judge_list(o, rest);
	if (rest->command)
		return mistake("rd-recv starts no command; one that takes the stream stands after a |");
	if (udp && tcp)
		return mistake("--udp and --tcp: without either both are tried");
	if (o->identity && o->identity_fd >= 0)
		return mistake("--identity or --identity-fd, not both");
	if (!is_open("identity-fd", o->identity_fd) || !is_open("password-fd", o->password_fd) ||
			!is_open("totp-fd", o->totp_fd) || !is_open("code-fd", o->code_fd))
		return false;
	o->way = udp ? RD_DIAL_UDP : tcp ? RD_DIAL_TCP : RD_DIAL_AUTO;
	if (!read_operand(o, rest) || !judge_relay(o))
		return false;
	if (o->by_code && o->wake)
		return mistake("--wake: a host that has given a code is awake");
	if (!o->confine_test && isatty(STDOUT_FILENO))
		return mistake("standard output is a terminal, and the stream is no text: "
			"redirect it, or use rd-view HOST");
	return true;
}

/* Before a code is spent on what nobody gets. */
static bool
has_output(int *code)
{
	int err = rd_std_output();
	if (!err)
		return true;
	rd_error("stdout: %s", err == -EPIPE ? "the reader is gone" : strerror(-err));
	*code = RD_EXIT_OUTPUT;
	return false;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	static const char *const ccs[] = {"scream", "fixed", NULL};
	bool udp = false, tcp = false;
	int cc = 0;
	*o = (struct options){
		.service = "desktop", .confine = true, .relay_policy = true, .ask_remember = true,
		.control = true,
		.identity_fd = -1, .password_fd = -1, .totp_fd = -1, .code_fd = -1,
	};
	const struct rd_opt opts[] = {
		{.name = "once", .kind = RD_OPT_FLAG, .target = &o->once,
			.help = "end when the session is lost, instead of connecting again"},
		{.name = "timeout", .kind = RD_OPT_TIME, .target = &o->timeout_ns, .metavar = "TIME",
			.help = "give up after so long without a session, with status 13"},
		{.name = "view-only", .kind = RD_OPT_FLAG, .target = &o->view_only,
			.help = "ask for no right to send input"},
		{.name = "service", .kind = RD_OPT_STRING, .target = &o->service, .metavar = "NAME",
			.help = "what to ask the host for"},
		{.name = "list", .kind = RD_OPT_FLAG, .target = &o->list, .command_only = true,
			.help = "join nobody: show the hosts that announce themselves on this network"},
		{.name = "wake", .kind = RD_OPT_FLAG, .target = &o->wake,
			.help = "send the host what wakes its network card, until it answers"},
		{.name = "host-key", .kind = RD_OPT_CALL, .target = o, .set = set_key, .metavar = "KEY",
			.help = "the host's key, whatever known_hosts says; also KEY@HOST",
			.command_only = true},
		{.name = "accept-new", .kind = RD_OPT_FLAG, .target = &o->accept_new,
			.help = "take the key of a host not yet known without asking"},
		{.name = "identity", .letter = 'i', .kind = RD_OPT_STRING, .target = &o->identity,
			.metavar = "FILE", .help = "our own key; default: identity in the configuration folder"},
		{.name = "identity-fd", .kind = RD_OPT_INT, .target = &o->identity_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX, .help = "read our own key from this descriptor",
			.command_only = true, .instead = "identity"},
		{.name = "password-fd", .kind = RD_OPT_INT, .target = &o->password_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX,
			.help = "read the host's password from this descriptor; else $RD_PASSWORD, else a prompt",
			.command_only = true},
		{.name = "totp-fd", .kind = RD_OPT_INT, .target = &o->totp_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX,
			.help = "read the code of an authenticator from this descriptor",
			.command_only = true},
		{.name = "code", .kind = RD_OPT_CALL, .target = o, .set = set_code, .metavar = "CODE",
			.help = "a one-time code, [relay/]7-orbit-cactus-lamp-river; '-': ask for it",
			.command_only = true},
		{.name = "code-fd", .kind = RD_OPT_INT, .target = &o->code_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX, .help = "read the code from this descriptor",
			.command_only = true},
		{.name = "relay", .kind = RD_OPT_STRING, .target = &o->relay, .metavar = "NAME",
			.help = "meet the host through this relay; for a code without one: else $RD_RELAY, "
				"else your own", .environment = "RD_RELAY"},
		{.name = "path", .kind = RD_OPT_CHOICE, .target = &o->path, .choices = rd_path_policies,
			.help = "which ways may be used: direct: never through a relay; relay: only"},
		{.name = "relay-policy", .kind = RD_OPT_FLAG, .target = &o->relay_policy,
			.help = "without --path, heed which ways the relay wishes; --no-relay-policy: do not"},
		{.name = "remember", .kind = RD_OPT_STRING, .target = &o->remember, .metavar = "NAME",
			.help = "after a meeting by code, know the host by that name; it must agree",
			.command_only = true},
		{.name = "ask-remember", .kind = RD_OPT_FLAG, .target = &o->ask_remember,
			.help = "without --remember, ask at the terminal", .hidden = true},
		{.name = "relay-way", .kind = RD_OPT_CHOICE, .target = &o->relay_way,
			.choices = rd_relay_ways, .help = "how the relay is reached; for tests"},
		{.name = "ca-file", .kind = RD_OPT_STRING, .target = &o->ca_file, .metavar = "FILE",
			.help = "certificates that a relay's is checked against, instead of the system's"},
		{.name = "config", .kind = RD_OPT_STRING, .target = &o->config, .metavar = "DIR",
			.help = "config.yaml, or the folder with it, identity and known_hosts; default: "
				"$XDG_CONFIG_HOME/rd"},
		{.name = "udp", .kind = RD_OPT_FLAG, .target = &udp, .help = "only by UDP",
			.instead = "tcp"},
		{.name = "tcp", .kind = RD_OPT_FLAG, .target = &tcp, .help = "only by TCP",
			.instead = "udp"},
		{.name = "json", .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "tell what happens on stderr, a JSON object a line"},
		{.name = "name", .kind = RD_OPT_STRING, .target = &o->control_name, .metavar = "NAME",
			.help = "what rd-ctl calls this session; default: the host's name"},
		{.name = "control", .kind = RD_OPT_FLAG, .target = &o->control,
			.help = "rd-ctl may ask and tell this session; --no-control: it cannot"},
		RD_METRICS_OPTIONS(&o->metrics),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "the process on the network has no files; --no-confine is for debugging"},
		{.name = "confine-test", .kind = RD_OPT_FLAG, .target = &o->confine_test,
			.help = "try what is forbidden, report, end", .hidden = true},
		{.name = "cc", .kind = RD_OPT_CHOICE, .target = &cc, .choices = ccs,
			.help = "congestion control", .hidden = true},
		{.name = "rate", .kind = RD_OPT_RATE, .target = &o->rate_bps, .metavar = "RATE",
			.help = "of --cc fixed", .hidden = true},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-recv",
		.usage = "rd-recv [OPTIONS] [KEY@]HOST[:PORT] > STREAM\n"
			"rd-recv [OPTIONS] [RELAY/]CODE > STREAM\n"
			"rd-recv --list [--json] [--timeout TIME]",
		.summary = "joins a session: writes its stream, sends back what comes in",
		.examples =
			"  rd-view build1                       what starts this for you\n"
			"  rd-recv build1 > session.rd          a recording\n"
			"  rd-recv --accept-new --once build1 | rd-view --to png:shot.png --frames 1 -\n",
		.opts = opts,
		.operand = "host",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	o->cc = ccs[cc];
	return judge(o, &rest, udp, tcp) && has_output(code);
}

void
options_finish(struct options *o)
{
	if (o->code)
		sodium_memzero(o->code, strlen(o->code));
	free(o->code);
	free(o->name);
	o->name = o->code = NULL;
}
