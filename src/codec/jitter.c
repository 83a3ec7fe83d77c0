#include <string.h>

#include "base/clock.h"
#include "codec/jitter.h"

#define BIN_NS ((int64_t)(2 * RD_NS_PER_MS))
/* What a piece counts less with every one that comes after it. */
#define FORGET 0.996
#define QUANTILE 0.96
/* Before anything is known: 12 to 14 ms, for the first second or two. */
#define CAUTION_BIN 6
#define CAUTION 0.05
/* A little more than what is enough for most. */
#define MARGIN_NS ((int64_t)(3 * RD_NS_PER_MS))
/* The best of the way is that of the last one to two of these: clocks drift. */
#define WINDOW_NS (10 * RD_NS_PER_S)
/* Sound waits for pictures no longer than that. */
#define PICTURE_MOST_NS ((int64_t)(500 * RD_NS_PER_MS))
/* Of a recording, which is read ahead: no piece counts as earlier. */
#define PACED_EARLY_NS ((int64_t)(40 * RD_NS_PER_MS))
/* Errors below are let be; from the second on it is made good quickly, by skipping from the third. */
#define ERROR_LEAST_NS ((int64_t)(2 * RD_NS_PER_MS))
#define ERROR_LARGE_NS ((int64_t)(15 * RD_NS_PER_MS))
#define ERROR_SKIP_NS ((int64_t)(30 * RD_NS_PER_MS))
#define STRETCH_GENTLE 2
/* Nothing came for so many pieces: it is over, though nobody said so. */
#define DRY_MOST 20
/* A number so far before what is played begins anew. */
#define JUMP 1000
/* A peer may name any time: what is further off is as good as this, and sums stay in range. */
#define LAG_MOST_NS (INT64_MAX / 16)

static int64_t
bounded(uint64_t lag_ns)
{
	int64_t lag = (int64_t)lag_ns;
	return lag > LAG_MOST_NS ? LAG_MOST_NS : lag < -LAG_MOST_NS ? -LAG_MOST_NS : lag;
}

static struct rd_jitter_slot *
slot_of(struct rd_jitter *j, uint32_t number)
{
	return &j->slots[number % RD_JITTER_SLOTS];
}

void
rd_jitter_flush(struct rd_jitter *j)
{
	for (int i = 0; i < RD_JITTER_SLOTS; i++)
		j->slots[i].there = false;
	j->running = j->waiting = false;
	j->dry = 0;
	j->error_ns = 0;
	if (j->ever)
		j->next = j->end;
}

void
rd_jitter_hold(struct rd_jitter *j)
{
	j->waiting = j->running;
	j->error_ns = 0;
}

void
rd_jitter_finish(struct rd_jitter *j)
{
	for (int i = 0; i < RD_JITTER_SLOTS; i++)
		rd_buf_finish(&j->slots[i].body);
	*j = (struct rd_jitter){0};
}

/* --- what is known of the way --- */

static int64_t
best(const struct rd_jitter *j)
{
	return j->best[1] < j->best[0] ? j->best[1] : j->best[0];
}

static void
note_way(struct rd_jitter *j, int64_t offset, uint64_t now_ns)
{
	/* After a long rest the clocks may have drifted apart. */
	if (!j->known || now_ns - j->window_ns >= 3 * WINDOW_NS) {
		j->best[0] = j->best[1] = offset;
		j->window_ns = now_ns;
	}
	if (!j->known)
		j->bins[CAUTION_BIN] = CAUTION;
	j->known = true;
	if (now_ns - j->window_ns >= WINDOW_NS) {
		j->best[1] = j->best[0];
		j->best[0] = offset;
		j->window_ns = now_ns;
	}
	if (offset < j->best[0])
		j->best[0] = offset;
	int64_t bin = (offset - best(j)) / BIN_NS;
	for (int i = 0; i < RD_JITTER_BINS; i++)
		j->bins[i] *= FORGET;
	j->bins[bin < RD_JITTER_BINS ? bin : RD_JITTER_BINS - 1] += 1 - FORGET;
}

