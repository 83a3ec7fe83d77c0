#ifndef RD_SEND_JUDGE_H
#define RD_SEND_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/conn.h"
#include "rd-send/options.h"

/*
 * What the files say of a peer, read anew each time: authorized_keys, and, for
 * one who proved that it knows a secret of ours, the password or a one-time
 * code, what that alone is good for.
 */
struct verdict {
	bool admit;
	bool unknown;		/* not admitted, but somebody may be asked */
	bool listed;		/* its key stands in authorized_keys */
	enum rd_close code;	/* when not admitted, with a sentence for the peer */
	char why[200];
	unsigned rights;	/* also of an unknown one: what it gets if somebody lets it in */
	int64_t expires;	/* Unix seconds; 0: never */
	char name[128];		/* ours for it; "" if none */
};

void judge_peer(struct verdict *v, const struct options *o, const struct rd_key *key,
	const struct rd_addr *from, bool by_secret, int64_t now_s);
/* Says which lines of authorized_keys are not understood, on stderr. */
void judge_complain(const struct options *o);

#endif
