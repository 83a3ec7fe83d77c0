#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "codec/exact_enc_priv.h"

void
exact_rects_add(struct exact_rects *l, struct rd_rect r)
{
	if (rd_rect_empty(r))
		return;
	if (!l->v || l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->v = xreallocarray(l->v, l->cap, sizeof(*l->v));
	}
	l->v[l->n++] = r;
}

static ZSTD_CStream *
open_stream(int level, int window_log)
{
	ZSTD_CStream *z = ZSTD_createCStream();

	if (!z)
		return NULL;
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log);
	return z;
}

int
exact_out_open(struct exact_out *o)
{
	/* Numbers are few and repeat words and lines: search for them. */
	o->zstd[RD_EXACT_COLUMNS] = open_stream(3, 20);
	/* Differences hardly repeat: entropy coding is all there is to gain. */
	o->zstd[RD_EXACT_PREDICT] = open_stream(1, 17);
	return o->zstd[RD_EXACT_COLUMNS] && o->zstd[RD_EXACT_PREDICT] ? 0 : -ENOMEM;
}

void
exact_out_close(struct exact_out *o)
{
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		ZSTD_freeCStream(o->zstd[i]);
	free(o->done.v);
	rd_buf_finish(&o->plain);
	rd_buf_finish(&o->packed);
	rd_buf_finish(&o->body);
}

void
exact_out_reset(struct exact_out *o)
{
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		if (o->zstd[i])
			ZSTD_CCtx_reset(o->zstd[i], ZSTD_reset_session_only);
}

/* Compresses `plain` into `packed`, all of which the reader can decompress. */
static int
pack(struct exact_out *o, ZSTD_CStream *z)
{
	size_t cap = ZSTD_compressBound(o->plain.len) + 64, left;
	ZSTD_inBuffer in = {o->plain.data, o->plain.len, 0};
	ZSTD_outBuffer out;

	rd_buf_reset(&o->packed);
	out = (ZSTD_outBuffer){rd_buf_room(&o->packed, cap), cap, 0};
	do {
		left = ZSTD_compressStream2(z, &out, &in, ZSTD_e_flush);
		if (ZSTD_isError(left))
			return -ENOMEM;
	} while (left);
	o->packed.len = out.pos;
	return 0;
}

int
exact_out_flush(struct exact_out *o, enum rd_exact_method method, int strip)
{
	if (pack(o, o->zstd[method]))
		return -ENOMEM;
	rd_buf_reset(&o->body);
	rd_exact_pack(&o->body, method, strip, o->done.v, o->done.n, o->packed.data, o->packed.len);
	o->done.n = 0;
	rd_buf_reset(&o->plain);
	o->emit(o->ctx, &o->body);
	return 0;
}
