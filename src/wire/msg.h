#ifndef RD_WIRE_MSG_H
#define RD_WIRE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blob.h"

/*
 * A message of rd-stream(5). On the wire, little endian:
 *
 *	 0       4       6   7   8               16
 *	+-------+-------+---+---+---------------+------ - -
 *	| length| type  |flg|chn| time, ns      | body
 *	+-------+-------+---+---+---------------+------ - -
 *
 * length	bytes of the body
 * type		high byte: the class; low byte: the message in it
 * flags	RD_MSG_F_*
 * channel	which screen, sound or peer, 0 where there is one
 * time		ns since the stream's time zero (see HELLO)
 */
#define RD_MSG_HEADER_SIZE 16

/* The high byte of a type. What a tool may judge without knowing the type. */
enum rd_msg_class {
	RD_CLASS_LINK = 0x00,	/* between two neighbours; never passed on */
	RD_CLASS_CONTROL = 0x01,
	RD_CLASS_PICTURE = 0x02,
	RD_CLASS_SOUND = 0x03,
	RD_CLASS_CURSOR = 0x04,
	RD_CLASS_INPUT = 0x05,
	RD_CLASS_CLIPBOARD = 0x06,
	RD_CLASS_SERVICE = 0x07,
};

/* Numbers are for ever. "down" is from the desktop to the viewer. */
enum rd_msg_type {
	RD_MSG_HELLO = 0x0001,		/* both; the first message */
	RD_MSG_END = 0x0002,		/* both; the last message */
	RD_MSG_BUFFER = 0x0003,		/* both; carries a memfd */
	RD_MSG_RELEASE = 0x0004,	/* both; gives a buffer back */

	RD_MSG_ACK = 0x0101,		/* up: frame n is shown */
	RD_MSG_REFRESH = 0x0102,	/* up: a sync point, please */
	RD_MSG_RATE = 0x0103,		/* up: bits a second the way can carry */
	RD_MSG_LOSS = 0x0104,		/* up: frames that will not arrive */
	RD_MSG_PING = 0x0105,		/* up: what is your clock? */
	RD_MSG_PONG = 0x0106,		/* down: this */
	RD_MSG_NOTICE = 0x0107,		/* down: a line for the person at the viewer */
	RD_MSG_PATH = 0x0108,		/* down: by which way the stream comes now */
	RD_MSG_TAKEN = 0x0109,		/* down: the answer to TAKE */
	RD_MSG_MONITORS = 0x010a,	/* down: where the monitors lie in the picture */
	RD_MSG_LAYOUT = 0x010b,		/* up: the desktop in that size, please; needs the right to input */

	RD_MSG_LOCKED = 0x010c,		/* down: Caps Lock and such, as they are at the desktop */
	RD_MSG_FRESH = 0x010d,		/* up: a picture of after this, please; down: here it is */

	RD_MSG_LISTEN = 0x0114,		/* up: whether sound is wanted, and how much of it is lost */
	RD_MSG_WATCH_ONLY = 0x0115,	/* up: nobody looks at other monitors than these */

	RD_MSG_BEGIN = 0x0201,		/* down: a frame begins */
	RD_MSG_RAW = 0x0202,		/* down: these pixels, as they are */
	RD_MSG_COPY = 0x0203,		/* down: these pixels moved there */
	RD_MSG_EXACT = 0x0204,		/* down: these pixels, compressed without loss */
	RD_MSG_VIDEO = 0x0205,		/* down: (part of) a video packet for this rectangle */
	RD_MSG_SHOW = 0x0206,		/* down: the frame is whole; show it */

	RD_MSG_PCM = 0x0301,		/* both: 10 ms of sound, as it is */
	RD_MSG_OPUS = 0x0302,		/* both: the same as a packet of Opus */

	RD_MSG_SHAPE = 0x0401,		/* down: what the pointer looks like */
	RD_MSG_POINTER_AT = 0x0402,	/* down: where the pointer is */

	RD_MSG_KEY = 0x0501,		/* up, all of these */
	RD_MSG_TEXT = 0x0502,
	RD_MSG_POINTER = 0x0503,
	RD_MSG_MOTION = 0x0504,
	RD_MSG_BUTTON = 0x0505,
	RD_MSG_WHEEL = 0x0506,
	RD_MSG_HELD = 0x0507,
	RD_MSG_TAKE = 0x0508,		/* say when all input before this is done */
	RD_MSG_LOCKS = 0x050a,		/* Caps Lock and such, as they are at the viewer */

	/* Both ways; the first three by who has the content, the others by who may paste it. */
	RD_MSG_OFFER = 0x0601,		/* this is in my clipboard */
	RD_MSG_DATA = 0x0602,		/* a piece of it */
	RD_MSG_REFUSE = 0x0603,		/* it does not come */
	RD_MSG_WATCH = 0x0681,		/* tell me what is in your clipboard */
	RD_MSG_WANT = 0x0682,		/* somebody pastes it */
	RD_MSG_GOT = 0x0683,		/* that much has come */
	RD_MSG_CANCEL = 0x0684,		/* no more of it */
	RD_MSG_TOOK = 0x0685,		/* what became of your offer */
};

enum {
	/*
	 * The body on the wire is {u32 buffer, u32 offset, u32 length} and the
	 * real body lies there, in a memfd that BUFFER introduced. Only the link
	 * sees this flag; a message handed to a tool never has it.
	 */
	RD_MSG_F_SHARED = 1 << 0,
};

/* Limits, in bytes of body. */
#define RD_MSG_MAX_RAW ((size_t)7680 * 4320 * 4 + 8)	/* RAW only */
#define RD_MSG_MAX ((size_t)1 << 20)			/* anything else */
#define RD_MSG_MAX_UPDATE ((size_t)64 << 10)		/* EXACT, VIDEO, COPY; class CLIPBOARD */
#define RD_MSG_MAX_SOUND ((size_t)2 << 10)		/* PCM, OPUS */
#define RD_MSG_MAX_LINK ((size_t)4 << 10)		/* class LINK */

/* The body is borrowed: from `blob` where there is one, else from whoever made it. */
struct rd_msg {
	uint16_t type;
	uint8_t flags;
	uint8_t channel;
	uint64_t time_ns;
	size_t len;
	const uint8_t *data;
	struct rd_blob *blob;
};

static inline enum rd_msg_class
rd_msg_class(uint16_t type)
{
	return (enum rd_msg_class)(type >> 8);
}

/* "EXACT", or NULL for a type we do not know. */
const char *rd_msg_name(uint16_t type);
/* The largest body of that type. */
size_t rd_msg_limit(uint16_t type);
void rd_msg_pack_header(const struct rd_msg *m, uint8_t out[static RD_MSG_HEADER_SIZE]);
/* Fills all but the body. -EMSGSIZE when the length is over the type's limit. */
int rd_msg_parse_header(struct rd_msg *m, const uint8_t in[static RD_MSG_HEADER_SIZE]);
/*
 * Words that a peer sent, made fit for a terminal (rd_log_escape) and ended by
 * 0; what does not fit is cut off, never inside a character.
 */
void rd_msg_text(char *out, size_t cap, const uint8_t *text, size_t len);

#endif
