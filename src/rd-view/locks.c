#include <stdio.h>

#include "rd-view/locks.h"

/* LOCKS goes out now, and is what will be. */
static bool
say(struct locks *l)
{
	if (!l->on || !l->here.known)
		return false;
	if (!l->there.known)
		l->there = l->here;
	l->there.on = (uint8_t)((l->there.on & ~l->here.known) | (l->here.on & l->there.known));
	return true;
}

static bool
differ(const struct locks *l)
{
	return !l->there.known || ((l->here.on ^ l->there.on) & l->here.known & l->there.known);
}

bool
locks_focus(struct locks *l, bool focus, struct rd_locks here)
{
	l->focus = focus;
	l->here = here;
	l->by = 0;
	/* Also where nothing differs, as far as we know: it is seldom, and asks how they are. */
	return focus && say(l);
}

bool
locks_here(struct locks *l, struct rd_locks here, uint16_t code)
{
	l->here = here;
	l->by = code;
	return !code && l->focus && differ(l) && say(l);
}

bool
locks_press(struct locks *l, uint16_t code)
{
	return code != l->by && differ(l) && say(l);
}

bool
locks_release(struct locks *l, uint16_t code, struct rd_locks here)
{
	if (!code || code != l->by)
		return false;
	l->here = here;
	l->by = 0;
	return differ(l) && say(l);
}

void
locks_there(struct locks *l, struct rd_locks there)
{
	l->there = there;
}

const char *
locks_text(struct rd_locks locks, char out[static LOCKS_TEXT])
{
	static const char *const name[RD_LOCK_COUNT] = {"caps", "num", "scroll"};
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < RD_LOCK_COUNT; i++) {
		if (locks.on & 1u << i)
			used += (size_t)snprintf(out + used, LOCKS_TEXT - used, "%s%s", used ? "," : "", name[i]);
	}
	return used ? out : "none";
}
