#ifndef RD_CHAN_RIGHTS_H
#define RD_CHAN_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#include "net/keyfile.h"
#include "wire/msg.h"

/*
 * What a session may carry, judged by message class (one type is in two minds), enforced at the host in
 * both directions. A class that no right names passes for nobody.
 *
 *		 down (to the viewer)		up (from it)
 *	VIEW	 picture, cursor, control	control
 *	SOUND	 sound
 *	INPUT					input, LAYOUT of control
 *	CLIP_OUT clipboard, of the giver	clipboard, of the taker
 *	CLIP_IN	 clipboard, of the taker	clipboard, of the giver
 *	MIC					sound
 *
 * Of a clipboard the giver says what it has, and the taker asks for it: bit 7 of
 * a type says who speaks (wire/msg_clipboard.h).
 *
 * Classes link and session are between two ends and pass through no filter.
 */
enum rd_right {
	RD_RIGHT_VIEW = 1 << 0,
	RD_RIGHT_SOUND = 1 << 1,
	RD_RIGHT_INPUT = 1 << 2,
	RD_RIGHT_CLIP_OUT = 1 << 3,
	RD_RIGHT_CLIP_IN = 1 << 4,
	RD_RIGHT_MIC = 1 << 5,
};
#define RD_RIGHTS_ALL ((1u << 6) - 1)

enum rd_way { RD_DOWN, RD_UP };

bool rd_rights_pass(unsigned rights, enum rd_way way, uint16_t type);
unsigned rd_rights_of(const struct rd_key_options *o);
/* "view, input, sound", or "nothing"; caller frees. */
char *rd_rights_text(unsigned rights);

#endif
