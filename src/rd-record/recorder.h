#ifndef RD_RECORD_RECORDER_H
#define RD_RECORD_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "codec/screen.h"
#include "rd-record/canvas.h"
#include "rd-record/lines.h"
#include "rd-record/options.h"
#include "rd-record/passage.h"
#include "rd-record/place.h"
#include "rd-record/purse.h"
#include "rd-record/ring.h"
#include "rd-record/shutter.h"
#include "rd-record/sounds.h"
#include "rd-record/tell.h"
#include "rd-record/timeline.h"
#include "rd-record/writer.h"

/*
 * What is shown becomes pieces of a recording.
 *
 *	recorder.c	its life: sources, files, words, the end
 *	recorder_take.c	how a picture is taken, and whether the stream's own
 *			packet can be
 *	recorder_due.c	when the next one is
 *
 * A picture is taken when something has changed; once more, finely, when it has
 * rested; and then once a second, so that players know how long it stood. With
 * --fps it is taken at every tick instead. With --max-cpu a large change waits
 * until there is processor time for it, and with it what has changed meanwhile.
 */
struct recorder_ops {
	/* A key frame would be welcome: the stream's own packets have had none for long. */
	void (*refresh)(void *ctx);
	/* It cannot, or need not, go on; `text` is NULL where nothing is wrong. */
	void (*over)(void *ctx, int code, const char *text);
};

struct recorder {
	const struct options *o;
	const struct recorder_ops *ops;
	void *ctx;
	struct rd_loop *loop;
	struct tell tell;
	struct place place;
	struct writer writer;
	struct ring ring;
	struct canvas canvas;
	struct shutter shutter;
	struct sounds sounds;
	struct lines chapters, captions;

	bool live;		/* the source runs by a clock … */
	bool sound;		/* … and may sound */
	uint64_t sounded_ns;	/* the end of the last sound, in the recording */
	uint64_t wall_ns;	/* when the source's time zero was */
	struct timeline timeline;
	struct purse purse;	/* for large changes of a live source */
	struct rd_timer timer;	/* for the next picture; live sources only */

	bool begun;		/* there has been a picture */
	enum rd_codec codec;	/* of the recording */
	bool passing;		/* its last packet was the stream's own */
	bool asked;		/* … and a key frame was asked for */
	bool want_key;
	uint64_t last_ns;	/* time of the last packet … */
	uint64_t gap_ns;	/* … after the one before */
	uint64_t key_ns;	/* time of the last key packet */
	uint64_t content_ns;	/* of changes since then */
	bool dirty;		/* the canvas has changed since the last packet … */
	uint64_t dirty_ns;	/* … at that time */
	uint64_t changed_ns;	/* time of the last change that was taken … */
	uint64_t large_ns;	/* … and of the last large one */
	uint64_t ticks;		/* pictures taken with --fps */
	bool limit;		/* --duration has passed, and that was told */
	char *saved;		/* the last file that is safe; NULL */
	uint64_t pictures;	/* taken */
	bool over;		/* nothing is taken any more */
	int code;		/* an exit code, if something failed */
};

/* 0, or an exit code after saying why. Close it in both cases. */
int recorder_open(struct recorder *r, struct rd_loop *loop, const struct options *o,
	const struct recorder_ops *ops, void *ctx, bool converting);
/* The folder in which files will be made, or NULL. */
const char *recorder_write_dir(const struct recorder *r);
/* A source begins; wall_ns: when its time zero was, 0 if unknown. `sound`: it may have some. */
void recorder_source(struct recorder *r, bool live, bool sound, uint64_t wall_ns);
/* A whole frame, and the packet it was, if it was one. */
void recorder_frame(struct recorder *r, const struct rd_image *im,
	const pixman_region32_t *damage, const struct rd_screen_frame *f, const struct passage *p);
void recorder_shape(struct recorder *r, const struct rd_cursor *shape, uint64_t time_ns);
void recorder_pointer(struct recorder *r, const struct rd_pointer_at *at, uint64_t time_ns);
/* A message of class SOUND. 0, or -EPROTO. */
int recorder_sound(struct recorder *r, const struct rd_msg *m);
/*
 * Writes what --last keeps: r->saved is its name; else all so far is in the file that is
 * open when this returns. 0, or a negative errno.
 */
int recorder_save(struct recorder *r);
/* Words, as those of --chapters and --captions. */
void recorder_chapter(struct recorder *r, const char *text);
void recorder_caption(struct recorder *r, const char *text);
/*
 * The last file becomes whole. An exit code; RD_EXIT_OK where all went well.
 * `explained`: it has been said why it ends, should there have been no picture.
 */
int recorder_end(struct recorder *r, bool explained);
void recorder_close(struct recorder *r);

/* Between recorder*.c. */
/* A picture that rests is said again, of a live source, and all is in the file then. */
#define RECORDER_BEAT_NS RD_NS_PER_S
/* Where only the pointer moves, no more often than this. */
#define RECORDER_POINTER_NS (33 * RD_NS_PER_MS)
/* From when on the change that is there may be coded; 0: at once. */
uint64_t recorder_affordable(const struct recorder *r);
/* Codes the canvas as it is now; `fine`: it has rested. */
void recorder_take(struct recorder *r, uint64_t time_ns, bool fine);
/* All that is due before or at that time is taken. */
void recorder_catch_up(struct recorder *r, uint64_t to_ns);
/* Sets the timer for what is due next. */
void recorder_schedule(struct recorder *r);
/* Words are taken from now on: there is a picture they belong to. */
void recorder_listen(struct recorder *r);
/* The picture as it is, at the end: when that is now. */
uint64_t recorder_last(struct recorder *r, uint64_t end_ns);
void recorder_put(struct recorder *r, const struct piece *p);
void recorder_failed(struct recorder *r, int error, const char *what);
/* The recording's time: by the clock where it runs by one. */
uint64_t recorder_now(const struct recorder *r);
/*
 * Whether such a time cannot be: it would have to be filled, and all else would wait.
 * What is live is hardly ahead of our clock; in what was recorded nothing may have
 * changed for weeks.
 */
bool recorder_leaps(const struct recorder *r, uint64_t stream_ns);

#endif
