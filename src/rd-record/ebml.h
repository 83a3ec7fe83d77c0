#ifndef RD_RECORD_EBML_H
#define RD_RECORD_EBML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * As much of EBML (RFC 8794) and Matroska (RFC 9559) as it takes to change a
 * file while it is written: libavformat writes duration and chapters only at
 * the end, which a recording that is killed never comes to. Pure.
 */
enum {
	EBML_VOID = 0xec,
	MKV_SEGMENT = 0x18538067,
	MKV_INFO = 0x1549a966,
	MKV_DURATION = 0x4489,
	MKV_CHAPTERS = 0x1043a770,
	MKV_EDITION = 0x45b9,
	MKV_CHAPTER = 0xb6,
	MKV_CHAPTER_UID = 0x73c4,
	MKV_CHAPTER_START = 0x91,
	MKV_CHAPTER_DISPLAY = 0x80,
	MKV_CHAPTER_TITLE = 0x85,
	MKV_CHAPTER_LANGUAGE = 0x437c,
};

struct ebml_element {
	uint32_t id;
	uint64_t size;		/* of the content; UINT64_MAX: unknown */
};

/* The next element's head. false: none that is whole. */
bool ebml_head(struct rd_reader *r, struct ebml_element *e);
/*
 * Where the duration stands in the first bytes of a file, or the 11 bytes that
 * are kept free for it; 0: nowhere.
 */
uint64_t ebml_find_duration(const uint8_t *data, size_t len);

/* An id and a size, which is written in `bytes` bytes (1 to 8). */
void ebml_put_head(struct rd_buf *b, uint32_t id, uint64_t size, int bytes);
/* The 11 bytes of a duration, in milliseconds. */
void ebml_put_duration(struct rd_buf *b, double ms);
/* Nothing, in so many bytes: 2 or more. */
void ebml_put_void_head(struct rd_buf *b, uint64_t total);
/* One chapter; uid is not 0. */
void ebml_put_chapter(struct rd_buf *b, uint64_t uid, uint64_t start_ns, const char *title,
	size_t title_len);

#endif
