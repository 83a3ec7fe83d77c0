#include <signal.h>

#include "base/clock.h"
#include "rd-run/left.h"

#define LOOK_NS (20 * RD_NS_PER_MS)

static bool
nothing_left(struct keeper *k)
{
	struct tree_ask ask = keeper_left(k);
	return tree_signal_children(&ask, 0) == 0;
}

static bool
hunted(struct keeper *k)
{
	struct tree_ask ask = keeper_left(k);
	return tree_signal_children(&ask, SIGKILL) == 0;
}

/* Until there is nothing left, or for so long; `sig` goes to whatever there is, again and again. */
static bool
wait_left(struct keeper *k, int sig, bool keepers, uint64_t in_ns)
{
	uint64_t until_ns = rd_clock_ns() + in_ns;
	struct tree_ask ask = keeper_left(k);
	ask.keepers = keepers;
	while (!nothing_left(k)) {
		if (rd_clock_ns() >= until_ns || (k->hurry && !sig))
			return false;
		if (sig)
			tree_signal(&ask, sig);
		keeper_wait(k, keepers ? hunted : nothing_left, rd_clock_ns() + LOOK_NS);
	}
	return true;
}

void
left_end(struct keeper *k)
{
	struct tree_ask ask = keeper_left(k);
	size_t n = tree_signal(&ask, SIGTERM);
	if (n)
		tell_left(&k->tell, (int)n);
	/* Keepers below us end what is theirs by themselves; at last they are hunted like all others. */
	if (wait_left(k, 0, false, k->grace_ns) || wait_left(k, SIGKILL, false, k->grace_ns))
		return;
	wait_left(k, SIGKILL, true, k->grace_ns + RD_NS_PER_S);
}
