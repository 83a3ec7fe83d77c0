#ifndef RD_TOP_UI_H
#define RD_TOP_UI_H

#include <stdbool.h>

#include "rd-top/key.h"
#include "rd-top/model.h"

/*
 * What the person at the dashboard does: where he is, what he is asked, and what is
 * to be said to a program. Pure.
 */
enum page { PAGE_LIST, PAGE_SESSION, PAGE_HELP };
enum ask { ASK_NONE, ASK_END, ASK_VIEWER, ASK_BITRATE, ASK_PATH };

struct ui {
	enum page page, before;		/* before: where help was asked for */
	enum ask ask;
	char input[16];			/* of ASK_BITRATE and ASK_VIEWER */
	char *asked;			/* key of the session that `ask` is about */
	char said[200];			/* what came of it, until the next key */
	bool said_bad;
	bool held;			/* nothing new is shown */
	unsigned top;			/* the first row of the list that is seen */
	unsigned rows;			/* how many are, of the last drawing */
	unsigned first_y;		/* and where they begin */
};

enum order_kind { ORDER_NONE, ORDER_LEAVE, ORDER_TELL };
struct order {
	enum order_kind kind;
	struct program *who;
	char request[64];
	char done[160], undone[160];	/* what to say when he did it; when he did not */
};

struct order ui_key(struct ui *u, struct model *m, struct key k);
void ui_say(struct ui *u, bool bad, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The question that stands, or NULL. */
const char *ui_question(const struct ui *u, const struct model *m, char *out, size_t cap);
void ui_finish(struct ui *u);

#endif
