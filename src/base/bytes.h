#ifndef RD_BASE_BYTES_H
#define RD_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Every parser and packer of ours stands on these two: a cursor that cannot
 * leave its bytes, and a buffer that grows. All numbers are little endian.
 */

/*
 * A reader over borrowed bytes. A read past the end returns 0 (or NULL), moves
 * to the end and sets `bad`, which stays set: parse everything, then ask once.
 */
struct rd_reader {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

void rd_reader_init(struct rd_reader *r, const void *data, size_t len);
uint8_t rd_reader_u8(struct rd_reader *r);
uint16_t rd_reader_u16(struct rd_reader *r);
uint32_t rd_reader_u32(struct rd_reader *r);
uint64_t rd_reader_u64(struct rd_reader *r);
int16_t rd_reader_i16(struct rd_reader *r);
int32_t rd_reader_i32(struct rd_reader *r);
/* The next n bytes, borrowed from what the reader reads; NULL when short. */
const uint8_t *rd_reader_bytes(struct rd_reader *r, size_t n);
/* The next n bytes are there, and all zero. */
bool rd_reader_zeros(struct rd_reader *r, size_t n);
size_t rd_reader_left(const struct rd_reader *r);
/* Nothing was missing, and nothing is left over. */
bool rd_reader_done(const struct rd_reader *r);

/*
 * A growing byte buffer. Zeroed memory is an empty one. Growth is for what we
 * write ourselves; it ends the program when memory is out (see mem.h).
 */
struct rd_buf {
	uint8_t *data;
	size_t len;
	size_t cap;
};

void rd_buf_u8(struct rd_buf *b, uint8_t v);
void rd_buf_u16(struct rd_buf *b, uint16_t v);
void rd_buf_u32(struct rd_buf *b, uint32_t v);
void rd_buf_u64(struct rd_buf *b, uint64_t v);
void rd_buf_i16(struct rd_buf *b, int16_t v);
void rd_buf_i32(struct rd_buf *b, int32_t v);
void rd_buf_bytes(struct rd_buf *b, const void *p, size_t n);
/* Makes room for n more bytes and returns where they go; len is unchanged. */
uint8_t *rd_buf_room(struct rd_buf *b, size_t n);
/* Empties it and keeps the memory. */
void rd_buf_reset(struct rd_buf *b);
/* Frees the memory and leaves an empty buffer. */
void rd_buf_finish(struct rd_buf *b);

#endif
