#ifndef RD_NET_CPACE_H
#define RD_NET_CPACE_H

#include <stddef.h>
#include <stdint.h>

/*
 * CPace (draft-irtf-cfrg-cpace), suite CPACE-RISTR255-SHA512, in the
 * initiator-responder setting: two parties that know one password get one
 * strong secret, and whoever guesses learns with each run whether one guess
 * was right and nothing more.
 *
 *	prs	the password-related string
 *	ci	channel identifier: both parties' names, the version
 *	sid	unique session id
 *	ad	what each side binds to its share
 */
#define RD_CPACE_SHARE 32
#define RD_CPACE_SECRET 64

struct rd_cpace {
	uint8_t scalar[32];
	uint8_t share[RD_CPACE_SHARE];	/* ours, to be sent */
	uint8_t sid[64];
	size_t sid_len;
};

/* `scalar` is for test vectors; NULL: random. sid is at most 64 bytes. */
void rd_cpace_start(struct rd_cpace *c, const void *prs, size_t prs_len, const void *ci,
	size_t ci_len, const void *sid, size_t sid_len, const uint8_t *scalar);
/*
 * 0 and the intermediate session key; -EPROTO when the peer's share is no
 * valid element or the neutral one (the draft's abort). Ya, ADa are always the
 * initiator's. Wipes the scalar.
 */
int rd_cpace_finish(struct rd_cpace *c, int initiator, const uint8_t peer[static RD_CPACE_SHARE],
	const void *ad_initiator, size_t ad_initiator_len,
	const void *ad_responder, size_t ad_responder_len, uint8_t isk[static RD_CPACE_SECRET]);
void rd_cpace_wipe(struct rd_cpace *c);

#endif
