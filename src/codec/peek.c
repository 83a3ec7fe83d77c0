#include <errno.h>

#include <dav1d/dav1d.h>

#include "base/bytes.h"
#include "codec/peek.h"

/* Bits from the most significant on; past the end they are 0 and r.bad is set. */
struct bits {
	struct rd_reader r;
	uint8_t byte;
	int left;	/* of byte */
};

static unsigned
get(struct bits *b, int n)
{
	unsigned v = 0;

	while (n-- > 0) {
		if (b->left == 0) {
			b->byte = rd_reader_u8(&b->r);
			b->left = 8;
		}
		v = v << 1 | (b->byte >> --b->left & 1);
	}
	return v;
}

/* RFC 6386, section 9.1: a tag of three bytes, and seven more on key frames. */
int
rd_peek_vp8(struct rd_peek *p, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	*p = (struct rd_peek){0};
	rd_reader_init(&r, data, len);
	unsigned tag = rd_reader_u8(&r);
	rd_reader_bytes(&r, 2);
	p->key = !(tag & 1);
	bool shown = tag >> 4 & 1;
	if (p->key) {
		const uint8_t *start = rd_reader_bytes(&r, 3);
		if (!start || start[0] != 0x9d || start[1] != 0x01 || start[2] != 0x2a)
			return -EPROTO;
		/* The upper two bits ask the viewer to scale. */
		p->width = rd_reader_u16(&r) & 0x3fff;
		p->height = rd_reader_u16(&r) & 0x3fff;
		if (p->width == 0 || p->height == 0)
			return -EPROTO;
	}
	return shown && !r.bad ? 0 : -EPROTO;
}

/* VP9 specification, section 6.2.2: color_config(). Only what we can show. */
static bool
vp9_colors_ok(struct bits *b, unsigned profile)
{
	enum { CS_RGB = 7 };

	if (get(b, 3) == CS_RGB)
		return false;
	get(b, 1);	/* range */
	/* Profile 1 is all that is not 4:2:0; of that, 4:4:4 has neither bit set. */
	return profile == 0 || get(b, 3) == 0;
}

static void
vp9_size(struct bits *b, struct rd_peek *p)
{
	p->width = get(b, 16) + 1;
	p->height = get(b, 16) + 1;
}

/* VP9 specification, section 6.2: uncompressed_header(), as far as the size. */
int
rd_peek_vp9(struct rd_peek *p, const uint8_t *data, size_t len)
{
	enum { MARKER = 2, SYNC = 0x498342 };
	struct bits b = {0};

	*p = (struct rd_peek){0};
	rd_reader_init(&b.r, data, len);
	if (get(&b, 2) != MARKER)
		return -EPROTO;
	unsigned profile = get(&b, 1);
	if (get(&b, 1) || get(&b, 1))	/* profiles of more than 8 bit; show_existing_frame */
		return -EPROTO;
	p->key = !get(&b, 1);
	if (!get(&b, 1))		/* show_frame */
		return -EPROTO;
	bool resilient = get(&b, 1);

	if (p->key) {
		if (get(&b, 24) != SYNC || !vp9_colors_ok(&b, profile))
			return -EPROTO;
		vp9_size(&b, p);
	} else {
		if (!resilient)
			get(&b, 2);	/* reset_frame_context */
		get(&b, 8);		/* refresh_frame_flags */
		get(&b, 3 * 4);		/* three references and their signs */
		/* found_ref: as large as the first, second or third of them. */
		if (!get(&b, 1) && !get(&b, 1) && !get(&b, 1))
			vp9_size(&b, p);
	}
	return b.r.bad ? -EPROTO : 0;
}

/* AV1 specification, section 4.10.5. Its eight bytes hold 56 bits; 32 are used. */
static uint64_t
leb128(struct rd_reader *r)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++) {
		uint8_t byte = rd_reader_u8(r);
		v |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			return v;
	}
	r->bad = true;
	return 0;
}

/* How many of each kind of unit a packet has. */
struct units {
	unsigned sequences;
	unsigned frames;
};

/*
 * AV1 specification, section 5.3: walks the units (OBUs). Each has a header of
 * one byte with a type in bits 3 to 6; bit 2, an extension for layers, and no
 * length (bit 1 clear) are not for us.
 */
static int
av1_units(struct units *u, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	*u = (struct units){0};
	rd_reader_init(&r, data, len);
	while (rd_reader_left(&r) > 0) {
		uint8_t header = rd_reader_u8(&r);
		if ((header & 0x86) != 0x02)
			return -EPROTO;
		uint64_t size = leb128(&r);
		if (r.bad || size > rd_reader_left(&r))
			return -EPROTO;
		rd_reader_bytes(&r, size);
		switch (header >> 3 & 15) {
		case DAV1D_OBU_SEQ_HDR:
			u->sequences++;
			break;
		case DAV1D_OBU_FRAME:
		case DAV1D_OBU_FRAME_HDR:
			u->frames++;
			break;
		case DAV1D_OBU_TD:
		case DAV1D_OBU_TILE_GRP:
		case DAV1D_OBU_METADATA:
		case DAV1D_OBU_PADDING:
			break;
		default:
			return -EPROTO;
		}
	}
	return 0;
}

int
rd_peek_av1(struct rd_peek *p, const uint8_t *data, size_t len)
{
	struct units u;

	*p = (struct rd_peek){0};
	int r = av1_units(&u, data, len);
	if (r < 0)
		return r;
	if (u.frames != 1 || u.sequences > 1)
		return -EPROTO;
	if (u.sequences == 0)
		return 0;

	Dav1dSequenceHeader seq;
	if (dav1d_parse_sequence_header(&seq, data, len) < 0)
		return -EPROTO;
	if (seq.hbd != 0 || seq.mtrx == DAV1D_MC_IDENTITY
	    || (seq.layout != DAV1D_PIXEL_LAYOUT_I420 && seq.layout != DAV1D_PIXEL_LAYOUT_I444))
		return -EPROTO;
	p->key = true;
	p->width = seq.max_width;
	p->height = seq.max_height;
	return 0;
}
