#include <string.h>

#include <sodium.h>

#include "net/packet.h"
#include "net/path.h"

#define MS UINT64_C(1000000)

#define AMPLIFICATION 3		/* RFC 9000 section 8.1 */
#define CHALLENGE_FIRST_NS (100 * MS)	/* until the second one; doubles */
#define CHALLENGES 5		/* then the candidate is forgotten; a newer packet renews it */
#define FOLLOW_NS (3000 * MS)	/* for the peer to follow us */
#define PROBES 3		/* RFC 8899 section 5.1.2, MAX_PROBES */
#define PROBE_AGAIN_NS (1000 * MS)	/* after one was lost */
#define SEARCH_AGAIN_NS (60000 * MS)	/* after a black hole */

const uint16_t rd_path_sizes[] = {RD_PATH_BASE_SIZE, 1280, 1350, 1400, 1452, 8900, 0};
#define SIZES (sizeof(rd_path_sizes) / sizeof(rd_path_sizes[0]) - 1)

static void
search_from(struct rd_path *p, unsigned size, uint64_t due_ns)
{
	p->size = size;
	p->failed = 0;
	p->probe_number = UINT64_MAX;
	p->probing = size + 1 < p->ceiling ? size + 1 : size;
	p->probe_due_ns = p->probing != size ? due_ns : UINT64_MAX;
}

static void
search_anew(struct rd_path *p, uint64_t now_ns)
{
	/* A relay forwards nothing that long, and ends a TLS connection on which it comes. */
	p->ceiling = p->current.stream ? 0 : p->current.relayed ? SIZES - 1 : SIZES;
	search_from(p, 0, now_ns);
}

static void
forget_candidate(struct rd_path *p)
{
	memset(&p->candidate, 0, sizeof(p->candidate));
	sodium_memzero(p->challenge, sizeof(p->challenge));
	p->candidate_received = p->candidate_sent = 0;
	p->challenges = 0;
	p->challenge_due_ns = UINT64_MAX;
}

void
rd_path_init(struct rd_path *p, const struct rd_addr *first, uint64_t now_ns)
{
	memset(p, 0, sizeof(*p));
	if (first)
		p->current = *first;
	forget_candidate(p);
	search_anew(p, now_ns);
}

static void
new_candidate(struct rd_path *p, const struct rd_addr *from, uint64_t now_ns)
{
	forget_candidate(p);
	p->candidate = *from;
	p->challenge_due_ns = now_ns;
	randombytes_buf(p->challenge, sizeof(p->challenge));
}

void
rd_path_received(struct rd_path *p, const struct rd_addr *from, size_t bytes, bool newest,
	uint64_t now_ns)
{
	if (rd_addr_equal(from, &p->current)) {
		/* An ANSWER from there does not show that the peer has followed. */
		if (newest) {
			p->left_until_ns = 0;
			forget_candidate(p);
		}
		return;
	}
	if (now_ns < p->left_until_ns && rd_addr_equal(from, &p->left))
		return;
	if (newest && !rd_addr_equal(from, &p->candidate))
		new_candidate(p, from, now_ns);
	if (rd_addr_equal(from, &p->candidate))
		p->candidate_received += bytes;
}

/*
 * What was learnt about datagram sizes holds for another port of the same
 * machine (a NAT that forgot us), and for nothing else.
 */
static void
go_to(struct rd_path *p, const struct rd_addr *to, uint64_t now_ns)
{
	bool same = rd_addr_same_ip(to, &p->current) && to->stream == p->current.stream &&
		to->relayed == p->current.relayed;
	p->current = *to;
	forget_candidate(p);
	if (!same)
		search_anew(p, now_ns);
}

bool
rd_path_answered(struct rd_path *p, const uint8_t data[static 8], uint64_t now_ns)
{
	if (!p->candidate.family || !p->challenges ||
		sodium_memcmp(data, p->challenge, sizeof(p->challenge)) != 0)
		return false;
	struct rd_addr to = p->candidate;
	go_to(p, &to, now_ns);
	return true;
}

void
rd_path_move(struct rd_path *p, const struct rd_addr *to, uint64_t now_ns)
{
	if (!rd_addr_equal(to, &p->current)) {
		p->left = p->current;
		p->left_until_ns = now_ns + FOLLOW_NS;
	}
	go_to(p, to, now_ns);
}

void
rd_path_follow(struct rd_path *p, const struct rd_addr *to, uint64_t now_ns)
{
	p->left_until_ns = 0;
	go_to(p, to, now_ns);
}

bool
rd_path_carrier_gone(struct rd_path *p, uint32_t carrier)
{
	if (p->candidate.stream && p->candidate.carrier == carrier)
		forget_candidate(p);
	if (!p->current.stream || p->current.carrier != carrier)
		return false;
	memset(&p->current, 0, sizeof(p->current));
	return true;
}

size_t
rd_path_candidate_budget(const struct rd_path *p)
{
	uint64_t most = AMPLIFICATION * p->candidate_received;
	return p->candidate_sent < most ? (size_t)(most - p->candidate_sent) : 0;
}

void
rd_path_sent(struct rd_path *p, const struct rd_addr *to, size_t bytes)
{
	if (p->candidate.family && rd_addr_equal(to, &p->candidate))
		p->candidate_sent += bytes;
}

bool
rd_path_challenge(struct rd_path *p, uint64_t now_ns, uint8_t out[static 8])
{
	if (now_ns < p->challenge_due_ns)
		return false;
	if (p->challenges == CHALLENGES) {
		forget_candidate(p);
		return false;
	}
	memcpy(out, p->challenge, sizeof(p->challenge));
	p->challenge_due_ns = now_ns + (CHALLENGE_FIRST_NS << p->challenges);
	p->challenges++;
	return true;
}

size_t
rd_path_size(const struct rd_path *p)
{
	if (!p->current.family)
		return 0;
	return p->current.stream ? RD_PACKET_MAX : rd_path_sizes[p->size];
}

size_t
rd_path_probe(const struct rd_path *p, uint64_t now_ns)
{
	return p->current.family && now_ns >= p->probe_due_ns ? rd_path_sizes[p->probing] : 0;
}

void
rd_path_probe_sent(struct rd_path *p, uint64_t number)
{
	p->probe_number = number;
	p->probe_due_ns = UINT64_MAX;
}

void
rd_path_probe_acked(struct rd_path *p, uint64_t number, uint64_t now_ns)
{
	if (number == p->probe_number)
		search_from(p, p->probing, now_ns);
}

void
rd_path_probe_lost(struct rd_path *p, uint64_t number, uint64_t now_ns)
{
	if (number != p->probe_number)
		return;
	p->probe_number = UINT64_MAX;
	if (++p->failed < PROBES) {
		p->probe_due_ns = now_ns + PROBE_AGAIN_NS;
		return;
	}
	p->ceiling = p->probing;
	search_from(p, p->size, UINT64_MAX);
}

void
rd_path_black_hole(struct rd_path *p, uint64_t now_ns)
{
	if (p->size > 0)
		search_from(p, 0, now_ns + SEARCH_AGAIN_NS);
}

uint64_t
rd_path_deadline(const struct rd_path *p)
{
	uint64_t probe = p->current.family ? p->probe_due_ns : UINT64_MAX;
	return probe < p->challenge_due_ns ? probe : p->challenge_due_ns;
}
