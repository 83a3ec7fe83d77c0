#ifndef RD_DESKTOP_CLIP_LINK_H
#define RD_DESKTOP_CLIP_LINK_H

#include "desktop/clipboard.h"
#include "wire/link.h"

/*
 * A display's clipboard, shared over a link: with its peer, or with all whose
 * channels pass through it. Content yields to pictures: a piece is only added
 * while the link is not busy.
 */
struct rd_clip_link {
	struct rd_clipboard *board;	/* NULL: none */
	struct rd_link *link;
	const struct rd_hello *hello;	/* ours: its time zero is the stream's */
	/* A line about a paste that stays empty, for the person at that peer; may be NULL. */
	void (*say)(void *ctx, uint8_t peer, const char *line);
	void *ctx;
};

struct rd_clip_link_config {
	const char *display;
	bool gives, takes;	/* as rd_clip_config has them */
	bool primary;
	bool keeps;		/* as rd_clipboard_config has it */
	uint64_t max;
	const char *name;
};

/*
 * `c` has link, hello, say and ctx in it; the first two may still change until
 * something comes from the peer. Errors as of rd_clipboard_open.
 */
int rd_clip_link_open(struct rd_clip_link *c, struct rd_loop *loop,
	const struct rd_clip_link_config *cfg, char **why);
/* After the loop has run. */
void rd_clip_link_close(struct rd_clip_link *c);
/* A message of class CLIPBOARD. 0, or -EPROTO. */
int rd_clip_link_message(struct rd_clip_link *c, const struct rd_msg *m);
/* The link has room again. */
void rd_clip_link_room(struct rd_clip_link *c);
/* The peer's HELLO, at a viewer: what it can is asked and offered. */
void rd_clip_link_peer(struct rd_clip_link *c, const struct rd_hello *peer);
/* The peer is gone for good. */
void rd_clip_link_gone(struct rd_clip_link *c);

#endif
