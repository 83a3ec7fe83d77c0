/*
 * rd-run: runs a command on a display of its own, and makes a film of it.
 *
 * In: a command. Out: what it writes, untouched, and its exit status; a film, and
 * a line on standard error that says where it is. Nothing else is left, however
 * it ends: no process, no display, no file.
 *
 * There are two processes. The one that was started (front.h) passes signals on.
 * The keeper (keeper.h) is the parent of everything else; run.c is its story, and
 * the place to start reading. Each cleans up when the other is killed.
 */
#include "base/log.h"
#include "base/std.h"
#include "rd-run/front.h"
#include "rd-run/options.h"
#include "rd-run/start.h"

int
main(int argc, char **argv)
{
	struct options o;
	struct start_before before;
	int code;
	/* The command is to find the world as it was before us: also what of it rd_std_open changes. */
	start_before(&before);
	rd_std_open();
	rd_log_open("rd-run");
	if (options_parse(&o, argc, argv, &code))
		code = front_run(&o, &before);
	start_before_finish(&before);
	return code;
}
