#ifndef RD_RECORD_MUX_H
#define RD_RECORD_MUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/codec.h"
#include "rd-record/disk.h"
#include "rd-record/piece.h"

/*
 * One WebM or Matroska file, by libavformat. Nothing of a cluster is written
 * before it is whole, and no cluster is longer than a second of pieces: so what
 * is on the disk plays, whenever it ends. On a file the duration, and the
 * chapters as long as there is room, are kept right while it grows.
 */
struct mux;

struct mux_config {
	bool webm;		/* else Matroska */
	bool sound;		/* packets of Opus will come, or may */
	bool captions, chapters; /* lines of these will come */
	enum rd_codec codec;
	int width, height;	/* of the coded pictures */
	uint64_t wall_ns;	/* when it began, by the clock on the wall; 0: unknown */
	const uint8_t *first;	/* the first packet, a key frame: AV1 tells its sequence there */
	size_t first_len;
};

/* Writes the head. `d` is borrowed until mux_close. 0, or a negative errno. */
int mux_open(struct mux **out, struct disk *d, const struct mux_config *cfg);
/* Pieces of a track come in the order of their times. 0, or a negative errno. */
int mux_put(struct mux *m, const struct piece *p);
/*
 * Ends the cluster, so that all of it is in the file, which lasts until
 * `end_ns`. 0, or a negative errno.
 */
int mux_flush(struct mux *m, uint64_t end_ns);
/* Of a file: says that what is in it lasts so long, and nothing else; on a full disk, too. */
void mux_lasts(struct mux *m, uint64_t end_ns);
/* Bytes put and not yet in the file. */
size_t mux_pending(const struct mux *m);
/* What the index will take at the end, about. */
size_t mux_index_size(const struct mux *m);
/* Ends the file, with an index. 0, or a negative errno. */
int mux_finish(struct mux *m, uint64_t end_ns);
/* NULL is fine; the disk stays as it is. */
void mux_close(struct mux *m);

#endif
