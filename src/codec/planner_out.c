#include "codec/planner_priv.h"
#include "wire/msg_picture.h"

static void
emit(struct planner_out *o, uint16_t type, struct rd_buf *body)
{
	o->ops.emit(o->ctx, type, o->time_ns, body);
	rd_buf_reset(body);
}

void
planner_out_begin(struct planner_out *o, const struct rd_mirror *m, uint64_t time_ns, bool sync)
{
	struct rd_begin b = {
		.number = o->number + 1,
		.base = sync ? 0 : o->number,
		.width = m->im.width,
		.height = m->im.height,
		.flags = sync ? RD_BEGIN_SYNC : 0,
	};

	o->number++;
	o->time_ns = time_ns;
	o->stats.frames++;
	rd_begin_pack(&o->body, &b);
	emit(o, RD_MSG_BEGIN, &o->body);
}

void
planner_out_show(struct planner_out *o, const struct rd_mirror *m)
{
	rd_show_pack(&o->body, rd_mirror_is_exact(m) ? RD_SHOW_EXACT : 0);
	emit(o, RD_MSG_SHOW, &o->body);
}

void
planner_out_copies(struct planner_out *o, const struct rd_copy *c, int n)
{
	for (int i = 0; i < n; i++)
		o->stats.copy.pixels += rd_rect_area(c[i].from);
	rd_copy_pack(&o->body, c, n);
	o->stats.copy.bytes += RD_MSG_HEADER_SIZE + o->body.len;
	emit(o, RD_MSG_COPY, &o->body);
}

void
planner_out_exact(void *out, struct rd_buf *body)
{
	struct planner_out *o = out;

	o->stats.exact.bytes += RD_MSG_HEADER_SIZE + body->len;
	emit(o, RD_MSG_EXACT, body);
}

void
planner_out_video(void *out, struct rd_buf *body)
{
	struct planner_out *o = out;

	o->stats.video.bytes += RD_MSG_HEADER_SIZE + body->len;
	emit(o, RD_MSG_VIDEO, body);
}
