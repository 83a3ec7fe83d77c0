#ifndef RD_MEDIA_Y4M_READER_H
#define RD_MEDIA_Y4M_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/y4m.h"

/*
 * Y4M that arrives in pieces of any size. Reads nothing itself: ask for room,
 * put bytes there, say how many. Holds one frame, and its memory is bounded by
 * the largest picture. Zeroed memory is a reader at the start of a file.
 */
struct rd_y4m_reader {
	struct rd_y4m_header header;
	bool have_header;
	const uint8_t *planes;	/* of the frame that is whole, else NULL */
	uint8_t *buf;
	size_t len, cap;
	size_t line;		/* bytes of the FRAME line at buf; 0: not seen yet */
};

/* Where the next bytes go, and how many at most; 0 while a frame is whole. */
uint8_t *rd_y4m_reader_room(struct rd_y4m_reader *r, size_t *n);
/*
 * `n` bytes were put there. 1: a frame is whole. 0: more is needed. -EPROTO or
 * -ENOTSUP: as rd_y4m_parse; -ENOMEM.
 */
int rd_y4m_reader_add(struct rd_y4m_reader *r, size_t n);
/* Lets go of the frame. What rd_y4m_reader_add would return follows. */
int rd_y4m_reader_next(struct rd_y4m_reader *r);
/* Whether a file may end here. */
bool rd_y4m_reader_at_end(const struct rd_y4m_reader *r);
void rd_y4m_reader_finish(struct rd_y4m_reader *r);

#endif
