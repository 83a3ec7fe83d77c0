#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_blank.h"
#include "rd-capture/leaving.h"
#include "rd-capture/lock.h"
#include "rd-capture/others.h"

/* What the two processes know of each other. */
struct leaving_word {
	bool acted;	/* a viewer did something */
	bool failed;
};

/* In the heir, once we are gone or have closed everything. */
static void
on_gone(void *ctx)
{
	struct leaving *l = ctx;
	bool due = l->locks && l->word->acted;
	bool last = due && others_none_after(l->others < 0 ? -1 : STDOUT_FILENO);
	close(STDOUT_FILENO);
	if (due && last)
		l->word->failed = !lock_run(l->opt->lock, l->display);
	else if (due)
		rd_info("the desktop is not locked yet: another viewer controls it");
	if (l->blank)
		rd_x11_blank_restore(l->blank);
}

/* Where it cannot be that is said at both ends, or is the end of it. Takes `because`. */
static int
not_blank(struct leaving *l, char **why, char *because)
{
	char *text = xasprintf("the host's own monitors are not blank: %s", because);
	free(because);
	*why = text;
	if (strcmp(l->opt->blank, "must") == 0)
		return RD_EXIT_PRIVACY;
	*why = NULL;
	rd_warn("%s", text);
	l->notice = text;
	return 0;
}

static int
open_blank(struct leaving *l, struct rd_loop *loop, char **why)
{
	if (!l->opt->blank)
		return 0;
	int err = rd_x11_blank_open(&l->blank, loop, l->display, why);
	if (!err)
		return 0;
	l->blank = NULL;
	return not_blank(l, why, *why ? *why : xstrdup(strerror(-err)));
}

static int
open_heir(struct leaving *l)
{
	void *word = mmap(NULL, sizeof(*l->word), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (word == MAP_FAILED)
		return -errno;
	l->word = word;
	l->others = l->locks ? others_open(l->display) : -1;
	return rd_heir_open(&l->heir, l->others, on_gone, l);
}

int
leaving_open(struct leaving *l, struct rd_loop *loop, const struct options *opt,
	const char *display, bool controlled, char **why)
{
	*l = (struct leaving){.opt = opt, .display = display ? xstrdup(display) : NULL};
	l->locks = opt->lock && controlled;
	int code = open_blank(l, loop, why);
	if (code || (!l->locks && !l->blank))
		return code;
	int err = open_heir(l);
	if (err) {
		l->locks = false;
		*why = xasprintf("nobody could %s at the end: %s",
			opt->lock ? "lock the desktop" : "turn the monitors on", strerror(-err));
		return RD_EXIT_PRIVACY;
	}
	if (l->blank && !rd_x11_blank_begin(l->blank))
		return not_blank(l, why, xstrdup("the X server leaves them lit"));
	return 0;
}

void
leaving_acted(struct leaving *l)
{
	if (!l->word)
		return;
	l->word->acted = true;
	if (!l->joined)
		l->joined = others_join(l->others);
}

int
leaving_close(struct leaving *l)
{
	bool failed = false;
	if (l->blank)
		rd_x11_blank_let_go(l->blank);
	rd_heir_close(&l->heir);
	if (l->word) {
		failed = l->word->failed;
		if (l->others >= 0)
			close(l->others);
		munmap(l->word, sizeof(*l->word));
	}
	rd_x11_blank_free(l->blank);
	free(l->display);
	free(l->notice);
	*l = (struct leaving){0};
	return failed ? RD_EXIT_PRIVACY : 0;
}
