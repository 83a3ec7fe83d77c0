#include "chan/msg_session.h"
#include "wire/msg.h"

/* One whole message of class SESSION. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_open open;
	struct rd_answer answer;
	struct rd_grant grant;
	struct rd_remember remember;
	uint8_t kind;

	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	data += RD_MSG_HEADER_SIZE;
	len -= RD_MSG_HEADER_SIZE;
	switch (m.type) {
	case RD_MSG_OPEN:
		rd_open_parse(&open, data, len);
		break;
	case RD_MSG_CHALLENGE:
		rd_challenge_parse(&kind, data, len);
		break;
	case RD_MSG_ANSWER:
		rd_answer_parse(&answer, data, len);
		break;
	case RD_MSG_GRANT:
		rd_grant_parse(&grant, data, len);
		break;
	case RD_MSG_REMEMBER:
		rd_remember_parse(&remember, data, len);
		break;
	}
	return 0;
}
