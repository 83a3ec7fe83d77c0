#ifndef RD_CHAN_CACHE_H
#define RD_CHAN_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg.h"

/*
 * What a viewer that joins now must be told to see what the others see: for
 * each channel, where the monitors are, the frames from the last sync point on, the
 * last cursor shape and pointer place. Bounded: beyond `max` bytes of frames, or when a frame was
 * cut off, it is void until the next sync point, and whoever has a viewer to
 * serve asks for one. Pure.
 *
 * Where nobody can be asked sync points come after 10 s of changed content, and
 * then as much as that may be must be kept.
 */
#define RD_CACHE_MAX ((size_t)16 << 20)
#define RD_CACHE_MAX_OPEN ((size_t)64 << 20)
#define RD_CACHE_CHANNELS 16
struct rd_cache;
struct rd_cache *rd_cache_new(size_t max);
void rd_cache_free(struct rd_cache *c);
/* Every message of the stream, in order. */
void rd_cache_message(struct rd_cache *c, const struct rd_msg *m);
/* What was kept of pictures is not told any more: until the next sync point there is none. */
void rd_cache_forget(struct rd_cache *c);
/* There is a sync point of every channel seen: a viewer can start from here. */
bool rd_cache_ready(const struct rd_cache *c);
/* Whole frames only: one whose SHOW has not come yet is not told. Returns the first negative. */
int rd_cache_replay(const struct rd_cache *c, int (*put)(void *ctx, const struct rd_msg *m), void *ctx);
/* Only that of which the newest counts, for one who missed some; and whether a type is such. */
int rd_cache_replay_state(const struct rd_cache *c, int (*put)(void *ctx, const struct rd_msg *m), void *ctx);
bool rd_cache_keeps(uint16_t type);
/* No frame is half told: what comes next continues what rd_cache_replay says. */
bool rd_cache_between(const struct rd_cache *c);
size_t rd_cache_bytes(const struct rd_cache *c);

#endif
