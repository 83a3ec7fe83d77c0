#include "rd-record/passage.h"
#include "wire/msg_picture.h"

void
passage_finish(struct passage *p)
{
	rd_buf_finish(&p->packet);
}

static void
begin(struct passage *p, const struct rd_msg *m)
{
	struct rd_begin b;
	p->other = rd_begin_parse(&b, m->data, m->len) != 0;
	p->whole = false;
	rd_buf_reset(&p->packet);
	if (p->other)
		return;
	p->width = b.width;
	p->height = b.height;
}

static void
video(struct passage *p, const struct rd_msg *m)
{
	struct rd_video v;
	bool fits = rd_video_parse(&v, m->data, m->len) == 0 && v.rect.x == 0 && v.rect.y == 0 &&
		v.rect.w == p->width && v.rect.h == p->height && !p->whole &&
		p->packet.len + v.len <= RD_VIDEO_MAX_PACKET;
	/* Each decoder has references of its own; a file has one. */
	if (!fits || v.decoder != 0) {
		p->other = true;
		return;
	}
	if (v.flags & RD_VIDEO_FIRST) {
		p->key = v.flags & RD_VIDEO_KEY;
		p->codec = v.codec;
	}
	rd_buf_bytes(&p->packet, v.data, v.len);
	p->whole = v.flags & RD_VIDEO_LAST;
}

void
passage_message(struct passage *p, const struct rd_msg *m)
{
	switch (m->type) {
	case RD_MSG_BEGIN:
		begin(p, m);
		break;
	case RD_MSG_VIDEO:
		video(p, m);
		break;
	case RD_MSG_RAW:
	case RD_MSG_COPY:
	case RD_MSG_EXACT:
		p->other = true;
		break;
	default:
		break;
	}
}

bool
passage_alone(const struct passage *p)
{
	return p->whole && !p->other;
}
