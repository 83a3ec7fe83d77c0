#include <errno.h>

#include "rd-view/control.h"
#include "rd-view/session_priv.h"

void
control_get_monitor(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->monitors.wanted);
}

int
control_set_monitor(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct session *s = ctx;
	char list[160];
	if (session_monitors_choose(s, text))
		return 0;
	monitors_list(&s->monitors, list, sizeof(list));
	return rd_control_refuse(a, -EINVAL, "all, each, primary, or a monitor by its name or number (from 1): %s",
		*list ? list : "none is told of");
}

static void
put_monitor(struct rd_json *out, const struct rd_monitor *m)
{
	rd_json_open(out, '{');
	rd_json_put_text(out, "name", m->name);
	rd_json_put_number(out, "x", m->rect.x);
	rd_json_put_number(out, "y", m->rect.y);
	rd_json_put_number(out, "width", m->rect.w);
	rd_json_put_number(out, "height", m->rect.h);
	rd_json_put_number(out, "mm_width", m->mm_width);
	rd_json_put_number(out, "mm_height", m->mm_height);
	rd_json_put_bool(out, "primary", m->primary);
	rd_json_close(out, '}');
}

void
control_get_monitors(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_open(out, '[');
	for (int i = 0; i < s->monitors.there.count; i++)
		put_monitor(out, &s->monitors.there.v[i]);
	rd_json_close(out, ']');
}