/* What the way takes, of most pieces. */
static int64_t
way_ns(const struct rd_jitter *j)
{
	double all = 0, sum = 0;
	int i = 0;
	for (int k = 0; k < RD_JITTER_BINS; k++)
		all += j->bins[k];
	while (i < RD_JITTER_BINS - 1 && (sum += j->bins[i]) < all * QUANTILE)
		i++;
	return best(j) + (i + 1) * BIN_NS;
}

int64_t
rd_jitter_wanted_ns(const struct rd_jitter *j)
{
	int64_t least = way_ns(j) + MARGIN_NS + j->device_ns, picture = j->picture_lag_ns;
	if (!j->paced)
		picture -= (int64_t)RD_JITTER_EARLY_NS;
	if (!j->pictured || picture < least)
		return least;
	return j->paced || picture < least + PICTURE_MOST_NS ? picture : least + PICTURE_MOST_NS;
}

void
rd_jitter_picture(struct rd_jitter *j, uint64_t time_ns, uint64_t now_ns)
{
	int64_t lag = bounded(now_ns - time_ns);
	if (j->paced)
		return;
	/* A picture that took long, a first one or a large one, is soon forgotten. */
	j->picture_lag_ns = j->pictured ? j->picture_lag_ns + (lag - j->picture_lag_ns) / 8 : lag;
	j->pictured = true;
}

void
rd_jitter_pace(struct rd_jitter *j, uint64_t zero_ns)
{
	j->paced = j->pictured = true;
	j->picture_lag_ns = bounded(zero_ns);
}

/* --- pieces come --- */

static int64_t
offset_of(const struct rd_jitter *j, uint64_t time_ns, uint64_t now_ns)
{
	int64_t offset = bounded(now_ns - time_ns);
	int64_t early = j->picture_lag_ns - j->device_ns - PACED_EARLY_NS;
	return j->paced && offset < early ? early : offset;
}

static void
begin_at(struct rd_jitter *j, uint32_t number)
{
	rd_jitter_flush(j);
	j->next = j->end = number;
	j->ever = j->running = j->waiting = true;
}

/* Whether it belongs to what is there, or can still; what does not begins anew. */
static bool
fits(struct rd_jitter *j, uint32_t number, uint64_t time_ns)
{
	int32_t ahead = (int32_t)(number - j->next);
	/* A source that has begun anew counts from the beginning, but time goes on. */
	bool anew = ahead < 0 && !j->waiting && time_ns > j->newest_ns;
	bool far = ahead < -JUMP || ahead >= RD_JITTER_SLOTS;
	if (!j->ever || anew || far || (!j->running && ahead >= 0)) {
		begin_at(j, number);
		return true;
	}
	if (j->running && j->waiting && ahead < 0 && (int32_t)(j->end - number) < RD_JITTER_SLOTS) {
		j->next = number;
		return true;
	}
	return ahead >= 0;
}

void
rd_jitter_put(struct rd_jitter *j, const struct rd_sound_msg *m, uint16_t type,
	uint64_t time_ns, uint64_t now_ns)
{
	struct rd_jitter_slot *s = slot_of(j, m->number);
	bool in_time = fits(j, m->number, time_ns);
	if (time_ns > j->newest_ns)
		j->newest_ns = time_ns;
	if (in_time && s->there) {
		j->count.doubled++;
		return;
	}
	/* A copy of what was played says nothing of the way. */
	bool played = !in_time && !s->there && s->time_ns == time_ns;
	if (!in_time) {
		j->count.doubled += played;
		j->count.late += !played;
	}
	if (!played)
		note_way(j, offset_of(j, time_ns, now_ns), now_ns);
	if (!in_time)
		return;
	s->there = true;
	s->type = type;
	s->flags = m->flags;
	s->channels = m->channels;
	s->time_ns = time_ns;
	rd_buf_reset(&s->body);
	rd_buf_bytes(&s->body, m->data, m->len);
	if ((int32_t)(m->number + 1 - j->end) > 0)
		j->end = m->number + 1;
}

unsigned
rd_jitter_depth(const struct rd_jitter *j)
{
	return j->running ? j->end - j->next : 0;
}

/* --- and go --- */

