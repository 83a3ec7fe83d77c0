/*
 * rd-recv: joins a session.
 *
 * In: a host's name, or a one-time code; and on standard input, or back
 * through the socket that standard output is, what the reader of the stream
 * sends (keys, pointer, acknowledgements). Out: the host's rd stream.
 *
 * Two processes: the monitor (monitor.c) has the terminal, the files of keys
 * and the passwords; its child (session.c) has the network and the stream,
 * and is confined. They talk as ask.h says. Start reading at meet.c, where a
 * name becomes a session, and talk.c, where a session becomes a stream;
 * lose.c begins again when the network was lost. With --list there is no
 * session: list.c.
 */
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/confine.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/std.h"
#include "control/place.h"
#include "net/endpoint.h"
#include "net/relay_choose.h"
#include "rd-recv/list.h"
#include "rd-recv/monitor.h"
#include "rd-recv/options.h"
#include "rd-recv/session.h"
#include "rd-recv/trust.h"

static void
confine(const struct options *o)
{
	struct rd_confine_rules rules = {.kind = RD_CONFINE_NETWORK};
	if (o->confine)
		rd_confine(&rules);
	else
		rd_warn("not confined, as --no-confine asks");
}

/* What a relay's certificate is checked against: no file is opened later. */
static int
read_certificates(const struct options *o, const struct known *known)
{
	bool needed = o->ca_file || (known->has_relay && known->relay.tls);
	int err = needed ? rd_tunnel_prepare(o->ca_file) : 0;
	if (err && o->ca_file) {
		rd_error("--ca-file %s: %s", o->ca_file, rd_tunnel_why(err));
		return RD_EXIT_INPUT;
	}
	if (err)
		rd_warn("no certificates to check a relay's against");
	return 0;
}

/* The child: from the monitor's socket to the exit status. */
static int
receive(const struct options *o, const struct known *known, int monitor,
	const struct rd_control_place *place)
{
	int code = read_certificates(o, known);
	if (code)
		return code;
	monitor_forget(o, (const int[]){monitor, known->portmap, place->fd, place->page,
		place->team}, 5);
	struct rd_loop *loop = rd_loop_new();
	struct session *session;
	bool in = o->identity_fd != STDIN_FILENO && o->password_fd != STDIN_FILENO &&
		o->totp_fd != STDIN_FILENO;
	code = session_open(&session, loop, o, known, monitor, place, in);
	if (!code) {
		rd_endpoint_prepare();
		confine(o);
		if (o->confine_test) {
			code = rd_confine_try(RD_CONFINE_NETWORK) ? RD_EXIT_OK : RD_EXIT_FAILURE;
		} else {
			session_start(session);
			code = rd_loop_run(loop);
		}
	}
	session_close(session);
	rd_loop_free(loop);
	close(monitor);
	return code;
}

/* What the user calls it: most often what was dialled. */
static int
open_place(struct rd_control_place *place, const struct options *o)
{
	rd_control_place_none(place);
	if (o->confine_test)
		return 0;
	if (o->control)
		rd_control_place_open(place, "rd-recv", o->control_name, o->name);
	return rd_metrics_listen(place, &o->metrics, "rd-recv");
}

static int
at_network(struct options *o, struct trust *trust, struct known *known, const struct split *split,
	struct rd_control_place *place)
{
	/* The monitor alone has the code's words. */
	rd_code_wipe(&trust->code);
	sodium_memzero(o->code, o->code ? strlen(o->code) : 0);
	return receive(o, known, split->fd, place);
}

static int
as_monitor(struct options *o, struct trust *trust, struct known *known, struct split *split,
	struct rd_control_place *place)
{
	rd_keypair_wipe(&known->own);
	rd_control_place_close(place);
	if (known->portmap >= 0)
		close(known->portmap);
	int code = monitor_run(split, o, trust, known);
	rd_control_place_remove(place);
	return code;
}

static int
run(struct options *o)
{
	struct rd_control_place place;
	struct trust trust;
	struct known known;
	struct split split;
	int code = trust_open(&trust, &known, o);
	if (code)
		rd_control_place_none(&place);
	else
		code = open_place(&place, o);
	int err = code ? 0 : monitor_split(&split);
	if (err) {
		rd_error("no second process: %s", strerror(-err));
		code = RD_EXIT_FAILURE;
	}
	if (code)
		rd_control_place_remove(&place);
	else if (split.child == 0)
		code = at_network(o, &trust, &known, &split, &place);
	else
		code = as_monitor(o, &trust, &known, &split, &place);
	rd_keypair_wipe(&known.own);
	rd_agent_relay_wipe(&known.relay);
	trust_close(&trust);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	int code;
	rd_std_open();
	rd_log_open("rd-recv");
	if (sodium_init() < 0) {
		rd_error("no source of randomness");
		return RD_EXIT_FAILURE;
	}
	if (options_parse(&o, argc, argv, &code)) {
		rd_event_print(o.json && !o.list);
		code = o.list ? list_run(&o) : run(&o);
	}
	options_finish(&o);
	return code;
}
