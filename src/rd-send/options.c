#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/spawn.h"
#include "config/config.h"
#include "net/lan.h"
#include "net/prompt.h"
#include "net/relay_choose.h"
#include "net/relayfile.h"
#include "rd-send/options.h"

#define VIEWERS_DEFAULT 16
#define LISTEN_DEFAULT ":21118"

/* What the table fills before it is judged as a whole. */
struct given {
	const char *listen, *folder, *identity, *cc;
	uint64_t rate;
	int64_t max_viewers, code_fd;
};

static int
mistake(const char *what)
{
	rd_error("%s", what);
	return RD_EXIT_USAGE;
}

/* Adds the addresses of a name; "" is every one this machine has. */
static int
add_name(struct options *o, const struct rd_host_port *at)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_DGRAM}, *list;
	if (!at->host[0]) {
		o->listen[o->listen_count++] = (struct rd_addr){.port = at->port};
		return 0;
	}
	int err = getaddrinfo(at->host, NULL, &hints, &list);
	if (err) {
		rd_error("--listen %s: %s", at->host, gai_strerror(err));
		return RD_EXIT_USAGE;
	}
	for (struct addrinfo *i = list; i && o->listen_count < LISTEN_MAX; i = i->ai_next) {
		struct rd_addr *to = &o->listen[o->listen_count];
		if (rd_addr_from_sockaddr(to, i->ai_addr, i->ai_addrlen))
			continue;
		to->port = at->port;
		o->listen_count++;
	}
	freeaddrinfo(list);
	return 0;
}

static int
judge_listen(struct options *o, const char *text)
{
	char *copy = xstrdup(text), *rest = copy, *one;
	int code = 0;
	while (!code && (one = strsep(&rest, ","))) {
		struct rd_host_port at;
		if (rd_host_port_parse(&at, one, RD_PORT)) {
			rd_error("--listen: \"%s\" is no [address]:port", one);
			code = RD_EXIT_USAGE;
		} else if (o->listen_count == LISTEN_MAX) {
			code = mistake("--listen: that many addresses are not taken");
		} else {
			code = add_name(o, &at);
		}
	}
	free(copy);
	if (!code && !o->udp && !o->tcp)
		code = mistake("--no-udp and --no-tcp leave no way in");
	return code;
}

