#include <stdlib.h>

#include "base/exit.h"
#include "base/mem.h"
#include "look/ending.h"

/* A tool of ours brought it, whose words went to our stderr, and its codes are ours. */
static bool
ours(const struct rd_ending *e)
{
	return e->source->kind == RD_SOURCE_HOST || e->source->kind == RD_SOURCE_LOCAL;
}

/* The command failed before it sent anything: its status says more than the silence. */
static bool
never_began(const struct rd_ending *e)
{
	return !e->greeted && e->end->reason == RD_END_CUT_SHORT && e->status > 0;
}

int
rd_ending_code(const struct rd_ending *e)
{
	switch (e->end->reason) {
	case RD_END_DONE:
	case RD_END_USER:
		return RD_EXIT_OK;
	case RD_END_CUT_SHORT:
		if (ours(e) && e->status > 0 && rd_exit_name(e->status))
			return e->status;
		return never_began(e) ? RD_EXIT_COMMAND : RD_EXIT_CUT_SHORT;
	default:
		/* Only codes of ours: the number comes from the peer. */
		return e->end->code > 0 && rd_exit_name(e->end->code) ? e->end->code : RD_EXIT_FAILURE;
	}
}

bool
rd_ending_told(const struct rd_ending *e)
{
	if (!ours(e) || e->broken)
		return false;
	if (e->end->reason == RD_END_CUT_SHORT)
		return e->status > 0 && rd_exit_name(e->status);
	return e->end->code != RD_EXIT_FOREIGN && e->end->code != RD_EXIT_VERSION;
}

static char *
cut_short(const struct rd_ending *e)
{
	char *explained = e->status > 0 ? rd_source_explain(e->source, e->status) : NULL;
	if (!explained)
		return xstrdup(*e->end->text ? e->end->text : "the stream was cut short");
	if (!e->greeted)
		return explained;
	char *text = xasprintf("the stream was cut short: %s", explained);
	free(explained);
	return text;
}

char *
rd_ending_text(const struct rd_ending *e)
{
	const char *given = *e->end->text ? e->end->text : NULL;
	switch (e->end->reason) {
	case RD_END_DONE:
		return xstrdup(given ? given : "the stream is over");
	case RD_END_USER:
		return xstrdup(given ? given : "the other side ended it");
	case RD_END_CUT_SHORT:
		return cut_short(e);
	case RD_END_OVERLOAD:
		return xstrdup(given ? given : "a limit of the other side was reached");
	default:
		break;
	}
	if (e->broken)
		return xasprintf("%s%s", e->end->code == RD_EXIT_FOREIGN ? "the stream is broken: " : "",
			e->broken);
	if (!e->greeted && e->end->code == RD_EXIT_FOREIGN && e->source->kind == RD_SOURCE_SSH)
		return xasprintf("%s; perhaps a greeting from a shell's start-up file: that must be "
			"silent without a terminal", given ? given : "this is not an rd stream");
	return xstrdup(given ? given : "the stream failed");
}
