#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-send/pause.h"
#include "rd-send/source.h"

/* How long a producer may take to read our END. */
#define GOING_NS (500 * RD_NS_PER_MS)
/* … and the monitor to say how one ended that was cut short. */
#define STATUS_NS (3 * RD_NS_PER_S)

/* The link to a producer is over: it may be waited for. */
static void
report(struct source *src)
{
	if (src->produced && !src->reported)
		serve_say(src->serve, &(struct said){.type = SAID_STOPPED, .id = src->id});
	src->reported = true;
}

void
source_free(struct source *src)
{
	struct source **at = &src->serve->sources;
	if (src->serve->shared == src)
		src->serve->shared = NULL;
	while (*at != src)
		at = &(*at)->next;
	*at = src->next;
	for (struct session *s = src->viewers; s; s = s->next_viewer)
		s->source = NULL;
	rd_link_close(src->link);
	if (src->fd >= 0)
		close(src->fd);
	report(src);
	rd_timer_close(&src->limit);
	share_finish(src);
	pause_finish(src);
	free(src);
}

void
source_end(struct source *src)
{
	if (src->going)
		return;
	src->going = true;
	rd_timer_clear(&src->refresh);
	if (!src->link || !src->up) {
		rd_timer_set(&src->limit, 0);
		return;
	}
	rd_link_finish(src->link, RD_END_USER, RD_EXIT_OK, "");
	rd_timer_set(&src->limit, GOING_NS);
}

/* The stream is over, for a reason that stands in src->end: the viewers hear of it. */
void
source_over(struct source *src)
{
	struct serve *sv = src->serve;
	bool well = src->end.reason == RD_END_DONE || src->end.reason == RD_END_USER;
	src->over = true;
	src->unexplained = false;
	if (!well)
		rd_log_put(src->end.reason == RD_END_FAILED && src->produced ? RD_LOG_INFO : RD_LOG_ERROR,
			"%s", src->end.text);
	/* Who comes next starts another one. */
	if (sv->shared == src && src->produced)
		sv->shared = NULL;
	for (struct session *s = src->viewers; s; s = s->next_viewer)
		session_finish(s, &src->end);
	if (!src->produced)
		serve_source_over(sv, src->end.code);
	source_end(src);
}

/* Its socket is closed and its viewers are gone; or the monitor keeps silent. */
void
source_limit(void *ctx)
{
	struct source *src = ctx;
	if (src->unexplained)
		source_over(src);
	else if (src->going && !src->viewers && src->produced)
		source_free(src);
}

void
source_ended(struct source *src, const struct rd_end_msg *end)
{
	bool well = end->reason == RD_END_DONE || end->reason == RD_END_USER;
	if (src->over || src->going)
		return;
	src->end = *end;
	/* Only codes of ours, and none for what went well: the number is a stranger's. */
	if (well)
		src->end.code = RD_EXIT_OK;
	else if (end->reason == RD_END_CUT_SHORT)
		src->end.code = RD_EXIT_CUT_SHORT;
	else if (end->code == 0 || !rd_exit_name(end->code))
		src->end.code = RD_EXIT_FAILURE;
	if (!well && !src->end.text[0])
		strcpy(src->end.text, "the stream was cut short");
	if (end->reason != RD_END_CUT_SHORT || !src->produced) {
		source_over(src);
		return;
	}
	src->unexplained = true;
	report(src);
	rd_timer_set(&src->limit, STATUS_NS);
}

void
source_status(struct serve *sv, const struct said *said)
{
	struct source *src = source_find(sv, said->id);
	int status = (int)said->number;
	const char *name = sv->opt->producer ? sv->opt->producer[0] : "";
	if (!src || !src->unexplained)
		return;
	if (status)
		src->end.reason = RD_END_FAILED;
	if (status > 128) {
		snprintf(src->end.text, sizeof(src->end.text), "%.100s was ended by signal %d", name,
			status - 128);
	} else if (status) {
		const char *means = rd_exit_name(status);
		src->end.code = means ? status : RD_EXIT_COMMAND;
		snprintf(src->end.text, sizeof(src->end.text), "%.100s ended with status %d%s%s%s", name,
			status, means ? " (" : "", means ? means : "", means ? ")" : "");
	}
	source_over(src);
}
