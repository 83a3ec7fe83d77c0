#include <string.h>

#include "rd-record/ebml.h"

/* A number whose first byte says by its leading zeros how many follow. */
static bool
vint(struct rd_reader *r, bool keep_marker, uint64_t *out, int *bytes)
{
	uint8_t first = rd_reader_u8(r);
	int n = 1;
	while (n <= 8 && !(first & (0x80 >> (n - 1))))
		n++;
	if (r->bad || n > 8)
		return false;
	uint64_t v = keep_marker ? first : first & (0xffu >> n);
	for (int i = 1; i < n; i++)
		v = v << 8 | rd_reader_u8(r);
	*out = v;
	*bytes = n;
	return !r->bad;
}

bool
ebml_head(struct rd_reader *r, struct ebml_element *e)
{
	uint64_t id, size;
	int bytes;
	if (!vint(r, true, &id, &bytes) || bytes > 4)
		return false;
	e->id = (uint32_t)id;
	if (!vint(r, false, &size, &bytes))
		return false;
	e->size = size == (UINT64_C(1) << (7 * bytes)) - 1 ? UINT64_MAX : size;
	return true;
}

/* Goes to the first element of that id, past others; the reader is then at its content. */
static bool
find(struct rd_reader *r, uint32_t id, struct ebml_element *e)
{
	while (ebml_head(r, e)) {
		if (e->id == id)
			return true;
		if (e->size > rd_reader_left(r))
			return false;
		rd_reader_bytes(r, (size_t)e->size);
	}
	return false;
}

uint64_t
ebml_find_duration(const uint8_t *data, size_t len)
{
	struct rd_reader r;
	struct ebml_element e;
	rd_reader_init(&r, data, len);
	if (!find(&r, MKV_SEGMENT, &e) || !find(&r, MKV_INFO, &e) || e.size > rd_reader_left(&r))
		return 0;
	r.end = r.p + e.size;
	for (;;) {
		const uint8_t *start = r.p;
		if (!ebml_head(&r, &e) || e.size > rd_reader_left(&r))
			return 0;
		rd_reader_bytes(&r, (size_t)e.size);
		if ((e.id == MKV_DURATION || e.id == EBML_VOID) && r.p - start == 11)
			return (uint64_t)(start - data);
	}
}

void
ebml_put_head(struct rd_buf *b, uint32_t id, uint64_t size, int bytes)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		if (id >> shift)
			rd_buf_u8(b, (uint8_t)(id >> shift));
	for (int i = bytes - 1; i >= 0; i--) {
		uint8_t byte = (uint8_t)(size >> (8 * i));
		rd_buf_u8(b, i == bytes - 1 ? byte | (uint8_t)(0x80 >> (bytes - 1)) : byte);
	}
}

static void
put_number(struct rd_buf *b, uint32_t id, uint64_t v)
{
	ebml_put_head(b, id, 8, 1);
	for (int i = 7; i >= 0; i--)
		rd_buf_u8(b, (uint8_t)(v >> (8 * i)));
}

void
ebml_put_duration(struct rd_buf *b, double ms)
{
	uint64_t bits;
	memcpy(&bits, &ms, sizeof(bits));
	put_number(b, MKV_DURATION, bits);
}

void
ebml_put_void_head(struct rd_buf *b, uint64_t total)
{
	int bytes = total < 100 ? 1 : 8;
	ebml_put_head(b, EBML_VOID, total - 1 - (uint64_t)bytes, bytes);
}

void
ebml_put_chapter(struct rd_buf *b, uint64_t uid, uint64_t start_ns, const char *title,
	size_t title_len)
{
	static const char language[] = "und";
	struct rd_buf display = {0}, atom = {0};
	ebml_put_head(&display, MKV_CHAPTER_TITLE, title_len, 4);
	rd_buf_bytes(&display, title, title_len);
	ebml_put_head(&display, MKV_CHAPTER_LANGUAGE, sizeof(language) - 1, 1);
	rd_buf_bytes(&display, language, sizeof(language) - 1);

	put_number(&atom, MKV_CHAPTER_UID, uid);
	put_number(&atom, MKV_CHAPTER_START, start_ns);
	ebml_put_head(&atom, MKV_CHAPTER_DISPLAY, display.len, 4);
	rd_buf_bytes(&atom, display.data, display.len);

	ebml_put_head(b, MKV_CHAPTER, atom.len, 4);
	rd_buf_bytes(b, atom.data, atom.len);
	rd_buf_finish(&display);
	rd_buf_finish(&atom);
}
