/*
 * rd-ctl: talks to what runs here.
 *
 * In: a name (or a process id) and a verb. Out: what the programs of that
 * session answer, for people or, with --json, as they say it.
 *
 * Its own verbs are in the table below; all others belong to the programs, and go
 * to them by their control sockets (control/client.h). Start reading at team.h, which
 * says what a NAME is.
 */
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "rd-ctl/options.h"
#include "rd-ctl/verbs.h"

/* Words that are no NAME: a session called so is reached as NAME/TOOL, or by its pid. */
static const struct {
	const char *name;
	int (*run)(const struct options *o);
} own[] = {
	{"list", list_run},
};

static int
run(const struct options *o)
{
	if (o->argc == 0)
		return list_run(o);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(o->argv[0], own[i].name) == 0)
			return own[i].run(o);
	return o->wait || o->follow ? watch_run(o) : ask_run(o);
}

static int
finish(int code)
{
	/* That it takes no more is said once. */
	int flushed = code == RD_EXIT_OUTPUT ? code : output_flush();
	return code ? code : flushed;
}

int
main(int argc, char **argv)
{
	struct options o;
	int code;
	rd_std_open();
	rd_log_open("rd-ctl");
	/* They have a command line of their own, and are there when the configuration is wrong. */
	if (config_is_meant(argv))
		return finish(config_run(argc, argv));
	if (argc > 1 && strcmp(argv[1], "words") == 0)
		return finish(words_run(argc, argv));
	if (!options_parse(&o, argc, argv, &code))
		return code;
	return finish(run(&o));
}
