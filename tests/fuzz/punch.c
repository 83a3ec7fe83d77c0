#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "net/punch.h"

/*
 * A prober whose owner, peer, network and clock the input plays. However it goes:
 * nothing is asked that was never told, heard of, kept or worked out; what is
 * asked is bounded by time; it is never awake for nothing; and only an answer to
 * a question, from where it was asked, proves a path.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MS UINT64_C(1000000)
#define S (1000 * MS)
#define ORDERS_MAX 300
#define KNOWN 1024
#define ASKED 64

struct play {
	struct rd_punch *punch;
	struct rd_reader in;
	uint64_t now, begun, sent;
	struct rd_addr known[KNOWN];
	unsigned known_count;
	struct rd_addr guessed;		/* any port of it may be asked once hard meets easy */
	bool sockets;
	struct { struct rd_addr to; uint8_t data[8]; } asked[ASKED];
	unsigned asked_count;
	uint32_t generation[2];
};

static uint64_t random_state;

static const char *
random_name(void)
{
	return "fuzz";
}

static uint32_t
random_word(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(random_state >> 32);
}

static void
random_bytes(void *const out, const size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)out)[i] = (uint8_t)random_word();
}

static void
must(bool what)
{
	if (!what)
		abort();
}

/* Few addresses, so that they meet again. */
static struct rd_addr
read_addr(struct play *p)
{
	uint8_t b = rd_reader_u8(&p->in), c = rd_reader_u8(&p->in);
	struct rd_addr a = {.family = b & 1 ? 6 : 4, .port = (uint16_t)(1000 + c * 64),
		.ip = {(uint8_t)(b >> 1 & 3)}};
	a.relayed = (b & 0x18) == 0x18;
	a.stream = (b & 0x38) == 0x28;
	a.carrier = b >> 6 ? b >> 6 : 0;
	return a;
}

static void
know(struct play *p, const struct rd_addr *a)
{
	p->known[p->known_count++ % KNOWN] = *a;
}

static bool
knows(const struct play *p, const struct rd_addr *a)
{
	unsigned n = p->known_count < KNOWN ? p->known_count : KNOWN;
	for (unsigned i = 0; i < n; i++)
		if (rd_addr_equal(a, &p->known[i]))
			return true;
	/* A socket of ours, to where the peer was seen; a port of the peer's. */
	struct rd_addr there = *a;
	there.carrier = 0;
	there.port = p->guessed.port;
	return p->guessed.family && rd_addr_equal(&there, &p->guessed);
}

static void
read_candidates(struct play *p, bool own)
{
	struct rd_candidates c = {.generation = ++p->generation[own]};
	uint8_t b = rd_reader_u8(&p->in);
	c.policy = (enum rd_path_policy)(b >> 6) % 3;
	c.nat.mapping = (enum rd_nat_mapping)(b % 7);
	c.nat.step = (int8_t)rd_reader_u8(&p->in);
	c.nat.seen = read_addr(p);
	c.nat.seen.relayed = c.nat.seen.stream = false;
	c.nat.seen.carrier = 0;
	for (unsigned n = rd_reader_u8(&p->in) % (RD_CANDIDATES + 1); n; n--) {
		struct rd_addr a = read_addr(p);
		a.relayed = a.stream = false;
		a.carrier = 0;
		rd_candidates_add(&c, (enum rd_candidate_kind)(rd_reader_u8(&p->in) % 3), &a);
		if (!own)
			know(p, &a);
	}
	if (own) {
		rd_punch_own(p->punch, &c, p->now);
		return;
	}
	p->guessed = c.nat.seen;
	for (int k = 1; k <= 5; k++) {
		struct rd_addr a = c.nat.seen;
		a.port = (uint16_t)(a.port + k * c.nat.step);
		know(p, &a);
	}
	rd_punch_peer(p->punch, &c, p->now);
}

static void
pump(struct play *p)
{
	struct rd_addr to;
	uint8_t data[8];
	unsigned here = 0;
	while (rd_punch_next(p->punch, &to, data, p->now)) {
		must(++here <= 8);
		must(to.family != 0 && knows(p, &to));
		must(to.hops == 0 || to.hops == 4);
		unsigned i = p->asked_count++ % ASKED;
		p->asked[i].to = to;
		memcpy(p->asked[i].data, data, sizeof(data));
		p->sent++;
	}
	must(rd_punch_deadline(p->punch) > p->now);
	/* A second chance is one of the rounds that are tired of it. */
	must(!rd_punch_anew(p->punch) || !rd_punch_tired(p->punch));
	/* One every 5 ms, and one every ms of guessing; each order may begin a burst. */
	must(p->sent <= 16 + (p->now - p->begun) / MS * 2 + 8 * ORDERS_MAX);
}

