#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "desktop/hide.h"

/* ---- what a person says ---- */

int
rd_hide_add_rect(void *hide, const char *text, const char **error)
{
	struct rd_hide *h = hide;
	struct rd_rect r;
	if (!rd_rect_parse(&r, text)) {
		*error = "what is hidden is WIDTHxHEIGHT+X+Y of the desktop, such as 640x480+100+50";
		return -EINVAL;
	}
	if (h->rects == RD_HIDE_MAX) {
		*error = "more than 64 rectangles are not hidden";
		return -EINVAL;
	}
	h->rect[h->rects++] = r;
	return 0;
}

int
rd_hide_add_window(void *hide, const char *text, const char **error)
{
	static const char class[] = "class:";
	struct rd_hide *h = hide;
	struct rd_hide_window w = {.class = strncasecmp(text, class, sizeof(class) - 1) == 0};
	char *end;
	errno = 0;
	unsigned long id = strtoul(text, &end, 0);
	bool number = end != text && !*end && text[0] != '-';
	w.text = w.class ? text + sizeof(class) - 1 : text;
	if (!*w.text || (number && (errno || id == 0 || id > 0x1fffffff))) {
		*error = "a window to hide is a number such as 0x1c00003, a part of a title, or class:NAME";
		return -EINVAL;
	}
	if (h->windows == RD_HIDE_MAX) {
		*error = "more than 64 kinds of windows are not hidden";
		return -EINVAL;
	}
	w.id = number ? (uint32_t)id : 0;
	h->window[h->windows++] = w;
	return 0;
}

bool
rd_hide_any(const struct rd_hide *h)
{
	return h && (h->rects || h->windows);
}

/* ---- which windows are meant ---- */

static bool
has_part(const char *data, size_t len, const char *part)
{
	size_t n = strlen(part);
	for (size_t at = 0; n <= len && at <= len - n; at++) {
		if (strncasecmp(data + at, part, n) == 0)
			return true;
	}
	return false;
}

/* WM_CLASS: two names, each with a 0 behind it. */
static bool
has_name(const char *data, size_t len, const char *name)
{
	for (size_t at = 0; at < len;) {
		size_t n = strnlen(data + at, len - at);
		if (n == strlen(name) && strncasecmp(data + at, name, n) == 0)
			return true;
		at += n + 1;
	}
	return false;
}

static bool
matches(const struct rd_hide_window *w, const struct rd_hide_look *look)
{
	if (w->id)
		return false;
	if (w->class)
		return has_name(look->class.data, look->class.len, w->text);
	return look->cut || has_part(look->title[0].data, look->title[0].len, w->text)
		|| has_part(look->title[1].data, look->title[1].len, w->text);
}

bool
rd_hide_matches(const struct rd_hide *h, const struct rd_hide_look *look)
{
	for (int i = 0; i < h->windows; i++) {
		if (matches(&h->window[i], look))
			return true;
	}
	return false;
}

/* ---- which pixels are meant ---- */

/* Keeps the first rectangles of a region. */
static void
cut_short(pixman_region32_t *region, int max)
{
	int n;
	pixman_box32_t *box = pixman_region32_rectangles(region, &n);
	if (n <= max)
		return;
	pixman_region32_t kept;
	pixman_region32_init_rects(&kept, box, max);
	pixman_region32_copy(region, &kept);
	pixman_region32_fini(&kept);
}

/* Of a whole picture nothing is left out: what is too much now is solid for once. */
static void
put_off(struct rd_hide_parts *p, const pixman_region32_t *wanted, bool whole, int max)
{
	if (whole) {
		pixman_region32_clear(&p->fetched);
		pixman_region32_copy(&p->solid, (pixman_region32_t *)wanted);
	} else {
		cut_short(&p->fetched, max);
		cut_short(&p->solid, max);
	}
}

void
rd_hide_split(struct rd_hide_parts *p, const pixman_region32_t *wanted,
	const pixman_region32_t *hidden, bool whole, int few, int max)
{
	pixman_region32_t *want = (pixman_region32_t *)wanted, *hide = (pixman_region32_t *)hidden;
	pixman_region32_t done;
	pixman_region32_copy(&p->fetched, want);
	rd_region_simplify(&p->fetched, few);
	pixman_region32_subtract(&p->fetched, &p->fetched, hide);
	pixman_region32_intersect(&p->solid, want, hide);
	if (pixman_region32_n_rects(&p->fetched) > max || pixman_region32_n_rects(&p->solid) > max)
		put_off(p, wanted, whole, max);
	/* Solid is the end of it only where it is hidden. */
	pixman_region32_init(&done);
	pixman_region32_intersect(&done, &p->solid, hide);
	pixman_region32_union(&done, &done, &p->fetched);
	pixman_region32_subtract(&p->owed, want, &done);
	pixman_region32_fini(&done);
}

void
rd_hide_parts_init(struct rd_hide_parts *p)
{
	pixman_region32_init(&p->fetched);
	pixman_region32_init(&p->solid);
	pixman_region32_init(&p->owed);
}

void
rd_hide_parts_finish(struct rd_hide_parts *p)
{
	pixman_region32_fini(&p->fetched);
	pixman_region32_fini(&p->solid);
	pixman_region32_fini(&p->owed);
}
