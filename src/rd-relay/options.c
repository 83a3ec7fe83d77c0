#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/private.h"
#include "rd-relay/options.h"
#include "rd-relay/peers.h"

#define STATE_OF_SYSTEM "/var/lib/rd-relay"
#define METRICS_PORT 9464
#define HTTPS_PORT 443

/* What the tables fill before it is judged as a whole. */
struct given {
	const char *listen, *tls, *metrics, *state;
	bool metrics_anywhere;
};

/* How a mistake begins: with its place in the file, or with the option. To free. */
static char *
begin(const struct options *o, const char *option, const char *text)
{
	char *place = config_place(&o->config, o->config_file, text);
	if (!place)
		return xasprintf("--%s", option);
	char *both = xasprintf("%s: %s", place, option);
	free(place);
	return both;
}

static int
mistake(const struct options *o, const char *option, const char *text, const char *what)
{
	char *head = begin(o, option, text);
	rd_error("%s: %s", head, what);
	free(head);
	return RD_EXIT_USAGE;
}

/* --- addresses --- */

/* Adds the addresses of a name; "" is every one this machine has. */
static int
add_name(struct places *to, const char *head, const struct rd_host_port *at)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_DGRAM}, *list;
	if (!at->host[0]) {
		to->at[to->count++] = (struct rd_addr){.port = at->port};
		return 0;
	}
	int err = getaddrinfo(at->host, NULL, &hints, &list);
	if (err) {
		rd_error("%s: %s: %s", head, at->host, gai_strerror(err));
		return RD_EXIT_USAGE;
	}
	for (struct addrinfo *i = list; i && to->count < LISTEN_MAX; i = i->ai_next) {
		struct rd_addr *a = &to->at[to->count];
		if (rd_addr_from_sockaddr(a, i->ai_addr, i->ai_addrlen))
			continue;
		a->port = at->port;
		to->count++;
	}
	freeaddrinfo(list);
	return 0;
}

/* One address; false: there are too many, or it is none. */
static bool
judge_place(struct places *to, const char *head, const char *one, uint16_t port)
{
	struct rd_host_port at;
	if (rd_host_port_parse(&at, one, port)) {
		char *word = rd_log_escape(one, strlen(one), 64);
		rd_error("%s: \"%s\" is no [address]:port", head, word);
		free(word);
		return false;
	}
	if (to->count < LISTEN_MAX)
		return add_name(to, head, &at) == 0;
	rd_error("%s: that many addresses are not taken", head);
	return false;
}

static int
judge_places(const struct options *o, struct places *to, const char *option, const char *text,
	uint16_t port)
{
	char *copy = xstrdup(text), *rest = copy, *one;
	char *head = begin(o, option, text);
	bool good = true;
	while (good && (one = strsep(&rest, ",")))
		good = judge_place(to, head, one, port);
	free(head);
	free(copy);
	return good ? 0 : RD_EXIT_USAGE;
}

/* By TLS we are where we are by UDP, and at the port that every network lets through. */
static int
judge_tls(struct options *o, const char *text)
{
	if (text)
		return strcmp(text, "off") == 0 ? 0 : judge_places(o, &o->tls, "tls", text, RD_RELAY_PORT);
	o->tls_quiet = true;
	o->tls = o->udp;
	for (unsigned i = 0; i < o->udp.count && o->tls.count < LISTEN_MAX; i++) {
		struct rd_addr https = o->udp.at[i];
		https.port = HTTPS_PORT;
		if (o->udp.at[i].port)
			o->tls.at[o->tls.count++] = https;
	}
	return 0;
}

static int
judge_metrics(struct options *o, const struct given *g)
{
	struct places at = {0};
	if (strcmp(g->metrics, "off") == 0)
		return 0;
	int code = judge_places(o, &at, "metrics", g->metrics, METRICS_PORT);
	if (code)
		return code;
	o->metrics = at.at[0];
	if (o->metrics.family == 0)
		o->metrics.family = 4;	/* ":9464": every address, which is to be said twice */
	if (!g->metrics_anywhere && !rd_addr_is_loopback(&o->metrics))
		return mistake(o, "metrics", g->metrics,
			"others than this machine reach that address: that takes metrics-anywhere");
	return 0;
}

/* --- folder --- */

