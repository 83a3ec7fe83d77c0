/*
 * rd-relay: where hosts and viewers behind NAT meet, and what carries their
 * sessions where no path between them stands.
 *
 * In and out: datagrams, rd-relay(5), by UDP and through TLS; STUN. It holds no
 * key of any session: what it forwards it cannot read.
 *
 * Two processes. The monitor (monitor.h) has the files and the signals. The one
 * at the network (network.h) is confined; in it, threads forward (worker.h,
 * forward.h) by what the core says (core.h), and the main thread does the rest.
 * Start reading at network.h and core.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/confine.h"
#include "base/exit.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/notify.h"
#include "base/std.h"
#include "rd-relay/monitor.h"
#include "rd-relay/network.h"
#include "rd-relay/state.h"

/* A descriptor survives rd_confine_descriptors as stdin, which nobody else reads. */
static void
keep_as_stdin(int fd)
{
	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
}

static int
run_network(const struct options *o, struct settings *s, int sock, int audit)
{
	keep_as_stdin(audit);
	rd_confine_descriptors(sock);
	return network_run(o, s, sock, audit >= 0 ? STDIN_FILENO : -1);
}

static int
start(const struct options *o, struct settings *s, int argc, char **argv,
	const struct rd_notify *notify)
{
	int pair[2];
	int audit = monitor_open_audit(o);
	if (audit == -2)
		return RD_EXIT_OUTPUT;
	int err = rd_ipc_pair(pair);
	pid_t network = err ? -1 : fork();
	if (network < 0) {
		rd_error("cannot start the process at the network: %s", strerror(err ? -err : errno));
		return RD_EXIT_FAILURE;
	}
	if (network == 0)
		return run_network(o, s, pair[1], audit);
	close(pair[1]);
	if (audit >= 0)
		close(audit);
	settings_finish(s);
	return monitor_run(&(struct monitor_args){o, argc, argv, network, pair[0], notify});
}

/* --check: what a start would read. Of a relay that has never run that is no key yet. */
static int
check(const struct options *o)
{
	struct settings s;
	char *identity = xasprintf("%s/identity", o->state);
	int code = settings_read(&s, o, access(identity, F_OK) != 0);
	settings_finish(&s);
	free(identity);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct settings s = {0};
	struct rd_notify notify;
	int code;

	rd_std_open();
	rd_log_open("rd-relay");
	rd_notify_take(&notify);
	if (sodium_init() < 0) {
		rd_error("libsodium cannot be used on this machine");
		return RD_EXIT_FAILURE;
	}
	if (!options_read(&o, argc, argv, &code))
		goto out;
	if (o.check)
		code = check(&o);
	else if (o.show_join_key)
		code = state_print_join_key(&o);
	else if ((code = settings_read(&s, &o, false)) == 0)
		code = start(&o, &s, argc, argv, &notify);
	settings_finish(&s);
out:
	options_finish(&o);
	return code;
}
