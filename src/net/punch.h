#ifndef RD_NET_PUNCH_H
#define RD_NET_PUNCH_H

#include "net/candidate.h"

/*
 * Which address to probe when: the way to a direct path, once both ends have
 * told their candidates. A probe is a packet of the session with CHALLENGE;
 * ANSWER proves the path both ways. Pure; the schedule is after RFC 8445 (Ta 5
 * ms) and Tailscale's magicsock (rounds, guessed ports).
 *
 *	rounds at 0, 50, 150, 350, 750 ms, then five a second apart, then one
 *	a minute; where a direct path stands they end with the third, which may
 *	show a better one, and what is proven is probed every 20 s, a relay that
 *	carries the session every 5 s
 *	the first round goes to reflexive candidates with 4 hops to live: it
 *	opens our NAT and does not reach theirs, so that no connection of theirs
 *	is in the way (conntrack)
 *	a peer whose ports go in steps: the next five, in order, and first of all
 *	when our own do, too
 *	hard against easy: 256 sockets on the hard side, random ports from the
 *	easy one, 1000 a second, 2048 in all; after the rounds, once an hour
 *	no path, though the NATs promise one: both ends find out anew where they are,
 *	tell, and begin again: 6 s after the rounds began, then 15, then 60; where only
 *	guesses help once
 */
#define RD_PUNCH_SOCKETS 256
#define RD_PUNCH_PATHS 8
#define RD_PUNCH_GUESSES 2048

enum rd_path_how { RD_HOW_GIVEN, RD_HOW_DIRECT, RD_HOW_MAPPED, RD_HOW_PREDICTED, RD_HOW_BIRTHDAY,
	RD_HOW_RELAY };
const char *rd_path_how_name(enum rd_path_how how);	/* "direct", "port mapping", … */

/* A path that an ANSWER has proven. */
struct rd_punched {
	struct rd_addr addr;		/* carrier: the socket of ours that it is reached from */
	enum rd_path_how how;
	uint64_t rtt_ns, proven_ns;
};

struct rd_punch;
struct rd_punch *rd_punch_new(uint64_t now_ns);
void rd_punch_free(struct rd_punch *p);
/* What both ends have told; a new generation begins the rounds anew. */
void rd_punch_own(struct rd_punch *p, const struct rd_candidates *own, uint64_t now_ns);
void rd_punch_peer(struct rd_punch *p, const struct rd_candidates *peer, uint64_t now_ns);
/*
 * How much later than we the peer may begin, as it has not heard of our addresses
 * yet: half a round trip, or 0. So long none of ours may reach its NAT.
 */
void rd_punch_lag(struct rd_punch *p, uint64_t lag_ns);
/*
 * A path that is in use or kept warm besides (the relay's leg), which the session
 * itself has proven: probed, so that it stays so.
 */
void rd_punch_keep(struct rd_punch *p, const struct rd_addr *path, uint64_t now_ns);
/* The session lives there now, whatever answers or not: it is not forgotten for others. */
void rd_punch_use(struct rd_punch *p, const struct rd_addr *path);
/* What the session sends there is acknowledged: as good as an answer, but for the round trip. */
void rd_punch_alive(struct rd_punch *p, const struct rd_addr *path, uint64_t now_ns);
/*
 * True, once: a second chance begins: find out anew where we are, and tell it by
 * rd_punch_own, be it what it was. No round begins before both ends have, for 2 s.
 */
bool rd_punch_anew(struct rd_punch *p);
/* Begins the rounds anew: a path has died, an address of ours has changed. */
void rd_punch_again(struct rd_punch *p, uint64_t now_ns);
/* The next probe due now: where to (carrier and hops filled in), its bytes. False: none. */
bool rd_punch_next(struct rd_punch *p, struct rd_addr *to, uint8_t data[static 8],
	uint64_t now_ns);
/*
 * The one just given is to be as large as the session's own datagrams may be:
 * a path that has answered small ones only is left again (RFC 9000 section 8.2.1).
 */
bool rd_punch_full(const struct rd_punch *p);
/* Since it was last asked a path has turned out so: the best may be another one now. */
bool rd_punch_narrowed(struct rd_punch *p);
uint64_t rd_punch_deadline(const struct rd_punch *p);
/* A genuine CHALLENGE came from there: a candidate, if it is new (RFC 8445 7.3.1.3). */
void rd_punch_heard(struct rd_punch *p, const struct rd_addr *from, uint64_t now_ns);
/* ANSWER with these bytes. True: a probe of ours; *out is proven. */
bool rd_punch_answered(struct rd_punch *p, const uint8_t data[static 8],
	const struct rd_addr *from, uint64_t now_ns, struct rd_punched *out);
/* How many sockets are of use now: 0 or RD_PUNCH_SOCKETS. Once there are some tell their carriers. */
unsigned rd_punch_wants(const struct rd_punch *p);
void rd_punch_sockets(struct rd_punch *p, const uint32_t *carriers, unsigned count,
	uint64_t now_ns);
/*
 * It is of no use: forget it, and probe it anew with the others. One that dies
 * again and again, soon after it was taken, is left alone for longer each time.
 */
void rd_punch_dead(struct rd_punch *p, const struct rd_addr *path, uint64_t now_ns);
/*
 * The best of those proven lately that `policy` allows; NULL: none. Better:
 * direct before relayed; then a shorter round trip by more than 5 ms and 10 %
 * (`current` keeps its place below that); an address of the peer's own may be 5 ms
 * farther.
 */
const struct rd_punched *rd_punch_best(const struct rd_punch *p, enum rd_path_policy policy,
	const struct rd_addr *current, uint64_t now_ns);
/* NULL: it is not proven, or was long ago. */
const struct rd_punched *rd_punch_find(const struct rd_punch *p, const struct rd_addr *path,
	uint64_t now_ns);
/*
 * How one finds there: as it was proven, however long ago; one that the session went
 * to by itself, as it would be: a candidate's way, or that of what was only heard.
 */
enum rd_path_how rd_punch_how(const struct rd_punch *p, const struct rd_addr *path);
/* Its round trip as last measured, however long ago; 0: unknown. */
uint64_t rd_punch_rtt(const struct rd_punch *p, const struct rd_addr *path);
/* A relayed path, proven or not, other than `current`: what is left to be tried. NULL: none. */
const struct rd_addr *rd_punch_resort(const struct rd_punch *p, const struct rd_addr *current);
/* Both ends have told, and neither asks for the relay. */
bool rd_punch_active(const struct rd_punch *p);
/* Nothing but a round a minute is left to be tried. */
bool rd_punch_tired(const struct rd_punch *p);

#endif
