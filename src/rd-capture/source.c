#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/sessions.h"
#include "rd-capture/source.h"

int
source_exit(int error)
{
	switch (error) {
	case 0:
		return RD_EXIT_OK;
	case -ENXIO:
	case -EACCES:
	case -EIO:
		return RD_EXIT_NO_DISPLAY;
	case -ENOTUNIQ:
		return RD_EXIT_CHOOSE;
	case -ENOENT:
		return RD_EXIT_INPUT;
	case -EINVAL:
		return RD_EXIT_USAGE;
	case -EPERM:
		return RD_EXIT_PRIVACY;
	case -EPROTO:
		return RD_EXIT_FOREIGN;
	case -ENOTSUP:
		return RD_EXIT_UNSUPPORTED;
	case -ENOMEM:
		return RD_EXIT_MEMORY;
	default:
		return RD_EXIT_FAILURE;
	}
}

/* The caller's only session, for an X source that was told of no display. */
static int
find_display(struct source *s, const struct options *opt, char **why)
{
	const char *env = getenv("DISPLAY");
	if (opt->source != rd_capture_find("x11") || opt->capture.display || (env && env[0]))
		return 0;
	struct rd_session_places places;
	rd_session_places_init(&places);
	int err = rd_sessions_choose(&places, &s->display, why);
	if (!err)
		rd_info("DISPLAY is not set: using %s, your only session", s->display);
	return err;
}

int
source_open(struct source *s, const struct options *opt, struct rd_loop *loop,
	const struct rd_capture_events *ev, void *ctx, char **why)
{
	int err = find_display(s, opt, why);
	if (!err) {
		struct rd_capture_config cfg = opt->capture;
		cfg.pool = s->pool = rd_blob_pool_new(SOURCE_BLOBS);
		cfg.display = s->display ? s->display : cfg.display;
		err = rd_capture_open(&s->capture, opt->source, loop, &cfg, ev, ctx, why);
	}
	if (!err)
		return 0;
	if (!*why)
		*why = xstrdup(strerror(-err));
	rd_error("%s", *why);
	return source_exit(err);
}

void
source_close(struct source *s)
{
	rd_capture_close(s->capture);
	rd_blob_pool_free(s->pool);
	free(s->display);
	*s = (struct source){0};
}
