#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "look/words.h"
#include "rd-wait/targets.h"

static bool
any(const struct targets *t, enum target_kind kind)
{
	for (int i = 0; i < t->o->targets; i++)
		if (t->o->target[i].kind == kind)
			return true;
	return false;
}

bool
targets_want_text(const struct targets *t)
{
	return any(t, TARGET_TEXT);
}

int
targets_open(struct targets *t, const struct options *o)
{
	*t = (struct targets){.o = o, .tolerance = (int)(o->tolerance * 255 / 100)};
	pixman_region32_init(&t->ignored);
	for (int i = 0; i < o->ignored_count; i++)
		rd_region_add(&t->ignored, o->ignored[i]);
	for (int i = 0; i < o->targets; i++) {
		if (o->target[i].kind != TARGET_IMAGE)
			continue;
		t->file[i] = fopen(o->target[i].name, "rbe");
		if (t->file[i])
			continue;
		rd_error("%s: %s", o->target[i].name, strerror(errno));
		return RD_EXIT_INPUT;
	}
	return 0;
}

static const char *
why_not(int err)
{
	switch (err) {
	case -EPROTO:
		return "no PNG, or a broken one";
	case -EMSGSIZE:
		return "larger than any picture can be";
	default:
		return strerror(-err);
	}
}

static int
load_one(struct targets *t, int i)
{
	const struct rd_needle_config cfg = {
		.tolerance = t->tolerance, .differ = t->o->differ / 100,
	};
	struct rd_image im;
	int err = rd_image_read_png(&im, t->file[i]);
	if (err) {
		rd_error("%s: %s", t->o->target[i].name, why_not(err));
		return RD_EXIT_INPUT;
	}
	t->needle[i] = rd_needle_new(&im, &cfg);
	rd_image_finish(&im);
	if (t->needle[i])
		return 0;
	rd_error("%s: every pixel of it is transparent", t->o->target[i].name);
	return RD_EXIT_INPUT;
}

int
targets_load(struct targets *t)
{
	int code = 0;
	for (int i = 0; i < t->o->targets && !code; i++)
		if (t->file[i])
			code = load_one(t, i);
	return code;
}

void
targets_close(struct targets *t)
{
	for (int i = 0; i < TARGETS_MAX; i++) {
		if (t->file[i])
			fclose(t->file[i]);
		rd_needle_free(t->needle[i]);
	}
	pixman_region32_fini(&t->ignored);
	rd_image_finish(&t->first);
	rd_image_finish(&t->last);
}

/* ---- what changed ---- */

static struct rd_rect
whole(const struct targets *t)
{
	return (struct rd_rect){0, 0, t->width, t->height};
}

struct rd_rect
targets_area(const struct targets *t)
{
	return rd_rect_empty(t->o->region) ? whole(t) : rd_rect_intersect(t->o->region, whole(t));
}

/* How much differs of r, without what is ignored. */
static int64_t
count(const struct targets *t, const struct rd_image *a, const struct rd_image *b, struct rd_rect r,
	struct rd_rect *bound)
{
	pixman_region32_t region;
	int n;
	int64_t sum = 0;
	r = rd_rect_intersect(r, whole(t));
	*bound = (struct rd_rect){0};
	if (rd_rect_empty(r))
		return 0;
	pixman_region32_init_rect(&region, r.x, r.y, (unsigned)r.w, (unsigned)r.h);
	pixman_region32_subtract(&region, &region, (pixman_region32_t *)&t->ignored);
	const pixman_box32_t *box = pixman_region32_rectangles(&region, &n);
	for (int i = 0; i < n; i++) {
		struct rd_rect part;
		sum += rd_image_count(a, b, rd_rect_of_box(&box[i]), t->tolerance, &part);
		*bound = rd_rect_bound(*bound, part);
	}
	pixman_region32_fini(&region);
	return sum;
}

static void
copy(struct rd_image *to, const struct rd_image *im)
{
	rd_image_finish(to);
	if (rd_image_init(to, im->width, im->height) == 0)
		rd_image_copy(to, im, (struct rd_rect){0, 0, im->width, im->height});
}

/* Whether any of the damage is more than the tolerance; what is not, adds up. */
static bool
moved(struct targets *t, const struct rd_image *im, const pixman_region32_t *damage)
{
	int n;
	bool changed = false;
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)damage, &n);
	for (int i = 0; i < n; i++) {
		struct rd_rect bound, r = rd_rect_intersect(rd_rect_of_box(&box[i]), targets_area(t));
		if (rd_rect_empty(r) || count(t, &t->last, im, r, &bound) == 0)
			continue;
		rd_image_copy(&t->last, im, r);
		changed = true;
	}
	return changed;
}

