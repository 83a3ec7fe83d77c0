#ifndef RD_RECORD_PIECE_H
#define RD_RECORD_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The tracks a recording can have. */
enum track { TRACK_VIDEO, TRACK_SOUND, TRACK_CAPTIONS, TRACK_CHAPTERS, TRACK_COUNT };

/*
 * What is put into a recording: a packet of a track, or (TRACK_CHAPTERS) the
 * title of a chapter that begins. Times are of the recording, whose first
 * picture is at 0. The bytes are borrowed.
 */
struct piece {
	enum track track;
	uint64_t time_ns;
	uint64_t duration_ns;	/* of a caption or sound; 0 otherwise */
	bool key;		/* a picture that stands alone; all of other tracks */
	const uint8_t *data;
	size_t len;
};

#endif