static void
note_device(struct rd_jitter *j, int64_t heard_ns)
{
	if (heard_ns > j->device_ns)
		j->device_ns = heard_ns;
	else
		j->device_ns -= (j->device_ns - heard_ns) / 512;
}

static uint32_t
first_there(struct rd_jitter *j)
{
	uint32_t at = j->next;
	while (at != j->end && !slot_of(j, at)->there)
		at++;
	return at;
}

/* Whether it is time for that piece, which is there, or will be so soon. */
static bool
due(struct rd_jitter *j, uint32_t number, uint64_t heard_at_ns, int64_t soon_ns)
{
	int64_t lag = bounded(heard_at_ns - slot_of(j, number)->time_ns);
	return lag + soon_ns >= rd_jitter_wanted_ns(j);
}

/* What is missing before the first piece does not count: nothing has sounded yet. */
static bool
begins(struct rd_jitter *j, uint64_t heard_at_ns)
{
	j->next = first_there(j);
	return j->next != j->end && due(j, j->next, heard_at_ns, 0);
}

/*
 * What is lost and has been drawn out meanwhile, or would be late by now, is passed
 * over: the next piece that is there, if it is time for it.
 */
static void
pass_over(struct rd_jitter *j, uint64_t heard_at_ns)
{
	uint32_t first = first_there(j);
	if (first == j->end || !due(j, first, heard_at_ns, (int64_t)RD_SOUND_PIECE_NS / 2))
		return;
	j->count.lost += first - j->next;
	j->next = first;
}

static int
samples_of(int64_t error_ns)
{
	int64_t size = error_ns < 0 ? -error_ns : error_ns;
	if (size < ERROR_LEAST_NS)
		return 0;
	int n = size < ERROR_LARGE_NS ? STRETCH_GENTLE : RD_JITTER_STRETCH_MAX;
	return error_ns < 0 ? -n : n;
}

static void
play(struct rd_jitter *j, struct rd_jitter_slot *s, uint64_t now_ns, uint64_t heard_ns,
	struct rd_jitter_turn *turn)
{
	int64_t lag = bounded(now_ns + heard_ns - s->time_ns);
	int64_t error = lag - rd_jitter_wanted_ns(j);
	j->error_ns += (error - j->error_ns) / 16;
	turn->what = RD_JITTER_PIECE;
	turn->slot = s;
	turn->faster = samples_of(j->error_ns);
	turn->skip = j->error_ns > ERROR_SKIP_NS && rd_jitter_depth(j) > 2 && !(s->flags & RD_SOUND_REST);
	s->there = false;
	j->next++;
	j->dry = 0;
	if (turn->skip) {
		j->error_ns -= (int64_t)RD_SOUND_PIECE_NS;
		j->count.skipped++;
	}
	j->count.played++;
	/* The next sound may wait already: for its time. */
	if (s->flags & RD_SOUND_REST)
		j->running = j->waiting = j->next != j->end;
}

/* Nothing is there: drawn out, until that is no sound any more. */
static void
draw(struct rd_jitter *j, struct rd_jitter_turn *turn)
{
	if (++j->dry > DRY_MOST) {
		j->running = false;
		turn->what = RD_JITTER_OVER;
		return;
	}
	j->count.drawn++;
	turn->what = RD_JITTER_DRAW;
}

void
rd_jitter_take(struct rd_jitter *j, uint64_t now_ns, uint64_t heard_ns,
	struct rd_jitter_turn *turn)
{
	*turn = (struct rd_jitter_turn){.what = RD_JITTER_OVER};
	if (!j->running)
		return;
	note_device(j, (int64_t)heard_ns);
	if (j->waiting && !begins(j, now_ns + heard_ns)) {
		turn->what = RD_JITTER_WAIT;
		return;
	}
	j->waiting = false;
	pass_over(j, now_ns + heard_ns);
	if (j->next == j->end) {
		draw(j, turn);
		return;
	}
	struct rd_jitter_slot *s = slot_of(j, j->next);
	if (s->there) {
		play(j, s, now_ns, heard_ns, turn);
		return;
	}
	const struct rd_jitter_slot *after = slot_of(j, ++j->next);
	turn->what = RD_JITTER_LOST;
	turn->slot = after->there ? after : NULL;
	j->count.lost++;
}
