/*
 * rd-top: what runs here, at a glance.
 *
 * In: the control sockets of the user's programs (control/server.h), or a relay's
 * metrics by HTTP. Out: a dashboard on the terminal, a table, or JSON. Back: what
 * the user has a session do, by the same sockets.
 *
 * What is known and what stands where is pure (model.h, relay.h, layout.h); only
 * screen.c knows the terminal, only peer.c the sockets. Start reading at
 * view_local.c.
 */
#include <locale.h>

#include "base/log.h"
#include "base/std.h"
#include "rd-top/options.h"
#include "rd-top/view_local.h"
#include "rd-top/view_relay.h"

int
main(int argc, char **argv)
{
	struct options o;
	int code;
	rd_std_open();
	rd_log_open("rd-top");
	/* How wide characters are. Numbers stay as JSON and Prometheus write them. */
	setlocale(LC_CTYPE, "");
	if (!options_parse(&o, argc, argv, &code))
		return code;
	return o.relay ? view_relay_run(&o) : view_local_run(&o);
}