static void
let_time_pass(struct play *p, uint64_t until)
{
	for (unsigned n = 0; n < 20000; n++) {
		uint64_t due = rd_punch_deadline(p->punch);
		if (due > until)
			break;
		p->now = due > p->now ? due : p->now;
		pump(p);
	}
	p->now = until > p->now ? until : p->now;
	pump(p);
}

static void
give_answer(struct play *p)
{
	struct rd_punched out;
	uint8_t which = rd_reader_u8(&p->in), twist = rd_reader_u8(&p->in);
	unsigned n = p->asked_count < ASKED ? p->asked_count : ASKED;
	if (n == 0)
		return;
	struct rd_addr from = p->asked[which % n].to;
	uint8_t data[8];
	memcpy(data, p->asked[which % n].data, sizeof(data));
	from.hops = 0;
	if (twist & 1)
		data[twist >> 5] ^= twist >> 1 ? (uint8_t)(twist >> 1) : 1;
	if (twist & 2)
		from.port++;
	bool proven = rd_punch_answered(p->punch, data, &from, p->now, &out);
	must(!proven || (rd_addr_equal(&out.addr, &from) && knows(p, &from)));
	must(!proven || rd_punch_find(p->punch, &from, p->now) != NULL);
	must(!(twist & 1) || !proven);
	if (proven)
		know(p, &from);
}

static void
order(struct play *p)
{
	struct rd_addr a;
	uint32_t carriers[RD_PUNCH_SOCKETS];
	switch (rd_reader_u8(&p->in) % 11) {
	case 0:
		read_candidates(p, true);
		break;
	case 1:
		read_candidates(p, false);
		break;
	case 2:
		let_time_pass(p, p->now + rd_reader_u8(&p->in) * 10 * MS);
		break;
	case 3:
		let_time_pass(p, p->now + rd_reader_u8(&p->in) * 2 * S);
		break;
	case 4:
		give_answer(p);
		break;
	case 5:
		a = read_addr(p);
		if (!a.relayed && !a.stream)
			know(p, &a);
		rd_punch_heard(p->punch, &a, p->now);
		break;
	case 6:
		a = read_addr(p);
		know(p, &a);
		rd_punch_keep(p->punch, &a, p->now);
		break;
	case 7:
		a = read_addr(p);
		know(p, &a);
		rd_punch_dead(p->punch, &a, p->now);
		break;
	case 8:
		for (unsigned i = 0; i < RD_PUNCH_SOCKETS; i++)
			carriers[i] = 10 + i;
		rd_punch_sockets(p->punch, carriers, rd_reader_u8(&p->in), p->now);
		break;
	case 9:
		rd_punch_again(p->punch, p->now);
		rd_punch_lag(p->punch, rd_reader_u8(&p->in) * MS);
		break;
	case 10:
		a = read_addr(p);
		const struct rd_punched *best = rd_punch_best(p->punch,
			(enum rd_path_policy)(rd_reader_u8(&p->in) % 3), &a, p->now);
		must(!best || rd_punch_find(p->punch, &best->addr, p->now) == best);
		must(rd_punch_wants(p->punch) == 0 || rd_punch_wants(p->punch) == RD_PUNCH_SOCKETS);
		rd_punch_alive(p->punch, &a, p->now);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct randombytes_implementation impl = {.implementation_name = random_name,
		.random = random_word, .buf = random_bytes};
	struct play *p = calloc(1, sizeof(*p));
	must(p != NULL);
	randombytes_set_implementation(&impl);
	random_state = 1;
	p->now = p->begun = S;
	p->punch = rd_punch_new(p->now);
	rd_reader_init(&p->in, data, size);
	for (unsigned i = 0; i < ORDERS_MAX && rd_reader_left(&p->in) > 0; i++) {
		order(p);
		pump(p);
	}
	rd_punch_free(p->punch);
	free(p);
	return 0;
}
