#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-capture/frames.h"
#include "rd-capture/source.h"
#include "wire/msg_control.h"
#include "wire/msg_monitors.h"
#include "wire/msg_picture.h"

/*
 * Bodies shorter than that are copied into the queue, so that their blob is
 * free again at once. Longer ones hold it until they are written or released,
 * and either is news of the link's: that many blobs fill its queue, and a
 * body lent by descriptor comes back with a message.
 */
#define COPY_WRITTEN (RD_LINK_HIGH / SOURCE_BLOBS)
#define COPY_LENT ((size_t)16 << 10)

void
frames_init(struct frames *f, struct rd_loop *loop, struct rd_link *link,
	const struct rd_hello *hello, const struct options *opt)
{
	*f = (struct frames){
		.loop = loop,
		.link = link,
		.hello = *hello,
		.live = opt->source->live,
		.limit = opt->frames,
		.limit_ns = opt->source->live ? 0 : opt->duration_ns,
	};
	rd_acks_init(&f->acks);
}

void
frames_finish(struct frames *f)
{
	rd_buf_finish(&f->body);
	rd_buf_finish(&f->shape);
	rd_buf_finish(&f->monitors);
}

uint64_t
frames_now(const struct frames *f)
{
	return rd_hello_time(&f->hello, rd_clock_ns());
}

/* ---- pictures ---- */

static void
send_begin(struct frames *f, const struct rd_grab *g, uint64_t time_ns)
{
	struct rd_begin begin = {
		.number = f->number,
		.base = g->all ? 0 : f->number - 1,
		.width = (uint16_t)g->width,
		.height = (uint16_t)g->height,
		.flags = g->all ? RD_BEGIN_SYNC : 0,
	};
	rd_begin_pack(&f->body, &begin);
	rd_link_send_buf(f->link, RD_MSG_BEGIN, time_ns, &f->body);
}

/* One rectangle: its header goes into the gap before its pixels. */
static size_t
send_part(struct frames *f, const struct rd_grab *g, int i, uint64_t time_ns)
{
	uint8_t *data = g->blob->data + g->part[i].offset - RD_RAW_HEADER_SIZE;
	struct rd_msg m = {
		.type = RD_MSG_RAW,
		.time_ns = time_ns,
		.len = RD_RAW_HEADER_SIZE + (size_t)rd_rect_area(g->part[i].rect) * 4,
		.data = data,
	};
	rd_raw_pack_header(data, g->part[i].rect);
	if (m.len >= (f->shares ? COPY_LENT : COPY_WRITTEN))
		m.blob = g->blob;
	rd_link_send(f->link, &m);
	return m.len;
}

/* All of it has been taken since the question came. */
static void
send_fresh(struct frames *f, uint64_t time_ns)
{
	f->asked = false;
	rd_fresh_pack(&f->body, f->token);
	rd_link_send_buf(f->link, RD_MSG_FRESH, time_ns, &f->body);
}

static void
send_frame(struct frames *f, const struct rd_grab *g)
{
	uint64_t time_ns = f->live ? rd_hello_time(&f->hello, g->time_ns) : g->time_ns;
	size_t bytes = 0;
	f->number++;
	rd_link_cork(f->link, true);
	if (g->all && f->asked)
		send_fresh(f, time_ns);
	send_begin(f, g, time_ns);
	for (int i = 0; i < g->count; i++)
		bytes += send_part(f, g, i, time_ns);
	rd_show_pack(&f->body, RD_SHOW_EXACT);
	rd_link_send_buf(f->link, RD_MSG_SHOW, time_ns, &f->body);
	rd_link_cork(f->link, false);
	/* Counted from the start: those may be acknowledged that came before HELLO. */
	rd_acks_sent(&f->acks, f->number, (uint32_t)bytes, rd_clock_ns());
	rd_trace("frame %u: %d rectangles, %zu bytes", f->number, g->count, bytes);
}

static bool
has_room(const struct frames *f)
{
	return !rd_link_busy(f->link) && (!f->bounded || rd_acks_room(&f->acks, rd_clock_ns()));
}

/* Takes and sends one picture, as frames_step does; 1: it was the last of those asked for. */
static int
push(struct frames *f)
{
	struct rd_grab g;
	int err = rd_capture_grab(f->capture, &g);
	/* While all blobs are in use `damaged` stays: whatever frees one tries again. */
	f->damaged = err == -EAGAIN;
	if (err)
		return f->damaged || err == -ENODATA ? 0 : err;
	bool over = f->limit_ns && g.time_ns >= f->limit_ns;
	if (!over) {
		send_frame(f, &g);
		over = f->limit && f->number >= f->limit;
	}
	rd_grab_finish(&g);
	return over;
}

/* ---- monitors, the pointer ---- */

static void
push_monitors(struct frames *f)
{
	if (f->monitors.len && !rd_link_busy(f->link))
		rd_link_send_buf(f->link, RD_MSG_MONITORS, frames_now(f), &f->monitors);
}

void
frames_monitors(struct frames *f, const struct rd_monitors *monitors)
{
	rd_buf_reset(&f->monitors);
	rd_monitors_pack(&f->monitors, monitors);
}

static void
push_pointer(struct frames *f)
{
	if (f->shape.len && !rd_link_busy(f->link))
		rd_link_send_buf(f->link, RD_MSG_SHAPE, frames_now(f), &f->shape);
	if (f->at_waits && !rd_link_busy(f->link)) {
		f->at_waits = false;
		rd_pointer_at_pack(&f->body, &f->at);
		rd_link_send_buf(f->link, RD_MSG_POINTER_AT, frames_now(f), &f->body);
	}
}

void
frames_shape(struct frames *f, const struct rd_cursor *cursor)
{
	rd_buf_reset(&f->shape);
	rd_shape_pack(&f->shape, cursor);
}

void
frames_pointer(struct frames *f, int x, int y, bool inside)
{
	f->at = (struct rd_pointer_at){x, y, inside};
	f->at_waits = true;
}

int
frames_step(struct frames *f)
{
	int got = 0;
	/* What is in a picture is known before it. */
	push_monitors(f);
	if (f->damaged && has_room(f))
		got = push(f);
	push_pointer(f);
	return got;
}

/* ---- the peer ---- */

void
frames_peer(struct frames *f, const struct rd_hello *peer)
{
	f->bounded = peer->caps & RD_CAP_ACK;
	f->shares = peer->caps & RD_CAP_BUFFERS;
}

int
frames_acked(struct frames *f, uint32_t number)
{
	return f->bounded ? rd_acks_acked(&f->acks, number, rd_clock_ns()) : 0;
}

void
frames_refresh(struct frames *f)
{
	rd_capture_refresh(f->capture);
}

void
frames_fresh(struct frames *f, uint64_t token)
{
	f->asked = true;
	f->token = token;
	frames_refresh(f);
}
