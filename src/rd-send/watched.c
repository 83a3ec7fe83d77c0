#include <string.h>

#include "media/monitor.h"
#include "rd-send/pause.h"
#include "rd-send/source.h"
#include "wire/msg_monitors.h"

/* What both look at; of more than can be said, everything: no name. */
static bool
add(struct rd_monitor_names *all, const struct rd_monitor_names *more)
{
	for (int i = 0; i < more->count; i++) {
		if (rd_monitor_names_find(all, more->v[i]) >= 0)
			continue;
		if (all->count == RD_MONITORS_MAX)
			return false;
		memcpy(all->v[all->count++], more->v[i], sizeof(all->v[0]));
	}
	return more->count > 0;
}

/*
 * One who looks at everything, or has not said at what, is enough. Around a pause it is
 * everything: what nobody looked at is not to be shown later as it was in the pause.
 */
void
share_watched(struct source *src)
{
	struct rd_monitor_names all = {0};
	struct rd_buf body = {0};
	bool some = !pause_discards(src), any = !some;
	for (const struct session *s = src->viewers; s && some; s = s->next_viewer) {
		if (!s->joined)
			continue;
		any = true;
		some = add(&all, &s->watched);
	}
	if (!any)
		return;
	if (!some)
		memset(&all, 0, sizeof(all));
	if (rd_monitor_names_same(&all, &src->watched))
		return;
	src->watched = all;
	rd_watch_only_pack(&body, &all);
	source_up_buf(src, RD_MSG_WATCH_ONLY, 0, &body);
	rd_buf_finish(&body);
}
