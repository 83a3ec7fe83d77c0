#ifndef RD_TOP_KEY_H
#define RD_TOP_KEY_H

#include <stdint.h>

/* A key as the dashboard knows it. */
enum key_name {
	KEY_NONE,
	KEY_CHAR,	/* `point` */
	KEY_OTHER,	/* one that means nothing here */
	KEY_GO_UP, KEY_GO_DOWN, KEY_GO_LEFT, KEY_GO_RIGHT,
	KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_FIRST, KEY_LAST,
	KEY_RETURN, KEY_ESCAPE, KEY_RUBOUT, KEY_CLICKED, KEY_WHEEL_UP, KEY_WHEEL_DOWN,
};

struct key {
	enum key_name name;
	uint32_t point;
	unsigned row;	/* of KEY_CLICKED */
};

#endif
