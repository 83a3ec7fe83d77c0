#include <string.h>

#include "base/bytes.h"
#include "chan/rights.h"
#include "wire/msg_clipboard.h"

static const struct {
	enum rd_right right;
	const char *name;
} names[] = {
	{RD_RIGHT_VIEW, "view"},
	{RD_RIGHT_INPUT, "input"},
	{RD_RIGHT_SOUND, "sound"},
	{RD_RIGHT_CLIP_OUT, "clipboard out"},
	{RD_RIGHT_CLIP_IN, "clipboard in"},
	{RD_RIGHT_MIC, "microphone"},
};

/* What is not in this table passes for nobody. */
static const struct {
	enum rd_msg_class of;
	enum rd_way way;
	enum rd_right needs;
} table[] = {
	{RD_CLASS_CONTROL, RD_DOWN, RD_RIGHT_VIEW},
	{RD_CLASS_CONTROL, RD_UP, RD_RIGHT_VIEW},
	{RD_CLASS_PICTURE, RD_DOWN, RD_RIGHT_VIEW},
	{RD_CLASS_CURSOR, RD_DOWN, RD_RIGHT_VIEW},
	{RD_CLASS_SOUND, RD_DOWN, RD_RIGHT_SOUND},
	{RD_CLASS_SOUND, RD_UP, RD_RIGHT_MIC},
	{RD_CLASS_INPUT, RD_UP, RD_RIGHT_INPUT},
};

/* Of its class by what it is, and of another by what it does. */
static const struct {
	uint16_t type;
	enum rd_way way;
	enum rd_right needs;
} special[] = {
	{RD_MSG_LAYOUT, RD_UP, RD_RIGHT_INPUT},
	{RD_MSG_LOCKED, RD_DOWN, RD_RIGHT_INPUT},
};

static bool
has_special(unsigned rights, enum rd_way way, uint16_t type)
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].type == type && special[i].way == way)
			return rights & special[i].needs;
	return true;
}

/* Content goes one way, and the questions for it the other. */
static enum rd_right
clipboard_needs(enum rd_way way, uint16_t type)
{
	bool out = (way == RD_DOWN) != RD_CLIP_IS_TAKER(type);
	return out ? RD_RIGHT_CLIP_OUT : RD_RIGHT_CLIP_IN;
}

bool
rd_rights_pass(unsigned rights, enum rd_way way, uint16_t type)
{
	if (!has_special(rights, way, type))
		return false;
	if (rd_msg_class(type) == RD_CLASS_CLIPBOARD)
		return rights & clipboard_needs(way, type);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].of == rd_msg_class(type) && table[i].way == way)
			return rights & table[i].needs;
	return false;
}

unsigned
rd_rights_of(const struct rd_key_options *o)
{
	if (!o->desktop)
		return 0;
	return RD_RIGHT_VIEW | (o->input ? RD_RIGHT_INPUT : 0) |
		(o->sound ? RD_RIGHT_SOUND : 0) |
		(o->clipboard_out ? RD_RIGHT_CLIP_OUT : 0) |
		(o->clipboard_in ? RD_RIGHT_CLIP_IN : 0) |
		(o->microphone ? RD_RIGHT_MIC : 0);
}

char *
rd_rights_text(unsigned rights)
{
	struct rd_buf text = {0};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(rights & names[i].right))
			continue;
		if (text.len)
			rd_buf_bytes(&text, ", ", 2);
		rd_buf_bytes(&text, names[i].name, strlen(names[i].name));
	}
	if (!text.len)
		rd_buf_bytes(&text, "nothing", strlen("nothing"));
	rd_buf_u8(&text, '\0');
	return (char *)text.data;
}
