#include <string.h>

#include "media/input.h"
#include "rd-encode/passing.h"
#include "wire/msg_input.h"
#include "wire/msg_monitors.h"

void
passing_finish(struct passing *p)
{
	rd_buf_finish(&p->shape);
	rd_buf_finish(&p->monitors);
	rd_buf_finish(&p->said);
	*p = (struct passing){0};
}

static void
send_mapped(struct rd_link *to, const struct rd_msg *m, struct rd_buf *body)
{
	struct rd_msg out = *m;
	out.flags = 0;
	out.blob = NULL;
	out.data = body->data;
	out.len = body->len;
	rd_link_send(to, &out);
	rd_buf_finish(body);
}

static void
send_shape(const struct rescale *r, struct rd_link *down, const struct rd_cursor *c,
	const struct rd_msg *m)
{
	struct rd_buf body = {0};
	rescale_shape(r, c, &body);
	send_mapped(down, m, &body);
}

static void
send_at(const struct rescale *r, struct rd_link *down, struct rd_pointer_at at,
	const struct rd_msg *m)
{
	struct rd_buf body = {0};
	rescale_pointer_at(r, &at);
	rd_pointer_at_pack(&body, &at);
	send_mapped(down, m, &body);
}

static int
shape_down(struct passing *p, const struct rescale *r, struct rd_link *down,
	const struct rd_msg *m)
{
	struct rd_cursor cursor;
	int err = rd_shape_parse(&cursor, m->data, m->len);
	if (err < 0)
		return err;
	rd_buf_reset(&p->shape);
	rd_buf_bytes(&p->shape, m->data, m->len);
	p->has_shape = true;
	if (rescale_on(r))
		send_shape(r, down, &cursor, m);
	else
		rd_link_send(down, m);
	return 0;
}

static int
at_down(struct passing *p, const struct rescale *r, struct rd_link *down,
	const struct rd_msg *m)
{
	int err = rd_pointer_at_parse(&p->at, m->data, m->len);
	if (err < 0)
		return err;
	p->has_at = true;
	if (rescale_on(r))
		send_at(r, down, p->at, m);
	else
		rd_link_send(down, m);
	return 0;
}

/* The same is not said twice. */
static int
send_monitors(struct passing *p, const struct rescale *r, struct rd_link *down, const struct rd_msg *m)
{
	struct rd_monitors all;
	struct rd_buf body = {0};
	int err = rd_monitors_parse(&all, p->monitors.data, p->monitors.len);
	if (err < 0)
		return err;
	if (rescale_on(r)) {
		rescale_monitors(r, &all);
		rd_monitors_pack(&body, &all);
	} else {
		rd_buf_bytes(&body, p->monitors.data, p->monitors.len);
	}
	if (body.len != p->said.len || memcmp(body.data, p->said.data, body.len) != 0) {
		rd_buf_reset(&p->said);
		rd_buf_bytes(&p->said, body.data, body.len);
		send_mapped(down, m, &body);
	}
	rd_buf_finish(&body);
	return 0;
}

static int
monitors_down(struct passing *p, const struct rescale *r, struct rd_link *down,
	const struct rd_msg *m)
{
	rd_buf_reset(&p->monitors);
	rd_buf_bytes(&p->monitors, m->data, m->len);
	return send_monitors(p, r, down, m);
}

int
passing_down(struct passing *p, const struct rescale *r, struct rd_link *down,
	const struct rd_msg *m)
{
	switch (m->type) {
	case RD_MSG_SHAPE:
		return shape_down(p, r, down, m);
	case RD_MSG_POINTER_AT:
		return at_down(p, r, down, m);
	case RD_MSG_MONITORS:
		return monitors_down(p, r, down, m);
	default:
		rd_link_send(down, m);
		return 0;
	}
}

void
passing_resized(struct passing *p, const struct rescale *r, struct rd_link *down,
	uint64_t time_ns)
{
	struct rd_cursor cursor;
	struct rd_msg m = {.type = RD_MSG_SHAPE, .time_ns = time_ns};
	if (p->has_shape && rd_shape_parse(&cursor, p->shape.data, p->shape.len) == 0)
		send_shape(r, down, &cursor, &m);
	m.type = RD_MSG_POINTER_AT;
	if (p->has_at)
		send_at(r, down, p->at, &m);
	m.type = RD_MSG_MONITORS;
	if (p->monitors.len)
		send_monitors(p, r, down, &m);
}

int
passing_up(struct rescale *r, struct rd_link *up, const struct rd_msg *m)
{
	if (!rescale_on(r) || (m->type != RD_MSG_POINTER && m->type != RD_MSG_MOTION)) {
		rd_link_send(up, m);
		return 0;
	}
	struct rd_input in;
	int err = rd_input_parse(&in, m->type, m->data, m->len);
	if (err < 0)
		return err;
	rescale_input(r, &in);
	struct rd_buf body = {0};
	rd_input_pack(&body, &in);
	send_mapped(up, m, &body);
	return 0;
}