static char *
file_in(const char *folder, const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

static int
judge_files(struct options *o, const struct given *g)
{
	o->folder = g->folder ? xstrdup(g->folder) : rd_folder_own(true);
	if (!o->folder) {
		rd_error("no folder for keys: %s; name one with --config", strerror(errno));
		return RD_EXIT_IDENTITY;
	}
	o->identity = g->identity ? xstrdup(g->identity) : file_in(o->folder, "identity");
	o->authorized = file_in(o->folder, "authorized_keys");
	o->password = file_in(o->folder, "password");
	o->totp = file_in(o->folder, "totp");
	o->relays = file_in(o->folder, "relays");
	return 0;
}

static int
judge_producer(struct options *o, const struct rd_opt_rest *rest)
{
	if (rest->argc > 0) {
		rd_opt_mistake_operand(rest, ": a command goes after --");
		return RD_EXIT_USAGE;
	}
	if (rest->command && !rest->command[0])
		return mistake("no command after --");
	o->producer = rest->command;
	if (o->producer && !rd_command_exists(o->producer[0])) {
		rd_error("%s: no such command", o->producer[0]);
		return RD_EXIT_COMMAND;
	}
	if (o->producer)
		return 0;
	if (isatty(STDIN_FILENO))
		return mistake("nothing to send: stdin is a terminal; "
			"try: rd-send -- rd-encode -- rd-capture");
	o->shared = true;
	return 0;
}

static int
judge_hook(const char *option, const char *command)
{
	const char *first = command + strspn(command, " \t");
	char *name = strndup(first, strcspn(first, " \t"));
	int code = 0;
	if (!name || !*name) {
		rd_error("%s names no command", option);
		code = RD_EXIT_USAGE;
	} else if (!rd_command_exists(name)) {
		rd_error("%s: %s: no such command", option, name);
		code = RD_EXIT_COMMAND;
	}
	free(name);
	return code;
}

static int
judge_relay(struct options *o, const struct given *g)
{
	o->code_fd = (int)g->code_fd;
	o->code |= o->code_fd >= 0;
	if (o->code_fd >= 0 && fcntl(o->code_fd, F_GETFD) < 0) {
		rd_error("--code-fd %d: no such descriptor is open", o->code_fd);
		return RD_EXIT_USAGE;
	}
	if (o->no_relay && (o->relay || o->code))
		return mistake("--no-relay goes with neither --relay nor --code");
	char *name = o->relay ? rd_relay_name(o->relay) : NULL;
	bool good = !o->relay || name;
	free(name);
	if (!good)
		return mistake("--relay: that is no relay's name; one is HOST or HOST:PORT");
	if (o->remember && (!o->remember[0] || strchr(o->remember, '\n')))
		return mistake("--remember: a name is a line that is not empty");
	return 0;
}

/* Who is to be found has to be where others are. */
static int
judge_announce(struct options *o)
{
	bool others = false;
	if (o->announce && strcmp(o->announce, "off") == 0)
		o->announce = NULL;
	if (!o->announce)
		return 0;
	for (unsigned i = 0; i < o->listen_count; i++)
		others |= !rd_addr_is_loopback(&o->listen[i]);
	if (!others)
		return mistake("--announce: on the addresses of --listen no other machine can come");
	if (!rd_lan_name_ok(o->announce))
		return mistake("--announce: a name is of 1 to 63 bytes, without control characters");
	return 0;
}

static int
judge(struct options *o, const struct given *g, const struct rd_opt_rest *rest)
{
	int code = judge_producer(o, rest);
	if (code)
		return code;
	if ((o->lock || o->blank) && !o->producer)
		return mistake("--lock-on-end and --blank are handed on to a producer: with a stream on stdin give "
			"them to its rd-capture");
	if (o->blank && strcmp(o->blank, "try") != 0 && strcmp(o->blank, "must") != 0)
		return mistake("--blank=try (or --blank alone), or --blank=must");
	o->max_viewers = o->once ? 1 : (unsigned)g->max_viewers;
	o->ask &= !o->on_connect;
	code = o->on_connect ? judge_hook("--on-connect", o->on_connect) : 0;
	if (!code && o->lock && strcmp(o->lock, "auto") != 0)
		code = judge_hook("--lock-on-end", o->lock);
	if (code)
		return code;
	if ((strcmp(g->cc, "fixed") == 0) != (g->rate > 0))
		return mistake("--cc fixed and --rate belong together");
	o->cc = g->cc;
	o->cc_bps = g->rate;
	if (o->indicator && !o->control)
		rd_warn("no indicator: it needs the control socket, and there is --no-control");
	o->indicator &= o->control;
	code = judge_relay(o, g);
	o->listen_given = g->listen != NULL;
	if (!code)
		code = judge_listen(o, g->listen ? g->listen : LISTEN_DEFAULT);
	if (!code)
		code = judge_announce(o);
	return code ? code : judge_files(o, g);
}

bool
options_read(struct options *o, int argc, char **argv, int *code)
{
	static const char *const ccs[] = {"scream", "fixed", NULL};
	static const char *const locks[] = {"auto", NULL}, *const blanks[] = {"try", "must", NULL};
	struct given g = {.max_viewers = VIEWERS_DEFAULT, .code_fd = -1};
	int cc = 0;
	*o = (struct options){
		.udp = true, .tcp = true, .introduce = true, .confine = true, .relay_policy = true,
		.control = true,
		.ask = rd_prompt_possible(),
	};
	const struct rd_opt opts[] = {
		{"listen", 'l', RD_OPT_STRING, &g.listen, .metavar = "[ADDR]:PORT[,...]",
			.help = "where to wait for viewers; port 0 is any free one"},
		{"relay", 'r', RD_OPT_STRING, &o->relay, .metavar = "NAME",
			.help = "be met through this relay, too; default: $RD_RELAY, else your own "
				"(rd-key relay)", .instead = "no-relay", .environment = "RD_RELAY"},
		{"no-relay", 0, RD_OPT_FLAG, &o->no_relay, .help = "through none, whatever is set",
			.instead = "relay,code"},
		{"code", 'C', RD_OPT_FLAG, &o->code,
			.help = "let somebody in, once, who types the code that is printed",
			.instead = "no-relay"},
		{"code-fd", 0, RD_OPT_INT, &g.code_fd, .metavar = "N", .min = 0, .max = INT32_MAX,
			.help = "write the code to this descriptor, too, a line", .command_only = true,
			.instead = "no-relay"},
		{"remember", 0, RD_OPT_STRING, &o->remember, .metavar = "NAME",
			.help = "authorize who came by the code and wants to come again, under that name, "
				"without asking"},
		{"path", 0, RD_OPT_CHOICE, &o->path, .choices = rd_path_policies,
			.help = "which ways sessions may go: direct: never through the relay; relay: only"},
		{"relay-policy", 0, RD_OPT_FLAG, &o->relay_policy,
			.help = "without --path, heed which ways the relay wishes; --no-relay-policy: do not"},
		{"shared", 's', RD_OPT_FLAG, &o->shared,
			.help = "one producer for all viewers, instead of one for each"},
		{"view-only", 'v', RD_OPT_FLAG, &o->view_only,
			.help = "nobody may send input, whatever their key allows"},
		{"once", '1', RD_OPT_FLAG, &o->once,
			.help = "one viewer; end when it leaves, with the session's exit status"},
		{"max-viewers", 'm', RD_OPT_INT, &g.max_viewers, .metavar = "N",
			.min = 1, .max = VIEWERS_MAX, .help = "how many may watch at once"},
		{"timeout", 't', RD_OPT_TIME, &o->timeout_ns, .metavar = "TIME",
			.help = "end with a failure if no viewer has come by then"},
		{"on-connect", 'c', RD_OPT_STRING, &o->on_connect, .metavar = "COMMAND",
			.help = "let in whom this command lets in by its exit status 0; split at "
				"blanks, run without a shell"},
		{"ask", 'a', RD_OPT_FLAG, &o->ask,
			.help = "ask at the terminal about keys that are not authorized"},
		{"lock-on-end", 0, RD_OPT_STRING, &o->lock, .metavar = "auto|COMMAND", .alone = "auto",
			.choices = locks, .help = "have rd-capture, the producer, lock the desktop when a "
				"viewer that typed or pointed has gone"},
		{"blank", 0, RD_OPT_STRING, &o->blank, .metavar = "try|must", .alone = "try",
			.choices = blanks, .help = "have rd-capture turn this machine's own monitors off while "
				"somebody watches; must: or show nothing"},
		{"introduce", 0, RD_OPT_FLAG, &o->introduce,
			.help = "tell whoever asks which key this host has"},
		{"announce", 0, RD_OPT_STRING, &o->announce, .metavar = "NAME", .alone = ANNOUNCE_AUTO,
			.help = "be found on the local network, by rd-view --list; auto: by the machine's "
				"name; off: not"},
		{"identity", 'i', RD_OPT_STRING, &g.identity, .metavar = "FILE",
			.help = "our own key; made where there is none"},
		{"config", 0, RD_OPT_STRING, &g.folder, .metavar = "DIR",
			.help = "config.yaml, or the folder with it, identity, authorized_keys, relays, "
				"password and totp"},
		{"udp", 0, RD_OPT_FLAG, &o->udp, .help = "serve by UDP"},
		{"tcp", 0, RD_OPT_FLAG, &o->tcp, .help = "serve by TCP, for networks that carry no UDP"},
		{"cc", 0, RD_OPT_CHOICE, &cc, .choices = ccs,
			.help = "how the rate is found; fixed: never (with --rate)", .instead = "rate"},
		{"rate", 0, RD_OPT_RATE, &g.rate, .metavar = "RATE",
			.help = "with --cc fixed, bits a second to every viewer"},
		{"json", 0, RD_OPT_FLAG, &o->json,
			.help = "events on stderr, a line of JSON each"},
		{"name", 0, RD_OPT_STRING, &o->control_name, .metavar = "NAME",
			.help = "what rd-ctl calls this host; default: the machine's name"},
		{"indicator", 0, RD_OPT_FLAG, &o->indicator,
			.help = "while somebody is connected a small window says so here (rd-indicator)"},
		{"control", 0, RD_OPT_FLAG, &o->control,
			.help = "rd-ctl may ask and tell this host; --no-control: it cannot"},
		RD_METRICS_OPTIONS(&o->metrics),
		{"confine", 0, RD_OPT_FLAG, &o->confine,
			.help = "the process at the network can open no file and start no program; "
				"--no-confine is for debugging"},
		{"relay-way", 0, RD_OPT_CHOICE, &o->relay_way, .choices = rd_relay_ways,
			.help = "how the relay is reached; for tests"},
		{"ca-file", 0, RD_OPT_STRING, &o->ca_file, .metavar = "FILE",
			.help = "certificates that the relay's is checked against, instead of the system's"},
		{"code-life", 0, RD_OPT_TIME, &o->code_life_ns, .metavar = "TIME", .min = 0.1, .max = 600,
			.help = "the code is worth nothing after so long; for tests", .hidden = true},
		{"confine-test", 0, RD_OPT_FLAG, &o->confine_test, .hidden = true,
			.help = "try what is forbidden, report, end"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-send",
		.usage = "rd-send [OPTIONS] -- PRODUCER [ARGUMENT...]\n"
			"rd-send [OPTIONS] < STREAM",
		.summary = "shows this desktop to viewers that prove themselves",
		.examples =
			"  rd-send -- rd-encode -- rd-capture\n"
			"  rd-send --code -- rd-encode -- rd-capture     what rd-share runs\n"
			"  rd-capture | rd-encode | rd-send | rd-capture --inject\n"
			"  rd-send --once --view-only < demo.rd\n",
		.opts = opts,
		.operand = "command",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	g.cc = ccs[cc];
	*code = judge(o, &g, &rest);
	return *code == 0;
}

void
options_finish(struct options *o)
{
	free(o->folder);
	free(o->identity);
	free(o->authorized);
	free(o->password);
	free(o->totp);
	free(o->relays);
}