static bool
is_ours(const char *dir)
{
	struct stat st;
	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

static int
judge_state(struct options *o, const char *given)
{
	if (given)
		o->state = xstrdup(given);
	else if (is_ours(STATE_OF_SYSTEM))
		o->state = xstrdup(STATE_OF_SYSTEM);
	if (o->state)
		return 0;
	char *tools = rd_folder_own(false);
	if (!tools) {
		rd_error("no folder for the key of this relay: %s; name one with --state",
			strerror(errno));
		return RD_EXIT_IDENTITY;
	}
	o->state = xasprintf("%s-relay", tools);
	free(tools);
	return 0;
}

/* --- the whole --- */

static int
judge(struct options *o, const struct given *g)
{
	int code = judge_places(o, &o->udp, "listen", g->listen, RD_RELAY_PORT);
	if (!code)
		code = judge_tls(o, g->tls);
	if (!code)
		code = judge_metrics(o, g);
	if (!code && o->certificate && !o->certificate_key)
		code = mistake(o, "certificate", o->certificate, "it takes certificate-key, too");
	if (!code && o->certificate_key && !o->certificate)
		code = mistake(o, "certificate-key", o->certificate_key,
			"it takes certificate, too");
	return code ? code : judge_state(o, g->state);
}

static int
add_host(void *target, const char *text, const char **error)
{
	struct options *o = target;
	char *copy = xstrdup(text), *rest = copy, *one;
	int err = 0;
	while (!err && (one = strsep(&rest, ","))) {
		struct rd_key key;
		err = rd_key_parse(&key, one);
		if (err)
			break;
		o->hosts = xreallocarray(o->hosts, o->host_count + 1, sizeof(*o->hosts));
		o->hosts[o->host_count++] = key;
	}
	if (err)
		*error = "a key is wanted: rd: and 43 characters, as rd-key prints it";
	free(copy);
	return err;
}

static int
read_file(struct options *o, const struct config_table *t)
{
	char *text, *error;
	size_t len;
	int err = rd_private_read(o->config_file, RD_PRIVATE_TRUSTED, &text, &len);
	if (err) {
		char *why = rd_private_why(o->config_file, err);
		rd_error("%s", why);
		free(why);
		return RD_EXIT_INPUT;
	}
	err = config_parse(&o->config, t, o->config_file, text, len, &error);
	rd_private_free(text, len);
	if (!err)
		return 0;
	rd_error("%s", error);
	free(error);
	return RD_EXIT_USAGE;
}

static const struct options defaults = {
	.stun_port = RD_RELAY_PORT + 1,
	.confine = true,
	.drain_ns = 10 * RD_NS_PER_S,
	.max_peers = 200000,
	.max_sessions = 65536,
	.sessions_each = 8,
	.connects_minute = 30,
	.tls_connections = 4096,
	.session_bps = 50000000,
	.session_life_ns = UINT64_C(24) * 3600 * RD_NS_PER_S,
	.idle_ns = 60 * RD_NS_PER_S,
};

/* The command line, read over what the file says; it has the last word. */
static bool
parse(const struct rd_opt_tool *tool, int argc, char **argv, int *code)
{
	struct rd_opt_rest rest;
	/* rd_opt_parse moves words about, and they are to be read again. */
	char **words = xcalloc((size_t)argc + 1, sizeof(*words));
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	bool go = rd_opt_parse(tool, argc, words, &rest, code);
	if (go && (rest.argc > 0 || rest.command)) {
		char *word = rest.argc ? rd_log_escape(rest.argv[0], strlen(rest.argv[0]), 64)
			: xstrdup("--");
		rd_error("\"%s\" is not an option; --help lists them", word);
		free(word);
		*code = RD_EXIT_USAGE;
		go = false;
	}
	free(words);
	return go;
}

static const struct given given_defaults = {.listen = ":21120", .metrics = "127.0.0.1:9464"};

/*
 * The command line once to find the file, and then over what that says. Fills
 * o and g, to which the tables point.
 */
static bool
read_all(struct options *o, struct given *g, const struct rd_opt_tool *tool,
	const struct config_table *table, int argc, char **argv, int *code)
{
	*o = defaults;
	*g = given_defaults;
	if (!parse(tool, argc, argv, code))
		return false;
	const char *file = o->config_file;
	if (!file)
		return true;
	options_finish(o);
	*o = defaults;
	*g = given_defaults;
	o->config_file = file;
	*code = read_file(o, table);
	return !*code && parse(tool, argc, argv, code);
}

bool
options_read(struct options *o, int argc, char **argv, int *code)
{
	static const char *const policies[] = {"auto", "direct", "relay", NULL};
	static const char *const command_only[] = {
		"config", "check", "join-key", "log", "help", "version", NULL,
	};
	struct given g;
	const struct rd_opt opts[] = {
		{"listen", 'l', RD_OPT_STRING, &g.listen, .metavar = "[ADDR]:PORT[,...]",
			.help = "where to serve by UDP; port 0 is any free one"},
		{"tls", 't', RD_OPT_STRING, &g.tls, .metavar = "[ADDR]:PORT[,...]|off",
			.help = "where to serve by TLS; without it as --listen, and port 443 if we may"},
		{"stun-port", 0, RD_OPT_INT, &o->stun_port, .metavar = "PORT", .min = 0,
			.max = 65535, .help = "a second UDP port that answers STUN; 0: none"},
		{"config", 'c', RD_OPT_STRING, &o->config_file, .metavar = "FILE",
			.help = "read options from this file; the command line has the last word"},
		{"check", 0, RD_OPT_FLAG, &o->check,
			.help = "say whether the configuration is good, and end"},
		{"state", 's', RD_OPT_STRING, &g.state, .metavar = "DIR",
			.help = "the folder with the relay's key, join key and certificate"},
		{"join-key", 0, RD_OPT_FLAG, &o->show_join_key,
			.help = "print the join key, which hosts need, and end"},
		{"open", 0, RD_OPT_FLAG, &o->open, .help = "serve every host, without a join key"},
		{"hosts", 0, RD_OPT_CALL, o, .metavar = "KEY[,...]",
			.help = "a host that needs no join key; may be given again", .set = add_host},
		{"policy", 0, RD_OPT_CHOICE, &o->policy, .choices = policies,
			.help = "which paths to wish for; the ends decide"},
		{"certificate", 0, RD_OPT_STRING, &o->certificate, .metavar = "FILE",
			.help = "for TLS, PEM, with its chain; without it one of our own making"},
		{"certificate-key", 0, RD_OPT_STRING, &o->certificate_key, .metavar = "FILE",
			.help = "its key, PEM, which nobody else may read"},
		{"metrics", 'm', RD_OPT_STRING, &g.metrics, .metavar = "[ADDR]:PORT|off",
			.help = "where /metrics and /health are asked for"},
		{"metrics-anywhere", 0, RD_OPT_FLAG, &g.metrics_anywhere,
			.help = "also where others than this machine reach it"},
		{"audit", 0, RD_OPT_STRING, &o->audit, .metavar = "FILE",
			.help = "append a line of JSON for each session that ends"},
		{"threads", 0, RD_OPT_INT, &o->threads, .metavar = "N", .min = 0,
			.max = THREADS_MAX, .help = "that forward; 0: one for each processor"},
		{"node", 0, RD_OPT_INT, &o->node, .metavar = "N", .min = 0, .max = 65535,
			.help = "number of this relay among several with one key"},
		{"drain", 0, RD_OPT_TIME, &o->drain_ns, .metavar = "TIME", .max = 86400,
			.help = "how long sessions may go on after SIGTERM"},
		{"json", 0, RD_OPT_FLAG, &o->json, .help = "events on stderr, a line of JSON each"},
		{"confine", 0, RD_OPT_FLAG, &o->confine,
			.help = "the process at the network can open no file and start no program; "
				"--no-confine is for debugging"},
		{"confine-test", 0, RD_OPT_FLAG, &o->confine_test, .hidden = true,
			.help = "try what is forbidden, report, end"},
		{0},
	};
	const struct rd_opt limits[] = {
		{"peers", 0, RD_OPT_INT, &o->max_peers, .min = 1, .max = PEERS_MAX},
		{"sessions", 0, RD_OPT_INT, &o->max_sessions, .min = 1, .max = 1 << 18},
		{"sessions-each", 0, RD_OPT_INT, &o->sessions_each, .min = 1, .max = 1 << 20},
		/* A second of it is the largest burst: less than a train (64 KiB) would let none through. */
		{"session-rate", 0, RD_OPT_RATE, &o->session_bps, .min = 6e5, .max = 1e12},
		{"session-megabytes", 0, RD_OPT_INT, &o->session_bytes, .min = 0, .max = 1e9},
		{"host-gigabytes-day", 0, RD_OPT_INT, &o->host_day_bytes, .min = 0, .max = 1e9},
		{"rate", 0, RD_OPT_RATE, &o->total_bps, .min = 0, .max = 1e12},
		{"session-life", 0, RD_OPT_TIME, &o->session_life_ns, .min = 60, .max = 7 * 86400},
		{"idle", 0, RD_OPT_TIME, &o->idle_ns, .min = 10, .max = 86400},
		{"connects-minute", 0, RD_OPT_INT, &o->connects_minute, .min = 1, .max = 1e6},
		{"tls-connections", 0, RD_OPT_INT, &o->tls_connections, .min = 1, .max = 1 << 20},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-relay",
		.usage = "rd-relay [OPTIONS]\n"
			"rd-relay --join-key\n"
			"rd-relay --check --config FILE",
		.summary = "a meeting place for hosts and viewers behind NAT; it carries what it "
			"cannot read",
		.examples =
			"  rd-relay\n"
			"  rd-relay --join-key\n"
			"  rd-relay --config /etc/rd-relay.yaml --check\n",
		.opts = opts,
	};
	const struct config_table table = {opts, limits, command_only};
	if (!read_all(o, &g, &tool, &table, argc, argv, code))
		return false;
	o->session_bytes *= 1000000;
	o->host_day_bytes *= 1000000000;
	*code = judge(o, &g);
	return *code == 0;
}

void
options_finish(struct options *o)
{
	free(o->state);
	free(o->hosts);
	config_finish(&o->config);
	*o = (struct options){0};
}
