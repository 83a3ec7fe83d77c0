#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "look/png_file.h"
#include "rd-view/view.h"

/*
 * The last whole frame as a PNG file, or every frame where the name holds %d.
 * A file appears under its name when it is complete, not before. "-" is
 * standard output.
 */
struct png {
	struct view view;
	char *path;		/* as given, with %d in it when `each` */
	bool each;
	char *dir;		/* … where they lie */
	struct rd_image last;	/* the last whole frame; unused when `each` */
	struct rd_png_file file; /* the one file, opened before confinement */
};

/* Where the number goes in a name, and how wide; len 0: nowhere. */
struct slot {
	size_t at, len;
	int width;
};

/* Finds %d or %05d. -EINVAL for any other use of '%', but "%%". */
static int
find_slot(const char *path, struct slot *s)
{
	*s = (struct slot){0};
	for (const char *p = strchr(path, '%'); p; p = strchr(p, '%')) {
		const char *end = p + 1;
		if (*end == '%') {
			p += 2;
			continue;
		}
		while (isdigit((unsigned char)*end) && end - p < 3)
			end++;
		if (*end != 'd' || s->len)
			return -EINVAL;
		*s = (struct slot){(size_t)(p - path), (size_t)(end + 1 - p), atoi(p + 1)};
		p = end;
	}
	return 0;
}

/* The name of frame `number`, with "%%" made one. The caller frees. */
static char *
expand(const char *path, uint32_t number)
{
	struct slot s;
	struct rd_buf b = {0};
	find_slot(path, &s);
	for (size_t i = 0; path[i]; i++) {
		if (s.len && i == s.at) {
			char digits[128];
			int n = snprintf(digits, sizeof(digits), "%0*u", s.width, number);
			rd_buf_bytes(&b, digits, (size_t)n);
			i += s.len - 1;
			continue;
		}
		rd_buf_u8(&b, (uint8_t)path[i]);
		if (path[i] == '%')
			i++;
	}
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

/* Frames that are still to come have no names yet; their folder has. */
static int
check_folder(struct png *p)
{
	const char *slash = strrchr(p->path, '/');
	p->dir = !slash ? xstrdup(".") : slash == p->path ? xstrdup("/")
		: xasprintf("%.*s", (int)(slash - p->path), p->path);
	if (access(p->dir, W_OK) == 0)
		return 0;
	rd_error("%s: %s", p->dir, strerror(errno));
	return RD_EXIT_OUTPUT;
}

static int
png_open_output(struct png *p)
{
	struct slot s;
	if (find_slot(p->path, &s) != 0) {
		rd_error("--to png:%s: of '%%' only %%d, such as %%05d, and %%%% have a meaning", p->path);
		return RD_EXIT_USAGE;
	}
	p->each = s.len > 0;
	if (p->each)
		return check_folder(p);
	char *path = expand(p->path, 0);
	int code = rd_png_file_open(&p->file, path);
	free(path);
	return code;
}

static void
png_close(struct view *v)
{
	struct png *p = (struct png *)v;
	rd_png_file_close(&p->file);
	rd_image_finish(&p->last);
	free(p->path);
	free(p->dir);
	free(p);
}

static int
png_open(struct view **out, struct rd_loop *loop, const struct view_config *cfg)
{
	(void)loop;
	struct png *p = xcalloc(1, sizeof(*p));
	p->view.ops = &view_png;
	p->path = xstrdup(cfg->target);
	int code = png_open_output(p);
	if (code)
		png_close(&p->view);
	*out = code ? NULL : &p->view;
	return code;
}

static const char *
png_write_dir(const struct view *v)
{
	const struct png *p = (const struct png *)v;
	return p->each ? p->dir : p->file.dir;
}

static int
write_one(struct png *p, const struct rd_image *im, uint32_t number)
{
	char *path = expand(p->path, number);
	struct rd_png_file file;
	int code = rd_png_file_open(&file, path);
	if (!code)
		code = rd_png_file_write(&file, im);
	rd_png_file_close(&file);
	free(path);
	return code;
}

/* The screen may be half way into the next frame when the stream ends: keep this one. */
static int
keep(struct png *p, const struct rd_image *im, const pixman_region32_t *damage)
{
	if (p->last.width != im->width || p->last.height != im->height) {
		rd_image_finish(&p->last);
		int err = rd_image_init(&p->last, im->width, im->height);
		if (err) {
			rd_error("no memory for a picture of %dx%d", im->width, im->height);
			return RD_EXIT_MEMORY;
		}
		rd_image_copy(&p->last, im, (struct rd_rect){0, 0, im->width, im->height});
		return 0;
	}
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)damage, &n);
	for (int i = 0; i < n; i++)
		rd_image_copy(&p->last, im, rd_rect_of_box(&box[i]));
	return 0;
}

static int
png_frame(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	struct png *p = (struct png *)v;
	return p->each ? write_one(p, im, f->number) : keep(p, im, damage);
}

static int
png_finish(struct view *v)
{
	struct png *p = (struct png *)v;
	if (p->each)
		return 0;
	if (!p->last.data) {
		rd_error("no picture came, so %s is not written", p->path);
		return RD_EXIT_FAILURE;
	}
	return rd_png_file_write(&p->file, &p->last);
}

const struct view_ops view_png = {
	.name = "png",
	.help = "a picture file",
	.open = png_open,
	.write_dir = png_write_dir,
	.frame = png_frame,
	.finish = png_finish,
	.close = png_close,
};
