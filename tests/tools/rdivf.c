/*
 * The video packets of a recording, one after the other, as IVF: what of a
 * stream that is video alone has to be found in a film unchanged.
 *
 *	rdivf < STREAM > IVF
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "media/ivf.h"
#include "wire/msg.h"
#include "wire/msg_picture.h"

struct film {
	uint32_t frames;
	struct rd_buf packet;
};

static void
part(struct film *f, const struct rd_video *v)
{
	uint8_t head[RD_IVF_HEADER_SIZE];
	static const char *const fourcc[] = {"", "VP80", "VP90", "AV01"};
	if (v->flags & RD_VIDEO_FIRST)
		rd_buf_reset(&f->packet);
	rd_buf_bytes(&f->packet, v->data, v->len);
	if (!(v->flags & RD_VIDEO_LAST))
		return;
	if (f->frames == 0) {
		rd_ivf_header(head, fourcc[v->codec], v->rect.w, v->rect.h, 30, 1, 0);
		fwrite(head, 1, RD_IVF_HEADER_SIZE, stdout);
	}
	rd_ivf_frame(head, (uint32_t)f->packet.len, f->frames++);
	fwrite(head, 1, RD_IVF_FRAME_SIZE, stdout);
	fwrite(f->packet.data, 1, f->packet.len, stdout);
}

int
main(void)
{
	struct film f = {0};
	uint8_t head[RD_MSG_HEADER_SIZE];
	while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
		struct rd_msg m;
		struct rd_video v;
		if (rd_msg_parse_header(&m, head) != 0)
			return 1;
		uint8_t *body = malloc(m.len + 1);
		if (!body || fread(body, 1, m.len, stdin) != m.len)
			return 1;
		if (m.type == RD_MSG_VIDEO && rd_video_parse(&v, body, m.len) == 0)
			part(&f, &v);
		free(body);
	}
	rd_buf_finish(&f.packet);
	return f.frames > 0 ? 0 : 1;
}
