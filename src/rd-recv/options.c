#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/opt.h"
#include "net/keyfile.h"
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

static bool
is_open(const char *option, int64_t fd)
{
	if (fd < 0 || fcntl((int)fd, F_GETFD) >= 0)
		return true;
	rd_error("--%s %d: no such descriptor is open", option, (int)fd);
	return false;
}

static bool
judge(struct options *o, const struct rd_opt_rest *rest, bool udp, bool tcp)
{
	if (rest->command)
		return mistake("rd-recv starts no command; one that takes the stream stands after a |");
	if (rest->argc == 0)
		return mistake("which host? rd-recv HOST > stream (see --help)");
	if (rest->argc > 1)
		return mistake("one host at a time");
	if (udp && tcp)
		return mistake("--udp and --tcp: without either both are tried");
	if (o->identity && o->identity_fd >= 0)
		return mistake("--identity or --identity-fd, not both");
	if (!is_open("identity-fd", o->identity_fd) || !is_open("password-fd", o->password_fd) ||
			!is_open("totp-fd", o->totp_fd))
		return false;
	o->way = udp ? RD_DIAL_UDP : tcp ? RD_DIAL_TCP : RD_DIAL_AUTO;
	if (!read_host(o, rest->argv[0]))
		return false;
	if (!o->confine_test && isatty(STDOUT_FILENO))
		return mistake("standard output is a terminal, and the stream is no text: "
			"redirect it, or use rd-view HOST");
	return true;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	static const char *const ccs[] = {"scream", "fixed", NULL};
	bool udp = false, tcp = false;
	int cc = 0;
	*o = (struct options){
		.service = "desktop", .confine = true,
		.identity_fd = -1, .password_fd = -1, .totp_fd = -1,
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
		{.name = "host-key", .kind = RD_OPT_CALL, .target = o, .set = set_key, .metavar = "KEY",
			.help = "the host's key, whatever known_hosts says; also KEY@HOST"},
		{.name = "accept-new", .kind = RD_OPT_FLAG, .target = &o->accept_new,
			.help = "take the key of a host not yet known without asking"},
		{.name = "identity", .letter = 'i', .kind = RD_OPT_STRING, .target = &o->identity,
			.metavar = "FILE", .help = "our own key; default: identity in the configuration folder"},
		{.name = "identity-fd", .kind = RD_OPT_INT, .target = &o->identity_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX, .help = "read our own key from this descriptor"},
		{.name = "password-fd", .kind = RD_OPT_INT, .target = &o->password_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX,
			.help = "read the host's password from this descriptor; else $RD_PASSWORD, else a prompt"},
		{.name = "totp-fd", .kind = RD_OPT_INT, .target = &o->totp_fd, .metavar = "N",
			.min = 0, .max = INT32_MAX,
			.help = "read the code of an authenticator from this descriptor"},
		{.name = "config", .kind = RD_OPT_STRING, .target = &o->config, .metavar = "DIR",
			.help = "folder of identity and known_hosts; default: $XDG_CONFIG_HOME/rd"},
		{.name = "udp", .kind = RD_OPT_FLAG, .target = &udp, .help = "only by UDP"},
		{.name = "tcp", .kind = RD_OPT_FLAG, .target = &tcp, .help = "only by TCP"},
		{.name = "json", .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "tell what happens on stderr, a JSON object a line"},
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
		.usage = "rd-recv [OPTIONS] [KEY@]HOST[:PORT] > STREAM",
		.summary = "joins a session: writes its stream, sends back what comes in",
		.examples =
			"  rd-view build1                       what starts this for you\n"
			"  rd-recv build1 > session.rd          a recording\n"
			"  rd-recv --accept-new --once build1 | rd-view --to png:shot.png --frames 1 -\n",
		.opts = opts,
		.operand = "host",
	};
	struct rd_opt_rest rest;
	if (!rd_opt_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	o->cc = ccs[cc];
	return judge(o, &rest, udp, tcp);
}

void
options_finish(struct options *o)
{
	free(o->name);
	o->name = NULL;
}
