#include <string.h>

#include "base/exit.h"
#include "base/mem.h"
#include "look/source.h"

static const char *
program_of(const struct rd_source *s)
{
	switch (s->kind) {
	case RD_SOURCE_SSH:
		return "ssh";
	case RD_SOURCE_HOST:
		return "rd-recv";
	case RD_SOURCE_LOCAL:
		return "rd-capture";
	default:
		return "the command";
	}
}

char *
rd_source_explain(const struct rd_source *s, int status)
{
	if (status == 0)
		return NULL;
	if (status > 128 && status != 255)
		return xasprintf("%s was ended by signal %d (%s)", program_of(s), status - 128,
			strsignal(status - 128));
	if (s->kind == RD_SOURCE_HOST)
		return xasprintf("rd-recv ended with status %d%s%s%s", status,
			rd_exit_name(status) ? " (" : "", rd_exit_name(status) ? rd_exit_name(status) : "",
			rd_exit_name(status) ? ")" : "");
	if (s->kind != RD_SOURCE_SSH)
		return xasprintf("%s ended with status %d", program_of(s), status);
	if (status == 255)
		return xstrdup("ssh could not connect, or lost the connection; see its own words on stderr");
	const char *there = s->input_only ? "rd-capture" : "rd-encode";
	if (status != 127)
		return xasprintf("%s over there ended with status %d", there, status);
	if (s->input_only)
		return xasprintf("no rd-capture in the PATH of that host: install rd there too (make "
			"install), or name its place: -- ssh %s /opt/rd/bin/rd-capture --inject --answer",
			s->name);
	return xasprintf("no rd-encode in the PATH of that host: install rd there too (make "
		"install), or name its place: rd-view -- ssh %s /opt/rd/bin/rd-encode "
		"-- /opt/rd/bin/rd-capture", s->name);
}
