#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-record/writer.h"

/* A file holds at least one cluster, whatever --split-size says. */
#define FLUSH_NS RD_NS_PER_S
/* A film lasts: nothing is shown for no time, and players take that for no duration at all. */
#define LASTS_NS (100 * RD_NS_PER_MS)

void
writer_init(struct writer *w, struct place *place, const struct writer_ops *ops, void *ctx)
{
	*w = (struct writer){.place = place, .ops = ops, .ctx = ctx, .disk = {.fd = -1}};
}

static int
open_next(struct writer *w)
{
	int fd = place_next(w->place, &w->name);
	if (fd < 0) {
		rd_error("%s: %s%s", w->name, strerror(-fd), fd != -EEXIST ? ""
			: w->place->overwrite ? ", and is no plain file"
			: "; --overwrite replaces it");
		free(w->name);
		w->name = NULL;
		return fd;
	}
	disk_init(&w->disk, fd, !w->place->standard);
	return 0;
}

int
writer_begin(struct writer *w)
{
	return open_next(w) ? RD_EXIT_OUTPUT : 0;
}

/* Closes what is open and forgets it. */
static void
forget(struct writer *w)
{
	mux_close(w->mux);
	w->mux = NULL;
	if (w->disk.fd >= 0 && !w->place->standard)
		close(w->disk.fd);
	w->disk.fd = -1;
	free(w->name);
	w->name = NULL;
	w->pictures = w->safe_pictures = w->safe_ns = 0;
	w->unflushed = false;
}

static int
start(struct writer *w, const struct piece *p)
{
	int err = w->name ? 0 : open_next(w);
	if (err)
		return err;
	struct mux_config cfg = w->head;
	cfg.webm = w->place->webm;
	cfg.first = p->data;
	cfg.first_len = p->len;
	if (cfg.wall_ns)
		cfg.wall_ns += p->time_ns;
	w->start_ns = p->time_ns;
	return mux_open(&w->mux, &w->disk, &cfg);
}

/* How long what is in the file lasts, if it is shown until then. */
static uint64_t
length_at(const struct writer *w, uint64_t end_ns)
{
	return end_ns > w->start_ns + LASTS_NS ? end_ns - w->start_ns : LASTS_NS;
}

/* A file of which anybody hears plays already: its first picture goes to disk at once. */
static int
begun(struct writer *w, const struct piece *p)
{
	int err = writer_flush(w, p->time_ns);
	if (!err && w->ops->began)
		w->ops->began(w->ctx, w->name);
	return err;
}

bool
writer_full(const struct writer *w, uint64_t time_ns, size_t len)
{
	if (!w->mux)
		return false;
	if (w->split_ns && time_ns - w->start_ns >= w->split_ns)
		return true;
	uint64_t bytes = w->disk.size + mux_pending(w->mux) + mux_index_size(w->mux) + len;
	return w->split_bytes && w->pictures > 1 && bytes > w->split_bytes;
}

int
writer_put(struct writer *w, const struct piece *p)
{
	/* Words before the first picture stand at its time. */
	if (!w->mux && (p->track != TRACK_VIDEO || !p->key))
		return 0;
	/* What sounded before its first picture belongs to the file before. */
	if (p->track == TRACK_SOUND && p->time_ns < w->start_ns)
		return 0;
	int err = w->mux ? 0 : start(w, p);
	struct piece own = *p;
	own.time_ns = p->time_ns > w->start_ns ? p->time_ns - w->start_ns : 0;
	if (!err && w->unflushed && p->time_ns >= w->unflushed_ns + FLUSH_NS)
		err = writer_flush(w, p->time_ns);
	if (!err)
		err = mux_put(w->mux, &own);
	if (err)
		return err;
	w->pictures += p->track == TRACK_VIDEO;
	if (!w->unflushed)
		w->unflushed_ns = p->time_ns;
	w->unflushed = true;
	return w->pictures == 1 && p->track == TRACK_VIDEO ? begun(w, p) : 0;
}

int
writer_flush(struct writer *w, uint64_t now_ns)
{
	if (!w->mux)
		return 0;
	uint64_t length_ns = length_at(w, now_ns);
	int err = mux_flush(w->mux, length_ns);
	if (err)
		return err;
	w->unflushed = false;
	w->safe_pictures = w->pictures;
	w->safe_ns = length_ns;
	return 0;
}

/* The last picture that is safe was shown until what is lost began. */
static void
cut_back(struct writer *w, struct writer_told *told)
{
	uint64_t end_ns = w->unflushed ? length_at(w, w->unflushed_ns) : 0;
	told->pictures = w->safe_pictures;
	told->duration_ns = end_ns > w->safe_ns ? end_ns : w->safe_ns;
	if (told->pictures)
		mux_lasts(w->mux, told->duration_ns);
}

/* Nothing came of it: the file goes, and where we may not remove it, it is empty. */
static void
drop(struct writer *w)
{
	disk_drop(&w->disk);
	place_remove(w->place, w->name);
}

int
writer_cut(struct writer *w, uint64_t end_ns)
{
	if (!w->mux)
		return 0;
	struct writer_told told = {
		.name = w->name,
		.duration_ns = length_at(w, end_ns),
		.pictures = w->pictures,
	};
	int err = mux_finish(w->mux, told.duration_ns);
	if (w->disk.error)
		cut_back(w, &told);
	int safe = disk_finish(&w->disk);
	err = err ? err : safe;
	told.bytes = w->disk.error ? w->disk.good : w->disk.size;
	told.error = err;
	if (w->disk.error && !told.pictures)
		drop(w);
	place_sync(w->place);
	w->ops->saved(w->ctx, &told);
	forget(w);
	return err;
}

void
writer_close(struct writer *w)
{
	if (w->name && !w->mux)
		drop(w);
	forget(w);
}
