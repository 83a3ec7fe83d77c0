#ifndef RD_CHAN_MSG_SESSION_H
#define RD_CHAN_MSG_SESSION_H

#include <stdint.h>

#include "base/bytes.h"

/*
 * What the two ends of a session say to each other on its control stream,
 * framed as rd-stream(5) frames messages, class 0x08:
 *
 *	OPEN	  up	{u8 n, name[n], u32 wanted rights}	the first message
 *	CHALLENGE down	{u8 kind}		1: the code of an authenticator, please
 *	ANSWER	  up	{u8 n, text[n]}
 *	GRANT	  down	{u32 rights, u8 n, name[n]}	the host's name for this peer;
 *						then HELLO and the stream follow
 *	REMEMBER  both	{u8 what, u8 n, name[n]}	after a meeting by code: shall
 *						the two know each other from now on?
 *
 * REMEMBER: the host says MAY where it could agree; the viewer, once its person
 * wants it, YES with the name that it goes by; the host YES or NO. Each end
 * writes down the other's key when both have said YES, and not before. Who does
 * not know the message drops it, and so nobody is remembered.
 *
 * wanted: what the viewer asks for; what it gets is that and its key's rights.
 * The stream's own HELLO and END travel on the control stream as they are.
 */
enum rd_msg_session_type {
	RD_MSG_OPEN = 0x0801,
	RD_MSG_CHALLENGE = 0x0802,
	RD_MSG_ANSWER = 0x0803,
	RD_MSG_GRANT = 0x0804,
	RD_MSG_REMEMBER = 0x0805,
};
#define RD_CLASS_SESSION 0x08

struct rd_open { char service[64]; uint32_t wanted; };
void rd_open_pack(struct rd_buf *b, const struct rd_open *m);
/* 0 or -EPROTO: a name is 1 to 63 of a-z 0-9 '-' and '_'. */
int rd_open_parse(struct rd_open *m, const uint8_t *data, size_t len);
/* 0, or -EPROTO for a kind we do not know: then there is nothing to answer. */
enum { RD_CHALLENGE_TOTP = 1 };
void rd_challenge_pack(struct rd_buf *b, uint8_t kind);
int rd_challenge_parse(uint8_t *kind, const uint8_t *data, size_t len);
/* 1 to 63 bytes, none of them 0. Whoever fills or reads one wipes it. */
struct rd_answer { char text[64]; };
void rd_answer_pack(struct rd_buf *b, const struct rd_answer *m);
int rd_answer_parse(struct rd_answer *m, const uint8_t *data, size_t len);
struct rd_grant { uint32_t rights; char name[128]; };	/* name: escaped when parsed */
void rd_grant_pack(struct rd_buf *b, const struct rd_grant *m);
int rd_grant_parse(struct rd_grant *m, const uint8_t *data, size_t len);
enum rd_remember_what { RD_REMEMBER_NO = 0, RD_REMEMBER_YES = 1, RD_REMEMBER_MAY = 2 };
struct rd_remember { uint8_t what; char name[64]; };	/* name: escaped when parsed */
void rd_remember_pack(struct rd_buf *b, const struct rd_remember *m);
/* 0, or -EPROTO, for what we do not know too. */
int rd_remember_parse(struct rd_remember *m, const uint8_t *data, size_t len);

#endif
