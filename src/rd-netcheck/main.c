/*
 * rd-netcheck: what stands between this machine and others.
 *
 * In: a relay, from the command line, $RD_RELAY or the file `relays`. Out: in
 * words or as JSON, by which ways the relay is reached, what kind of NAT is in
 * between, whether the router opens a port, and what that means for sessions.
 *
 * It does what rd-send and rd-recv do before they meet, with the same parts of
 * net/, and prints what they keep to themselves. Start reading at probe.h.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "rd-netcheck/options.h"
#include "rd-netcheck/probe.h"
#include "rd-netcheck/report.h"

static int
look(const struct options *o, const struct rd_agent_relay *relay, int portmap)
{
	struct finding f = {.relay = &o->relay};
	struct probe *p;
	int code = probe_open(&p, relay, o->limit_ns, portmap);
	if (!code) {
		struct rd_confine_rules rules = {.kind = RD_CONFINE_NETWORK};
		if (o->confine)
			rd_confine(&rules);
		probe_run(p, &f);
		code = report(&f, o->json);
	}
	probe_close(p);
	return code;
}

static int
run(const struct options *o)
{
	/* The process that asks the router, before anything is known; then the names. */
	int portmap = -1;
	if (rd_portmap_start(&portmap) != 0)
		portmap = -1;
	struct rd_agent_relay relay = o->relay;
	struct finding f = {.relay = &o->relay, .why_name = rd_relay_look_up(&relay)};
	int code = f.why_name ? report(&f, o->json) : look(o, &relay, portmap);
	rd_agent_relay_wipe(&relay);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	int code;
	rd_std_open();
	rd_log_open("rd-netcheck");
	if (sodium_init() < 0) {
		rd_error("no source of randomness");
		return RD_EXIT_FAILURE;
	}
	if (options_parse(&o, argc, argv, &code))
		code = run(&o);
	rd_agent_relay_wipe(&o.relay);
	return code;
}
