/*
 * rd-send: shows this desktop to viewers that prove themselves.
 *
 * In: an rd-stream(5), from a producer of each viewer's own, from one for all,
 * or from stdin. Out: to every viewer over an encrypted session,
 * rd-session(5), what its rights let pass; and what viewers send back to the
 * producer, or to stdout.
 *
 * Two processes. The monitor (monitor.h) reads the files with keys, decides who
 * comes in and starts producers. The other (serve.h) is at the network, holds
 * the host's key and is confined. Start reading at serve.h; what the two say to
 * each other is said.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/confine.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/notify.h"
#include "base/std.h"
#include "net/password.h"
#include "net/prompt.h"
#include "net/relay_choose.h"
#include "rd-send/monitor.h"
#include "rd-send/options.h"
#include "rd-send/serve.h"

static int
ask_passphrase(void *ctx, const char *prompt, char *out, size_t cap)
{
	(void)ctx;
	return rd_prompt_secret(prompt, out, cap);
}

static const char *
what_is_wrong(int err)
{
	switch (err) {
	case -EPERM:
		return "others may read or write it (chmod 600 it)";
	case -EBADMSG:
		return "a wrong passphrase, or damaged";
	case -ENOKEY:
	case -ENXIO:
		return "it has a passphrase, and there is no terminal to ask for it";
	default:
		return strerror(-err);
	}
}

/* It has a copy of all that is known here when it is started: nothing secret yet. */
static void
start_portmap(const struct options *o, struct secrets *s)
{
	bool relay = o->relay || getenv("RD_RELAY") || access(o->relays, F_OK) == 0;
	*s = (struct secrets){.portmap = -1};
	if (o->no_relay || !relay || o->path == RD_PATH_RELAY || rd_portmap_start(&s->portmap) != 0)
		s->portmap = -1;
}

static int
read_secrets(const struct options *o, struct secrets *s)
{
	bool made = false;
	int err = rd_identity_open(o->identity, &s->key, ask_passphrase, NULL, &made);
	if (err) {
		rd_error("%s: %s", o->identity, what_is_wrong(err));
		return RD_EXIT_IDENTITY;
	}
	if (made)
		rd_info("made a key for this host: %s", o->identity);
	err = rd_password_load(o->password, s->prs, s->salt);
	if (err && err != -ENOENT) {
		rd_error("%s: %s", o->password, what_is_wrong(err));
		return RD_EXIT_IDENTITY;
	}
	s->has_password = !err;
	return 0;
}

/* Before the network's half is confined: the relay's certificate may have to be checked. */
static int
read_certificates(const struct options *o, bool needed)
{
	int err = needed || o->ca_file ? rd_tunnel_prepare(o->ca_file) : 0;
	if (err && o->ca_file) {
		rd_error("--ca-file %s: %s", o->ca_file, rd_tunnel_why(err));
		return RD_EXIT_INPUT;
	}
	if (err)
		rd_warn("no certificates to check the relay's against");
	return 0;
}

/* Which relay, if one is wanted or set. */
static int
read_relay(const struct options *o, struct secrets *s)
{
	const char *why;
	if (o->no_relay)
		return read_certificates(o, false);
	int err = rd_relay_choose(&s->relay, o->relays, o->relay, &why);
	if (err == -ENOENT && o->code) {
		rd_error("a code needs a relay, and none is set: rd-key relay NAME KEY, or --relay NAME");
		return RD_EXIT_USAGE;
	}
	if (err == -ENOENT)
		return read_certificates(o, false);
	if (err == -EINVAL) {
		rd_error("%s", why);
		return RD_EXIT_USAGE;
	}
	if (err) {
		rd_error("%s: %s", o->relays, what_is_wrong(err));
		return RD_EXIT_IDENTITY;
	}
	rd_relay_set_way(&s->relay, o->relay_way);
	s->relay.ca_file = o->ca_file;
	s->has_relay = true;
	return read_certificates(o, s->relay.tls);
}

