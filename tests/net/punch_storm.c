/*
 * Sessions in bad times, each from its own seed: any two NATs, direct paths that
 * die one way or both and come back, a relay that is killed and started anew,
 * ends that roam, NATs that are restarted, loss, changes of mind about the policy.
 * Of each is asked that it does not end, loses no event, that its ends do not
 * chase one another, and that both live on the same living path when the
 * weather is quiet again.
 *
 *	RD_SEED=n	the first one's seed; the others' follow it
 *	RD_SESSIONS=n	how many
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "net/nat.h"
#include "net/natsim.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SESSIONS 20
#else
#define SESSIONS 100
#endif

#define EVERY (20 * MS)		/* an event of each end */
#define BEHIND 900		/* events that are not acknowledged: no more then */

struct storm {
	struct natsim s;
	uint64_t seed, quiet_ns;
	unsigned said[2];
};

static struct { unsigned moves, direct, relayed, stuck; } sum;
static uint64_t longest_ns;

static void
fail_storm(const struct storm *t, const char *what)
{
	print_message("%s; again: RD_SEED=0x%" PRIx64 " RD_SESSIONS=1\n", what, t->seed);
	fail();
}

#define check(t, condition) \
	do { \
		if (!(condition)) \
			fail_storm(t, #condition); \
	} while (0)

static struct sim_host *
side(struct storm *t, unsigned i)
{
	return i ? &t->s.host : &t->s.viewer;
}

static void
say(struct storm *t)
{
	uint8_t data[8] = {0};
	for (unsigned i = 0; i < 2; i++) {
		struct sim_host *h = side(t, i);
		/* What the peer has had cannot be less than what we know of. */
		if (t->said[i] - sim_other(h)->party.events < BEHIND &&
			rd_mux_event(rd_conn_mux(h->party.conn), data, sizeof(data), t->s.net.now_ns) == 0)
			t->said[i]++;
	}
}

static void
talk(struct storm *t, uint64_t ns)
{
	for (uint64_t end = t->s.net.now_ns + ns; t->s.net.now_ns < end;) {
		say(t);
		sim_run(&t->s, EVERY, NULL);
		check(t, t->s.viewer.party.closed == 0 && t->s.host.party.closed == 0);
	}
}

static void
roam(struct storm *t, struct sim_host *h)
{
	sim_nat_free(h->chain[0][0]);
	h->inside[0] = sim_v4(10, 9, (uint8_t)dice_below(250), 9, 0);
	h->owd_ns = MS + dice_below(60 * MS);
	sim_behind(h, 0, sim_kinds[dice_below(SIM_KINDS)],
		sim_v4(198, 51, 100, (uint8_t)(10 + dice_below(200)), 0));
	h->leg_lost = true;
	h->leg_back_ns = UINT64_MAX;
	talk(t, dice_below(300) * MS);
	h->leg_back_ns = t->s.net.now_ns + h->rebind_ns;
	sim_tell(h);
}

static void
relay(struct storm *t)
{
	struct natsim *s = &t->s;
	s->relay_down = !s->relay_down;
	if (s->relay_down)
		return;
	for (unsigned i = 0; i < 2; i++) {
		side(t, i)->leg_lost = true;
		side(t, i)->leg_back_ns = UINT64_MAX;
	}
}

static void
strike(struct storm *t)
{
	struct natsim *s = &t->s;
	struct sim_host *h = side(t, (unsigned)dice_below(2));
	switch (dice_below(8)) {
	case 0:
		s->direct_down = !s->direct_down;
		break;
	case 1:
		s->direct_down_to_viewer = !s->direct_down_to_viewer;
		break;
	case 2:
		relay(t);
		break;
	case 3:
		roam(t, h);
		break;
	case 4:
		sim_nat_restart(h->chain[0][0]);
		talk(t, dice_below(1000) * MS);
		sim_tell(h);
		break;
	case 5:
		s->loss = (unsigned)dice_below(2) * (unsigned)dice_below(300);
		break;
	case 6:
		rd_conn_policy(s->viewer.dialled, dice_below(2) ? RD_PATH_AUTO : RD_PATH_RELAY,
			s->net.now_ns);
		break;
	default:
		break;
	}
}

static bool
agree(struct natsim *s)
{
	return sim_is_direct(&s->viewer) == sim_is_direct(&s->host);
}

static bool
all_heard(const struct storm *t)
{
	return t->s.host.party.events == t->said[0] && t->s.viewer.party.events == t->said[1];
}

static void
calm(struct storm *t)
{
	struct natsim *s = &t->s;
	s->direct_down = s->direct_down_to_viewer = false;
	s->loss = 0;
	if (s->relay_down)
		relay(t);
	/* What the agents find out at their next look around. */
	for (unsigned i = 0; i < 2; i++) {
		struct sim_host *h = side(t, i);
		if (h->leg_lost && h->leg_back_ns == UINT64_MAX)
			h->leg_back_ns = s->net.now_ns + h->rebind_ns;
		sim_tell(h);
	}
	t->quiet_ns = s->net.now_ns;
	while ((!agree(s) || !all_heard(t)) && s->net.now_ns < t->quiet_ns + 10 * S) {
		/* Who hears nothing follows nobody: a path is proven when something comes by it. */
		if (!agree(s))
			say(t);
		sim_run(s, 10 * MS, NULL);
	}
	check(t, agree(s) && all_heard(t));
	uint64_t took = s->net.now_ns - t->quiet_ns;
	longest_ns = took > longest_ns ? took : longest_ns;
	/*
	 * From then on nobody moves but to a better path, and then stays. That may be found
	 * late: it is looked for once a minute, and a NAT may have to forget something first.
	 */
	talk(t, 90 * S);
	bool direct = sim_is_direct(&s->viewer);
	unsigned moved = s->viewer.party.moved + s->host.party.moved;
	talk(t, 20 * S);
	if (!direct && sim_is_direct(&s->viewer)) {
		talk(t, 5 * S);
		moved = s->viewer.party.moved + s->host.party.moved;
		talk(t, 20 * S);
	}
	check(t, s->viewer.party.moved + s->host.party.moved == moved);
	sim_run(s, 5 * S, NULL);
	check(t, agree(s) && all_heard(t));
}

static void
session(void)
{
	struct storm t = {.seed = dice_state};
	struct natsim *s = &t.s;
	sim_init(s);
	s->viewer.owd_ns = MS + dice_below(60 * MS);
	s->host.owd_ns = MS + dice_below(60 * MS);
	s->relay_ns = dice_below(50 * MS);
	sim_behind_kinds(s, sim_kinds[dice_below(SIM_KINDS)], sim_kinds[dice_below(SIM_KINDS)]);
	s->viewer.chain[0][0]->kind.clash = dice_below(2);
	s->host.chain[0][0]->kind.clash = dice_below(2);
	sim_dial(s);
	check(&t, sim_run(s, 5 * S, sim_open));
	uint64_t begun = s->net.now_ns;
	for (unsigned n = (unsigned)dice_below(12); n > 0; n--) {
		talk(&t, dice_below(3000) * MS);
		strike(&t);
		/* Shorter than what a session bears in silence. */
		if (s->relay_down && (s->direct_down || s->direct_down_to_viewer)) {
			talk(&t, dice_below(4000) * MS);
			relay(&t);
		}
	}
	unsigned moves = s->viewer.party.moved + s->host.party.moved;
	/* Two ends, each strike may cost each of them a way there and back. */
	check(&t, moves <= 12 + 2 * (s->net.now_ns - begun) / S);
	calm(&t);
	sum.moves += moves;
	sum.direct += sim_is_direct(&s->viewer);
	sum.relayed += !sim_is_direct(&s->viewer);
	sum.stuck += s->viewer.stuck + s->host.stuck;
	sim_finish(s);
}

static void
storms(void **state)
{
	const char *given = getenv("RD_SESSIONS");
	unsigned n = given ? (unsigned)atoi(given) : SESSIONS;
	(void)state;
	for (unsigned i = 0; i < n; i++)
		session();
	print_message("%u sessions: %u moves, stuck %u times; in the end %u direct, %u relayed; "
		"at one after %.0f ms of quiet at most\n", n, sum.moves, sum.stuck, sum.direct,
		sum.relayed, (double)longest_ns / 1e6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(storms),
	};
	if (vnet_sodium() < 0)
		return 1;
	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
