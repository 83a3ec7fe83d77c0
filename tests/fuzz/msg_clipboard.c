#include <stdlib.h>
#include <string.h>

#include "wire/msg_clipboard.h"

/* One whole message of class CLIPBOARD: what can be read is written the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
same(struct rd_buf *b, const uint8_t *data, size_t len)
{
	bool is = b->len == len && memcmp(b->data, data, len) == 0;
	rd_buf_finish(b);
	return is;
}

static int
again(struct rd_buf *b, uint16_t type, const uint8_t *data, size_t len)
{
	struct rd_clip_offer offer;
	struct rd_clip_data piece;
	struct rd_clip_refuse refuse;
	struct rd_clip_want want;
	struct rd_clip_got got;
	struct rd_clip_took took;
	uint8_t selections;
	uint32_t id;
	int err = -1;
	if (type == RD_MSG_OFFER && !(err = rd_clip_offer_parse(&offer, data, len)))
		rd_clip_offer_pack(b, &offer);
	else if (type == RD_MSG_DATA && !(err = rd_clip_data_parse(&piece, data, len)))
		rd_clip_data_pack(b, &piece);
	else if (type == RD_MSG_REFUSE && !(err = rd_clip_refuse_parse(&refuse, data, len)))
		rd_clip_refuse_pack(b, &refuse);
	else if (type == RD_MSG_WATCH && !(err = rd_clip_watch_parse(&selections, data, len)))
		rd_clip_watch_pack(b, selections);
	else if (type == RD_MSG_WANT && !(err = rd_clip_want_parse(&want, data, len)))
		rd_clip_want_pack(b, &want);
	else if (type == RD_MSG_GOT && !(err = rd_clip_got_parse(&got, data, len)))
		rd_clip_got_pack(b, &got);
	else if (type == RD_MSG_CANCEL && !(err = rd_clip_cancel_parse(&id, data, len)))
		rd_clip_cancel_pack(b, id);
	else if (type == RD_MSG_TOOK && !(err = rd_clip_took_parse(&took, data, len)))
		rd_clip_took_pack(b, &took);
	return err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_buf b = {0};
	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	data += RD_MSG_HEADER_SIZE;
	len -= RD_MSG_HEADER_SIZE;
	if (again(&b, m.type, data, len) == 0 && !same(&b, data, len))
		abort();
	return 0;
}
