#include "media/input.h"

bool
rd_input_acts(const struct rd_input *in)
{
	switch (in->kind) {
	case RD_INPUT_KEY:
	case RD_INPUT_BUTTON:
		return in->down;
	case RD_INPUT_TEXT:
	case RD_INPUT_POINTER:
	case RD_INPUT_MOTION:
	case RD_INPUT_WHEEL:
		return true;
	case RD_INPUT_HELD:
	case RD_INPUT_TAKE:
	case RD_INPUT_LOCKS:
		break;
	}
	return false;
}
