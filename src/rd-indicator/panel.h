#ifndef RD_INDICATOR_PANEL_H
#define RD_INDICATOR_PANEL_H

#include "media/image.h"
#include "rd-indicator/people.h"

/*
 * What the indicator looks like: a line for each who is connected, and two buttons.
 * Pure.
 */
enum panel_button { PANEL_NONE, PANEL_PAUSE, PANEL_END };

struct panel {
	struct rd_image im;
	struct rd_rect pause, end;	/* the buttons, in it */
};

struct panel_look {
	const struct people *people;
	int scale;			/* of our font; 2 at 96 dots an inch */
	int most;			/* pixels, as wide as the monitor is: the buttons are to be seen */
	enum panel_button under;	/* the pointer is on this one */
	const char *hint;		/* a last line, in grey, which the width has room for … */
	bool hinted;			/* … and which is there now */
};

/* Draws it anew. 0 or -ENOMEM. */
int panel_draw(struct panel *p, const struct panel_look *look);
void panel_finish(struct panel *p);
enum panel_button panel_at(const struct panel *p, int x, int y);

#endif
