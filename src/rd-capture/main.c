/*
 * rd-capture: a desktop in, raw pictures out, and input back in.
 *
 * Out goes an rd-stream(5) on stdout: rectangles of pixels that changed, the
 * pointer's shape and place. Where stdout is a socket given to us for that
 * (RD_LINK), the viewer's input comes back on it and is done to the desktop,
 * and its acknowledgements pace us. Or, for other people's programs, a film.
 *
 * Start reading at stream.c, then frames.h; sources are desktop/capture.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/json.h"
#include "base/log.h"
#include "base/std.h"
#include "desktop/clipboard.h"
#include "desktop/listing.h"
#include "rd-capture/film.h"
#include "rd-capture/obey.h"
#include "rd-capture/options.h"
#include "rd-capture/source.h"
#include "rd-capture/stream.h"
#include "sound/devices.h"

static void
list_device(const struct rd_sound_device *d, bool json)
{
	const char *kind = d->sink ? "sink" : "source";
	if (!json) {
		printf("%-8s %s  %s%s\n", kind, d->name, d->title, d->standard ? "  default" : "");
		return;
	}
	printf("{\"kind\":\"%s\",\"name\":", kind);
	rd_json_print_text(d->name, stdout);
	fputs(",\"title\":", stdout);
	rd_json_print_text(d->title, stdout);
	printf(",\"monitor\":%s,\"default\":%s}\n", d->monitor ? "true" : "false",
		d->standard ? "true" : "false");
}

/* What sounds on a sink is its monitor's, and is captured by the sink's own name. */
static void
list_devices(bool json)
{
	struct rd_sound_device *list;
	int n = rd_sound_devices(&list, "rd-capture");
	for (int i = 0; i < n; i++)
		if (json || !list[i].monitor)
			list_device(&list[i], json);
	rd_sound_devices_free(list, n);
}

static int
list(const struct options *opt)
{
	char *why = NULL;
	int err = rd_listing_print(stdout, opt->capture.display, opt->json, &why);
	if (err)
		rd_error("%s", why);
	free(why);
	list_devices(opt->json);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return source_exit(err);
	rd_error("cannot write the list");
	return RD_EXIT_OUTPUT;
}

static int
run(const struct options *opt)
{
	switch (opt->task) {
	case TASK_LIST:
		return list(opt);
	case TASK_FILM:
		return film_run(opt);
	case TASK_OBEY:
		return obey_run(opt);
	default:
		return stream_run(opt);
	}
}

int
main(int argc, char **argv)
{
	struct options opt;
	int code;

	rd_std_open();
	rd_log_open("rd-capture");
	/* Nobody types that: see there. */
	if (argc == 3 && strcmp(argv[1], RD_CLIPBOARD_HOLD) == 0)
		return rd_clipboard_hold(argv[2]);
	if (!options_read(&opt, argc, argv, &code))
		return code;
	return run(&opt);
}
