#ifndef RD_WIRE_MSG_LINK_H
#define RD_WIRE_MSG_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "wire/msg.h"

/* HELLO, END, BUFFER, RELEASE: what two neighbours say to each other. */

#define RD_STREAM_MAJOR 1
#define RD_STREAM_MINOR 0
/* The first 8 bytes of HELLO's body. */
extern const uint8_t rd_stream_magic[8];

enum {
	RD_CAP_BUFFERS = 1 << 0, /* I take memfds (both of us are on one machine) */
	RD_CAP_ACK = 1 << 1,	/* I acknowledge every frame I have dealt with */
	RD_CAP_LIVE = 1 << 2,	/* times are those of a clock; else the reader sets the pace */
	RD_CAP_INPUT = 1 << 3,	/* input that comes back is obeyed */
	RD_CAP_TAKEN = 1 << 4,	/* … and TAKE is answered */
	RD_CAP_LAYOUT = 1 << 5,	/* LAYOUT is obeyed */
	RD_CAP_MONITORS = 1 << 6, /* MONITORS comes; WATCH_ONLY, and LAYOUT of one of them, are obeyed */
	RD_CAP_KEYBOARD = 1 << 7, /* LOCKS is obeyed, and LOCKED is said */
	RD_CAP_CLIP_OUT = 1 << 8, /* who sends WATCH is told what is in my clipboard */
	RD_CAP_CLIP_IN = 1 << 9, /* what is offered to me can be pasted here */
	RD_CAP_SOUND = 1 << 10,	/* sound comes, if LISTEN asks for it */
	RD_CAP_MIC = 1 << 11,	/* sound that comes back is heard here */
	RD_CAP_FRESH = 1 << 12,	/* FRESH is answered */
};
/* Those of who can be controlled: nothing for a viewer without a way back or without the right. */
#define RD_CAPS_CONTROLLED (RD_CAP_INPUT | RD_CAP_TAKEN | RD_CAP_LAYOUT | RD_CAP_KEYBOARD)

/*
 *	 0        8    10   12    16         24         32        48  49
 *	+--------+----+----+-----+----------+----------+---------+---+------
 *	| magic  |maj |min |caps | wall, ns | mono, ns | boot id | n | name, n bytes
 *	+--------+----+----+-----+----------+----------+---------+---+------
 *
 * wall and mono are both clocks at time zero of the stream: CLOCK_REALTIME and
 * CLOCK_MONOTONIC of the sender. Two ends with the same boot id compare mono
 * directly. What follows the name is a later minor version's; it is kept out.
 */
struct rd_hello {
	uint16_t major, minor;
	uint32_t caps;
	uint64_t wall_ns;
	uint64_t mono_ns;
	uint8_t boot_id[16];
	char program[64];	/* UTF-8, ended by 0, escaped for a terminal */
};

/* This machine, this moment as time zero. */
void rd_hello_init(struct rd_hello *h, const char *program, uint32_t caps);
void rd_hello_pack(struct rd_buf *b, const struct rd_hello *h);
/*
 * 0; -EPROTO when it is no HELLO of ours; -EPROTONOSUPPORT when its major
 * version is newer (major and minor are then filled).
 */
int rd_hello_parse(struct rd_hello *h, const uint8_t *data, size_t len);
/* Stream time of a CLOCK_MONOTONIC reading of this machine; 0 before time zero. */
uint64_t rd_hello_time(const struct rd_hello *h, uint64_t mono_ns);
/* Whether both were made in one boot of one machine; an id of zeros is unknown. */
bool rd_hello_same_boot(const struct rd_hello *a, const struct rd_hello *b);

/* Why a stream ended. Numbers are for ever. */
enum rd_end {
	RD_END_DONE = 0,	/* all there was */
	RD_END_USER = 1,	/* somebody closed the window, pressed ^C, … */
	RD_END_CUT_SHORT = 2,	/* what feeds us ended without END */
	RD_END_FAILED = 3,	/* the text says what */
	RD_END_OVERLOAD = 4,	/* a limit was reached */
};

/* {u8 reason, u8 exit code of ours that fits, text} */
struct rd_end_msg {
	enum rd_end reason;
	int code;		/* enum rd_exit */
	char text[256];		/* one line, escaped; may be "" */
};
void rd_end_pack(struct rd_buf *b, const struct rd_end_msg *e);
int rd_end_parse(struct rd_end_msg *e, const uint8_t *data, size_t len);

/*
 * {u32 id, u32 size}, with the descriptor attached to the header's bytes. An
 * id is used anew once nothing in its old buffer is in use.
 */
#define RD_BUFFER_IDS 64	/* ids are below this */
#define RD_BUFFER_MAX ((uint64_t)1 << 30)	/* bytes of all buffers together */
struct rd_buffer_msg { uint32_t id, size; };
void rd_buffer_pack(struct rd_buf *b, const struct rd_buffer_msg *m);
int rd_buffer_parse(struct rd_buffer_msg *m, const uint8_t *data, size_t len);

/* {u32 id}: one use of the buffer is over. */
void rd_release_pack(struct rd_buf *b, uint32_t id);
int rd_release_parse(uint32_t *id, const uint8_t *data, size_t len);

/* Body of a message whose flag is RD_MSG_F_SHARED. */
struct rd_shared_ref { uint32_t id, offset, length; };
void rd_shared_pack(struct rd_buf *b, const struct rd_shared_ref *m);
int rd_shared_parse(struct rd_shared_ref *m, const uint8_t *data, size_t len);

#endif
