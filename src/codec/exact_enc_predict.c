#include "codec/exact_enc_priv.h"
#include "codec/predict.h"

/* What of a rectangle's top the message has room for; of no rows: it is full. */
static struct rd_rect
next_piece(const struct exact_out *o, struct rd_rect r)
{
	size_t row = (size_t)r.w * 3, room = RD_EXACT_MAX_BYTES - o->plain.len;

	r.h = o->done.n < EXACT_MESSAGE_RECTS ? exact_min(r.h, (int)(room / row)) : 0;
	return r;
}

static void
put_piece(struct exact_out *o, const struct rd_image *im, struct rd_rect piece)
{
	size_t n = (size_t)rd_rect_area(piece) * 3;

	rd_predict_forward(im, piece, rd_buf_room(&o->plain, n));
	o->plain.len += n;
	exact_rects_add(&o->done, piece);
}

/* Cuts rectangles into pieces that fill messages. */
int
exact_predict_put(struct exact_out *o, const struct rd_image *im, const struct exact_rects *l)
{
	int err;

	for (int i = 0; i < l->n; i++) {
		struct rd_rect r = l->v[i];

		while (r.h > 0) {
			struct rd_rect piece = next_piece(o, r);

			if (piece.h > 0) {
				put_piece(o, im, piece);
				r.y += piece.h;
				r.h -= piece.h;
				continue;
			}
			err = exact_out_flush(o, RD_EXACT_PREDICT, 1);
			if (err)
				return err;
		}
	}
	return o->done.n ? exact_out_flush(o, RD_EXACT_PREDICT, 1) : 0;
}
