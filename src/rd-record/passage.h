#ifndef RD_RECORD_PASSAGE_H
#define RD_RECORD_PASSAGE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "media/codec.h"
#include "wire/msg.h"

/*
 * Whether a frame is nothing but one video packet of the whole picture, and so
 * can go into a recording as it is. Zeroed memory is one before any frame. It
 * looks at messages that rd_screen has checked.
 */
struct passage {
	int width, height;	/* of the picture, by BEGIN */
	bool other;		/* something else stands in the frame */
	bool whole;		/* the packet's last part has come */
	bool key;
	enum rd_codec codec;
	struct rd_buf packet;
};

void passage_finish(struct passage *p);
/* A message of the picture class. */
void passage_message(struct passage *p, const struct rd_msg *m);
/* At SHOW: whether the frame was one packet, which is then p->packet. */
bool passage_alone(const struct passage *p);

#endif
