#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "rd-capture/clip.h"

/* Who may change nothing here brings nothing, either. */
static bool
to_host(const struct options *opt)
{
	return rd_clip_to_host(&opt->clip) && !opt->view_only;
}

void
clip_open(struct rd_clip_link *c, struct rd_loop *loop, const struct options *opt,
	const char *display)
{
	const struct rd_clip_link_config cfg = {
		.display = display ? display : opt->capture.display,
		.gives = rd_clip_to_viewer(&opt->clip),
		.takes = to_host(opt),
		.keeps = true,
		.primary = opt->clip.primary,
		.max = opt->clip.max,
		.name = "the viewer",
	};
	char *why = NULL;
	if (!cfg.gives && !cfg.takes)
		return;
	int err = rd_clip_link_open(c, loop, &cfg, &why);
	if (err)
		rd_warn("no clipboard is shared: %s", why ? why : strerror(-err));
	free(why);
}

uint32_t
clip_caps(const struct options *opt)
{
	return (rd_clip_to_viewer(&opt->clip) ? RD_CAP_CLIP_OUT : 0) |
		(to_host(opt) ? RD_CAP_CLIP_IN : 0);
}
