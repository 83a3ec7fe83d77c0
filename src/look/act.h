#ifndef RD_LOOK_ACT_H
#define RD_LOOK_ACT_H

#include "base/loop.h"
#include "look/source.h"
#include "media/input.h"

/*
 * Does something to a desktop, a little at a time, each when what came before
 * has been taken (TAKE and TAKEN of rd-stream(5)); keeps what is held held
 * meanwhile. A peer that does not say what it takes is only told.
 */
struct rd_act;

struct rd_act_config {
	const char *program;
	const struct rd_source *source;
	int guard_fd;
	uint64_t timeout_ns;	/* so long nothing may be taken; 0: for ever */
	uint64_t pause_ns;	/* after each step */
	bool confine;
	/*
	 * The next step: 1, with at most RD_ACT_STEP inputs in `in`, and *n of them,
	 * whose text stays until the next call; 0: not yet, rd_act_more follows; RD_ACT_OVER:
	 * that was all. A negative number ends it with that exit code.
	 */
	int (*next)(void *ctx, struct rd_act *act, struct rd_input *in, int *n);
	void *ctx;
};
#define RD_ACT_STEP 32
#define RD_ACT_OVER 2

/* Returns the exit status; what is wrong has then been said. `loop` is the caller's. */
int rd_act_run(struct rd_loop *loop, const struct rd_act_config *cfg);
void rd_act_more(struct rd_act *act);

#endif
