#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "control/sweep.h"
#include "rd-run/door.h"

#define RECORDER "rd-record"
/* Of a command's name: a column of rd-ctl's list, and the number always has room. */
#define COMMAND_MAX 16

/* Its last part, cut between characters; what is no UTF-8 ends it. */
static int
length_of(const char *name)
{
	const uint8_t *p = (const uint8_t *)name;
	size_t len = strlen(name), at = 0;
	uint32_t point;
	while (at < len) {
		int n = rd_utf8_decode(p + at, len - at, &point);
		if (n <= 0 || at + (size_t)n > COMMAND_MAX)
			break;
		at += (size_t)n;
	}
	return (int)at;
}

void
door_init(struct door *d, bool wanted, const char *name, const char *command, pid_t pid)
{
	char own[COMMAND_MAX + 24], file[RD_CONTROL_FILE], tool[RD_CONTROL_TOOL + 1];
	pid_t unused;
	*d = (struct door){.wanted = wanted};
	const char *slash = strrchr(command, '/'), *base = slash ? slash + 1 : command;
	snprintf(own, sizeof(own), "%.*s-%ld", length_of(base), base, (long)pid);
	/* A name that is too long for a socket's is cut: the command is told what is left of it. */
	rd_control_file_name(file, name ? name : own, RECORDER, pid);
	if (!rd_control_file_parse(file, d->name, tool, &unused))
		snprintf(d->name, sizeof(d->name), "run-%ld", (long)pid);
}

void
door_sweep(const struct door *d, pid_t recorder)
{
	struct rd_control_folder f;
	char *why = NULL, early[RD_CONTROL_FILE + 1] = ".";
	if (!d->wanted || recorder <= 0)
		return;
	if (rd_control_folder_open(&f, false, &why) == 0) {
		/* Also one that it did not live to give its name. */
		rd_control_file_name(early + 1, d->name, RECORDER, recorder);
		rd_control_remove_dead(&f, early);
		rd_control_remove_dead(&f, early + 1);
		rd_control_folder_tidy(&f);
		rd_control_folder_close(&f);
	}
	free(why);
}