/* The socket is made here and served at the network, where the sessions are. */
static void
open_socket(const struct options *o, struct door *door, int *feed)
{
	char host[RD_CONTROL_NAME + 1] = "";
	int pair[2];
	gethostname(host, sizeof(host) - 1);
	rd_control_place_open(&door->place, "rd-send", o->control_name, host[0] ? host : "desktop");
	if (door->place.fd < 0 || rd_control_feed_pair(pair) != 0)
		return;
	door->feed = pair[0];
	*feed = pair[1];
}

static int
open_door(const struct options *o, struct door *door, int *feed)
{
	rd_control_place_none(&door->place);
	door->feed = *feed = -1;
	if (o->confine_test)
		return 0;
	if (o->control)
		open_socket(o, door, feed);
	return rd_metrics_listen(&door->place, &o->metrics, "rd-send");
}

static void
close_door(struct door *door, int feed)
{
	rd_control_place_close(&door->place);
	if (door->feed >= 0)
		close(door->feed);
	door->feed = -1;
	if (feed >= 0)
		rd_control_feed_from(feed);
}

/*
 * Both processes will need a loop, and each would say for itself that there is no
 * room for one: here is less than either has, and whoever lacks it ends, with a line.
 */
static void
try_loop(void)
{
	struct rd_signal s;
	struct rd_loop *loop = rd_loop_new();
	rd_signal_open(&s, loop, SIGCHLD, NULL, NULL);
	rd_signal_close(&s);
	rd_loop_free(loop);
}

static int
at_network(const struct options *o, struct secrets *secrets, int pair, struct door *door)
{
	rd_confine_descriptors_keep((const int[]){pair, secrets->portmap, door->place.fd, door->place.page,
		door->place.team, door->feed}, 6);
	if (o->producer && !o->confine_test)
		rd_confine_stdio(true, true, false);
	return serve_run(o, secrets, pair, door);
}

/* What the monitor has no use for is closed, and what it must not know forgotten. */
static void
let_go(struct secrets *secrets, struct door *door, int feed)
{
	close_door(door, feed);
	if (secrets->portmap >= 0)
		close(secrets->portmap);
	sodium_memzero(secrets, sizeof(*secrets));
	rd_confine_stdio(true, true, false);
}

static int
run(const struct options *o, struct secrets *secrets, const struct rd_notify *notify)
{
	int pair[2], feed;
	struct door door;
	struct rd_key key = secrets->key.public;
	struct rd_agent_relay relay = secrets->relay;
	bool has_relay = secrets->has_relay;
	int code = open_door(o, &door, &feed);
	if (code) {
		rd_control_place_remove(&door.place);
		return code;
	}
	int err = rd_ipc_pair(pair);
	if (!err)
		try_loop();
	pid_t network = err ? -1 : fork();
	if (network < 0) {
		rd_error("cannot start the process at the network: %s",
			strerror(err ? -err : errno));
		return RD_EXIT_FAILURE;
	}
	if (network == 0)
		return at_network(o, secrets, pair[1], &door);
	close(pair[1]);
	let_go(secrets, &door, feed);
	sodium_memzero(relay.join, sizeof(relay.join));
	code = monitor_run(o, &key, has_relay ? &relay : NULL, notify, network, pair[0]);
	rd_agent_relay_wipe(&relay);
	rd_control_place_remove(&door.place);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct secrets secrets;
	struct rd_notify notify;
	int code;

	rd_std_open();
	rd_log_open("rd-send");
	rd_notify_take(&notify);
	if (sodium_init() < 0) {
		rd_error("libsodium cannot be used on this machine");
		return RD_EXIT_FAILURE;
	}
	if (!options_read(&o, argc, argv, &code))
		return code;
	rd_event_print(o.json);
	start_portmap(&o, &secrets);
	code = read_secrets(&o, &secrets);
	if (!code)
		code = read_relay(&o, &secrets);
	if (!code)
		code = run(&o, &secrets, &notify);
	sodium_memzero(&secrets, sizeof(secrets));
	options_finish(&o);
	return code;
}