/* The first picture, or one of another size. */
static void
begin(struct targets *t, const struct rd_image *im, uint64_t now_ns)
{
	bool resized = t->width != 0;
	t->width = im->width;
	t->height = im->height;
	t->changed_ns = now_ns;
	if (any(t, TARGET_STILL))
		copy(&t->last, im);
	if (any(t, TARGET_CHANGE) && !resized)
		copy(&t->first, im);
}

bool
targets_outside(const struct targets *t, const struct rd_image *im, struct rd_rect *region)
{
	const struct options *o = t->o;
	const struct rd_rect all = {0, 0, im->width, im->height};
	*region = o->region;
	if (!rd_rect_empty(*region) && rd_rect_empty(rd_rect_intersect(*region, all)))
		return true;
	for (int i = 0; i < o->targets; i++) {
		*region = o->target[i].region;
		if (o->target[i].kind == TARGET_CHANGE &&
			rd_rect_empty(rd_rect_intersect(*region, all)))
			return true;
	}
	return false;
}

/* ---- what is met ---- */

static bool
has_changed(const struct targets *t, const struct target *g, const struct rd_image *im,
	struct rd_rect *at)
{
	if (!t->first.data)
		return false;
	*at = g->region;
	if (t->first.width != im->width || t->first.height != im->height)
		return true;
	return count(t, &t->first, im, g->region, at) > 0;
}

int
targets_frame(struct targets *t, const struct rd_image *im, const pixman_region32_t *damage,
	uint64_t now_ns, struct rd_rect *at)
{
	bool anew = im->width != t->width || im->height != t->height;
	if (anew)
		begin(t, im, now_ns);
	else if (t->last.data && damage && moved(t, im, damage))
		t->changed_ns = now_ns;
	for (int i = 0; i < t->o->targets; i++) {
		const struct target *g = &t->o->target[i];
		if (g->kind == TARGET_CHANGE && has_changed(t, g, im, at))
			return i;
		if (t->needle[i] && rd_needle_find(t->needle[i], im, targets_area(t),
				anew ? NULL : damage, at))
			return i;
	}
	return -1;
}

uint64_t
targets_due(const struct targets *t)
{
	uint64_t due = UINT64_MAX;
	for (int i = 0; i < t->o->targets && !rd_rect_empty(targets_area(t)); i++) {
		const struct target *g = &t->o->target[i];
		if (g->kind == TARGET_STILL && t->changed_ns + g->still_ns < due)
			due = t->changed_ns + g->still_ns;
	}
	return due;
}

int
targets_time(const struct targets *t, uint64_t now_ns, struct rd_rect *at)
{
	for (int i = 0; i < t->o->targets && !rd_rect_empty(targets_area(t)); i++) {
		const struct target *g = &t->o->target[i];
		if (g->kind != TARGET_STILL || now_ns < t->changed_ns + g->still_ns)
			continue;
		*at = targets_area(t);
		return i;
	}
	return -1;
}

int
targets_text(const struct targets *t, const char *tsv, size_t len, struct rd_rect part,
	int scale, struct rd_rect *at)
{
	for (int i = 0; i < t->o->targets; i++) {
		const struct target *g = &t->o->target[i];
		if (g->kind != TARGET_TEXT || !rd_words_find(tsv, len, g->name, at))
			continue;
		*at = (struct rd_rect){part.x + at->x / scale, part.y + at->y / scale,
			(at->w + scale - 1) / scale, (at->h + scale - 1) / scale};
		return i;
	}
	return -1;
}

int
targets_nearest(const struct targets *t, const struct rd_image *im, struct rd_rect *at,
	int64_t *off, int64_t *of)
{
	int best = -1;
	for (int i = 0; i < t->o->targets; i++) {
		struct rd_rect where;
		int64_t all, n = t->needle[i]
			? rd_needle_nearest(t->needle[i], im, targets_area(t), &where, &all) : -1;
		/* By the share of their pixels: n / all < off / of. */
		if (n < 0 || (best >= 0 && (double)n * (double)*of >= (double)*off * (double)all))
			continue;
		best = i;
		*at = where;
		*off = n;
		*of = all;
	}
	return best;
}
