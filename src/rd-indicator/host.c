#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-indicator/host.h"

#define AGAIN_NS (RD_NS_PER_S / 2)

static bool
is_meant(const struct rd_control_found *f, const char *whom)
{
	char pid[16];
	snprintf(pid, sizeof(pid), "%ld", (long)f->pid);
	return strcmp(f->tool, "rd-send") == 0 &&
		(!whom || strcmp(f->name, whom) == 0 || strcmp(pid, whom) == 0);
}

static int
tell_none(const char *whom)
{
	char *shown = rd_log_escape(whom ? whom : "", whom ? strlen(whom) : 0, 64);
	if (whom)
		rd_error("no rd-send of yours is called %s; rd-ctl lists what runs", shown);
	else
		rd_error("no rd-send of yours runs here");
	free(shown);
	return RD_EXIT_NO_SESSION;
}

int
host_find(struct rd_control_found *f, const char *whom)
{
	struct rd_control_found *all;
	size_t n, found = 0;
	char *why = NULL;
	if (rd_control_list(&all, &n, &why) != 0) {
		rd_error("%s", why);
		free(why);
		return RD_EXIT_INPUT;
	}
	for (size_t i = 0; i < n; i++)
		if (is_meant(&all[i], whom)) {
			*f = all[i];
			found++;
		}
	free(all);
	if (found == 1)
		return 0;
	if (!found)
		return tell_none(whom);
	rd_error("several rd-send run here: rd-indicator PID; rd-ctl lists them");
	return RD_EXIT_SEVERAL;
}

static bool
say(struct host *h, const char *request)
{
	return rd_control_talk_say(&h->talk, request) == 0;
}

static void
on_again(void *ctx)
{
	say(ctx, "get state sessions");
}

static void
on_ready(void *ctx, unsigned events)
{
	struct host *h = ctx;
	unsigned before = h->people.count;
	bool changed = false;
	char *line;
	int err;
	(void)events;
	while ((err = rd_control_talk_hear(&h->talk, 0, &line)) == 0) {
		enum people_news news = people_take(&h->people, line, strlen(line));
		if (news == PEOPLE_FOREIGN)
			break;
		changed |= news == PEOPLE_CHANGED;
	}
	if (h->people.count > before && !h->again.set)
		rd_timer_set(&h->again, AGAIN_NS);
	if (changed)
		h->changed(h->ctx);
	if (err != -ETIMEDOUT)
		h->ended(h->ctx);
}

int
host_open(struct host *h, struct rd_loop *loop, const struct rd_control_found *f)
{
	int err = rd_control_talk_open(&h->talk, f);
	if (!err)
		err = rd_fd_open(&h->watch, loop, h->talk.fd, on_ready, h);
	if (!err && (!say(h, "watch events") || !say(h, "get state sessions")))
		err = -EPIPE;
	if (err) {
		rd_error("%s: %s", f->name, strerror(-err));
		return RD_EXIT_NO_SESSION;
	}
	rd_timer_open(&h->again, loop, on_again, h);
	rd_fd_want(&h->watch, RD_READ);
	return 0;
}

void
host_pause(struct host *h)
{
	say(h, h->people.paused ? "resume" : "pause");
}

void
host_end(struct host *h)
{
	char request[32];
	for (unsigned i = 0; i < h->people.count; i++) {
		snprintf(request, sizeof(request), "end %u", h->people.who[i].id);
		say(h, request);
	}
}

void
host_close(struct host *h)
{
	rd_fd_close(&h->watch);
	rd_timer_close(&h->again);
	if (h->talk.fd >= 0)
		rd_control_talk_close(&h->talk);
}
