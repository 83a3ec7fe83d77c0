#include <stdlib.h>

#include "base/mem.h"
#include "rd-view/view.h"

/* Decodes everything and shows nothing: for measuring, and for checking a recording. */

static int
null_open(struct view **out, struct rd_loop *loop, const struct view_config *cfg)
{
	(void)loop, (void)cfg;
	*out = xmalloc(sizeof(**out));
	**out = (struct view){&view_null};
	return 0;
}

static int
null_frame(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	(void)v, (void)im, (void)damage, (void)f;
	return 0;
}

static void
null_close(struct view *v)
{
	free(v);
}

const struct view_ops view_null = {
	.name = "null",
	.help = "nowhere",
	.open = null_open,
	.frame = null_frame,
	.close = null_close,
};
