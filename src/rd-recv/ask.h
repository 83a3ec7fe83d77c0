#ifndef RD_RECV_ASK_H
#define RD_RECV_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "net/addr.h"
#include "net/conn.h"
#include "net/dial.h"
#include "net/key.h"

/*
 * What the confined child asks its monitor, over base/ipc.h: one question at a
 * time, one answer to each; but that to ASK_REMEMBER comes when it comes. The
 * passwords and codes stay with the monitor.
 */
enum ask_type {
	ASK_ADDRESSES = 1,	/* of the host and its relay: ANSWER_OK and they; `attempt` 1: wake it */
	ASK_PASSWORD,		/* have one ready: `attempt`, `may_skip` */
	ASK_STRETCH,		/* the one that is ready, with `salt`, or the one-time code: prs */
	ASK_TRUST,		/* is `key` the host's? */
	ASK_TOTP,		/* an authenticator's code: text */
	ASK_PIN,		/* remember `key` as the host's, learnt by `how` */
	ASK_RELAY_KEY,		/* the relay has `key`, and none was known: from now on */
	ASK_CARD,		/* the host is at `addr`: remember its network card */
	ASK_REMEMBER,		/* shall the host be known from now on? text: by that name */
};

enum pin_how { PIN_NOT, PIN_GIVEN, PIN_ASKED, PIN_NEW, PIN_PASSWORD, PIN_CODE };

struct ask {
	enum ask_type type;
	uint8_t attempt;	/* 0, then 1 after a wrong one, … */
	bool may_skip;		/* the person may say that there is none */
	uint8_t salt[16];
	struct rd_key key;
	enum pin_how how;
	struct rd_addr addr;
};

enum answer_kind {
	ANSWER_OK,
	ANSWER_NO,		/* the person said no, or pressed ^C */
	ANSWER_SKIP,		/* the person has none */
	ANSWER_NOBODY,		/* nobody can be asked */
	ANSWER_FAILED,		/* text says what */
};

struct answer {
	enum ask_type type;
	enum answer_kind kind;
	unsigned count;
	struct rd_addr addrs[RD_DIAL_ADDRS];
	unsigned relay_count;
	struct rd_addr relay[8];
	bool has_proxy;		/* … the address of the proxy on the way to the relay */
	struct rd_addr proxy;
	uint8_t prs[RD_CONN_PRF_SIZE];
	char text[128];		/* wiped by whoever holds it */
};

void ask_pack(struct rd_buf *b, const struct ask *a);
int ask_parse(struct ask *a, const void *data, size_t len);
void answer_pack(struct rd_buf *b, const struct answer *a);
int answer_parse(struct answer *a, const void *data, size_t len);

#endif
