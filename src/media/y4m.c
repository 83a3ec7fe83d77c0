#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "media/y4m.h"

#define MAGIC "YUV4MPEG2"

/* The next word, between spaces. False at the end of the line. */
static bool
next_word(struct rd_reader *r, struct rd_reader *word)
{
	while (r->p < r->end && *r->p == ' ')
		r->p++;
	const uint8_t *start = r->p;
	while (r->p < r->end && *r->p != ' ')
		r->p++;
	rd_reader_init(word, start, (size_t)(r->p - start));
	return r->p > start;
}

/* A decimal number up to the end or to a byte that is no digit. */
static bool
number(struct rd_reader *r, unsigned *out)
{
	uint64_t v = 0;
	const uint8_t *start = r->p;
	for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++) {
		v = v * 10 + (*r->p - '0');
		if (v > INT32_MAX)
			return false;
	}
	*out = (unsigned)v;
	return r->p > start;
}

static bool
rest_is(const struct rd_reader *r, const char *text)
{
	return rd_reader_left(r) == strlen(text) && memcmp(r->p, text, strlen(text)) == 0;
}

static int
parse_size(struct rd_reader *r, int *out)
{
	unsigned v;
	if (!number(r, &v) || !rd_reader_done(r))
		return -EPROTO;
	*out = (int)v;
	return 0;
}

static int
parse_rate(struct rd_reader *r, struct rd_y4m_header *h)
{
	unsigned num, den;
	if (!number(r, &num) || rd_reader_u8(r) != ':' || !number(r, &den) || !rd_reader_done(r))
		return -EPROTO;
	if (num == 0 && den == 0)
		return 0;
	if (num == 0 || den == 0)
		return -EPROTO;
	h->fps_num = num;
	h->fps_den = den;
	return 0;
}

static int
parse_chroma(const struct rd_reader *r, enum rd_chroma *out)
{
	static const struct {
		const char *name;
		enum rd_chroma chroma;
	} known[] = {
		/* these differ in where chroma was sampled, by half a pixel */
		{"420", RD_CHROMA_420},
		{"420jpeg", RD_CHROMA_420},
		{"420mpeg2", RD_CHROMA_420},
		{"420paldv", RD_CHROMA_420},
		{"444", RD_CHROMA_444},
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (rest_is(r, known[i].name)) {
			*out = known[i].chroma;
			return 0;
		}
	}
	return -ENOTSUP;
}

static int
parse_word(struct rd_reader *word, struct rd_y4m_header *h)
{
	switch (rd_reader_u8(word)) {
	case 'W':
		return parse_size(word, &h->width);
	case 'H':
		return parse_size(word, &h->height);
	case 'F':
		return parse_rate(word, h);
	case 'C':
		return parse_chroma(word, &h->chroma);
	case 'X':
		if (rest_is(word, "COLORRANGE=FULL"))
			h->full_range = true;
		return 0;
	}
	return 0; /* interlacing, the aspect of pixels, and what is yet to come */
}

int
rd_y4m_parse(struct rd_y4m_header *h, const char *line, size_t len)
{
	struct rd_reader r, word;
	*h = (struct rd_y4m_header){.fps_num = 25, .fps_den = 1};
	rd_reader_init(&r, line, len);
	if (!next_word(&r, &word) || !rest_is(&word, MAGIC) || word.p != (const uint8_t *)line)
		return -EPROTO;
	while (next_word(&r, &word)) {
		int err = parse_word(&word, h);
		if (err)
			return err;
	}
	return rd_image_size_ok(h->width, h->height) ? 0 : -EPROTO;
}

int
rd_y4m_parse_frame(const char *line, size_t len)
{
	static const char word[] = "FRAME";
	const size_t n = sizeof(word) - 1;
	if (len < n || memcmp(line, word, n) != 0 || (len > n && line[n] != ' '))
		return -EPROTO;
	return 0;
}

size_t
rd_y4m_format(const struct rd_y4m_header *h, char *line, size_t cap)
{
	/* libyuv averages 2 x 2 pixels, which is where JPEG samples chroma */
	const int n = snprintf(line, cap, MAGIC " W%d H%d F%u:%u Ip A1:1 C%s XCOLORRANGE=LIMITED\n",
		h->width, h->height, h->fps_num, h->fps_den,
		h->chroma == RD_CHROMA_444 ? "444" : "420jpeg");
	assert(n > 0 && (size_t)n < cap);
	return (size_t)n;
}
