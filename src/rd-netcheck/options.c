#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "config/config.h"
#include "rd-netcheck/options.h"

struct given { const char *relay, *config, *ca_file; };

static int
choose(struct options *o, const struct given *g)
{
	const char *why;
	char *dir = g->config ? xstrdup(g->config) : rd_folder_own(false);
	char *file = xasprintf("%s/relays", dir ? dir : ".");
	int err = rd_relay_choose(&o->relay, file, g->relay, &why);
	/* It registers nothing. */
	sodium_memzero(o->relay.join, sizeof(o->relay.join));
	o->relay.has_join = false;
	o->relay.ca_file = g->ca_file;
	if (err == -ENOENT)
		rd_error("which relay? rd-netcheck --relay NAME, or $RD_RELAY; rd-key relay sets your own");
	else if (err == -EINVAL)
		rd_error("%s", why);
	else if (err)
		rd_error("%s: %s", file, err == -EPERM ? "others may read or write it (chmod 600 it)"
			: strerror(-err));
	free(file);
	free(dir);
	return !err ? 0 : err == -ENOENT || err == -EINVAL ? RD_EXIT_USAGE : RD_EXIT_IDENTITY;
}

static bool
judge(struct options *o, const struct given *g, const struct rd_opt_rest *rest, int *code)
{
	*code = RD_EXIT_USAGE;
	if (rest->command || rest->argc > 0) {
		rd_error("rd-netcheck takes options only; the relay goes after --relay");
		return false;
	}
	*code = choose(o, g);
	return *code == 0;
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	struct given g = {0};
	*o = (struct options){.confine = true, .limit_ns = 8 * RD_NS_PER_S};
	const struct rd_opt opts[] = {
		{.name = "relay", .letter = 'r', .kind = RD_OPT_STRING, .target = &g.relay,
			.metavar = "NAME", .help = "which relay; default: $RD_RELAY, else your own",
			.environment = "RD_RELAY"},
		{.name = "json", .letter = 'j', .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "an object of JSON instead of words"},
		{.name = "timeout", .letter = 't', .kind = RD_OPT_TIME, .target = &o->limit_ns,
			.metavar = "TIME", .min = 1, .max = 60, .help = "look no longer than this"},
		{.name = "config", .kind = RD_OPT_STRING, .target = &g.config, .metavar = "DIR",
			.help = "folder of relays; default: $XDG_CONFIG_HOME/rd"},
		{.name = "ca-file", .kind = RD_OPT_STRING, .target = &g.ca_file, .metavar = "FILE",
			.help = "certificates that the relay's is checked against, instead of the system's"},
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "look without files and other rights; --no-confine is for debugging"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-netcheck",
		.usage = "rd-netcheck [--relay NAME] [--json]",
		.summary = "says what stands between this machine and others: NAT, router, relay",
		.examples =
			"  rd-netcheck\n"
			"  rd-netcheck --relay relay.example.org --json | jq .nat\n",
		.opts = opts,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	return judge(o, &g, &rest, code);
}
