#ifndef RD_TOP_PEER_H
#define RD_TOP_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "rd-top/model.h"
#include "rd-top/ui.h"

/*
 * The programs that run, by their control sockets. Nothing here waits for one: a
 * program that does not answer is asked nothing more until it has, and shown as
 * one that hangs; one whose socket closes is gone.
 */
struct peers;

struct peers_ops {
	/* Something of the model is new. */
	void (*changed)(void *ctx);
	/* What came of peers_tell; why it was not done, or "". */
	void (*told)(void *ctx, const struct order *o, const char *why);
};

struct peers *peers_new(struct rd_loop *loop, struct model *m, const struct peers_ops *ops,
	void *ctx);
void peers_free(struct peers *all);
/*
 * Looks who is there, and asks all. 0 (also when nobody is), or a negative errno
 * with a sentence to free in *why.
 */
int peers_look(struct peers *all, char **why);
/* Whether an answer is still waited for, from one that does not hang. */
bool peers_pending(const struct peers *all);
/* One at a time of each program. */
void peers_tell(struct peers *all, const struct order *o);

#endif
