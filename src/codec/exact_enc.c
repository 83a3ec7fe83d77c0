#include "codec/exact.h"

#include <stdlib.h>

#include "base/mem.h"
#include "codec/exact_enc_priv.h"

/* Tiles are judged one by one: text beside a photograph is written as text. */
#define TILE_WIDTH 128
#define TILE_HEIGHT 64

struct rd_exact_enc {
	struct exact_out out;
	struct exact_columns columns;
	/* by method, what this call has yet to write */
	struct exact_rects todo[RD_EXACT_METHODS];
};

int
rd_exact_enc_open(struct rd_exact_enc **out)
{
	struct rd_exact_enc *e = xcalloc(1, sizeof(*e));
	int err = exact_out_open(&e->out);

	if (err) {
		rd_exact_enc_close(e);
		return err;
	}
	*out = e;
	return 0;
}

void
rd_exact_enc_close(struct rd_exact_enc *e)
{
	if (!e)
		return;
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		free(e->todo[i].v);
	exact_columns_finish(&e->columns);
	exact_out_close(&e->out);
	free(e);
}

void
rd_exact_enc_reset(struct rd_exact_enc *e)
{
	exact_columns_reset(&e->columns);
	exact_out_reset(&e->out);
}

/* Puts a tile on its method's list, joined with the tile before it if that is its left one. */
static void
assign(struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect t, int strip)
{
	bool text = exact_columns_suit(&e->columns, im, t, strip);
	struct exact_rects *l = &e->todo[text ? RD_EXACT_COLUMNS : RD_EXACT_PREDICT];
	struct rd_rect *last = l->n ? &l->v[l->n - 1] : NULL;

	if (last && last->y == t.y && last->h == t.h && last->x + last->w == t.x)
		last->w += t.w;
	else
		exact_rects_add(l, t);
}

static void
assign_tiles(struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect r, int strip)
{
	int height = strip >= TILE_HEIGHT ? strip : TILE_HEIGHT / strip * strip;

	for (int y = 0; y < r.h; y += height)
		for (int x = 0; x < r.w; x += TILE_WIDTH)
			assign(e, im, (struct rd_rect){r.x + x, r.y + y, exact_min(TILE_WIDTH, r.w - x),
				exact_min(height, r.h - y)}, strip);
}

int
rd_exact_enc_put(struct rd_exact_enc *e, const struct rd_image *im, int strip,
	const struct rd_rect *rects, int n, void (*emit)(void *ctx, struct rd_buf *body), void *ctx)
{
	int err;

	e->out.emit = emit;
	e->out.ctx = ctx;
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		e->todo[i].n = 0;
	for (int i = 0; i < n; i++)
		assign_tiles(e, im, rects[i], strip);
	err = exact_columns_put(&e->columns, &e->out, im, &e->todo[RD_EXACT_COLUMNS], strip);
	return err ? err : exact_predict_put(&e->out, im, &e->todo[RD_EXACT_PREDICT]);
}
