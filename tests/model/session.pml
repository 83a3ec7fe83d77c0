/*
 * rd's session, rd-session(5), as far as it is a state machine: the handshake by
 * keys, confirmation by the first DATA, packet numbers, rekeying, and roaming of
 * both ends, on a network that is the attacker. tests/tools/model-holds.sh lets spin
 * look at every state of seven scenes, and then again with one check after
 * another taken out, when spin must find what the check is for.
 *
 * Cryptography is symbolic. A sealed packet is a record of who made it and with
 * which keys; it opens for who has the same keys of the other direction, and for
 * nobody else; it can be copied, not changed. That this is a fair picture of
 * Noise and of ChaCha20-Poly1305 is what SECURITY.md argues; here it is assumed.
 *
 * The network: whatever was once sent may be delivered, to whom the attacker
 * likes, from any address, in any order, any number of times, or never. What he
 * makes himself is sealed with keys of his own. From some moment on (`quiet`) he
 * touches nothing new, but goes on with what he has kept; then a few rounds of
 * timers must lead to a session in use, its keys renewed, at the right addresses.
 * A bound on the rounds says more than "eventually", and is a safety property.
 *
 * Bounds, by -D (the scenes are in model-holds.sh):
 *	SESSIONS	INITs that can be said, one of them after the attack
 *	BOTH		machines 0 and 1 dial each other, by turns; else 0 dials 1
 *	SENDS		packets each end sends in each session while under attack
 *	REKEYS		rekeyings, at most 2
 *	MOVES		changes of address
 *	STANDING	the first session stands from the beginning
 *	LIVES_ELSEWHERE	the attacker gets what is sent to the address that he writes
 *	ROUNDS		of timers, within which all must be well
 *
 * What -D takes out:
 *	NO_AUTH		seals are not looked at
 *	NO_DIRECTIONS	both directions have one key, so a packet can come back
 *	NO_TIMESTAMP	an INIT need not be newer than the last
 *	NO_ONE_ANSWER	who has taken a RESPONSE takes one to another of his INITs, too
 *	NO_CONFIRM	the host takes a session for real before DATA has come
 *	NO_REPLAY_WINDOW	packet numbers are not looked at
 *	NO_EPOCH_OVERLAP	the responder has only the new keys once it has answered
 *	NO_SURE		the initiator drops the old keys before it has heard with the new
 *	NO_SAME_ANSWER	a REKEY said again gets another answer
 *	NO_CHALLENGE	the path goes where the newest packet came from
 *	NO_FRESH_CHALLENGE	all candidates get the same challenge
 *	NO_ANSWER_BACK	an answer goes to the path, not where the challenge came from
 *	NO_ONE_ADDRESS	INIT said again from elsewhere proves that place, too
 */
#ifndef SESSIONS
#define SESSIONS 1
#endif
#ifndef SENDS
#define SENDS 2
#endif
#ifndef REKEYS
#define REKEYS 0
#endif
#ifndef MOVES
#define MOVES 0
#endif
#ifndef ROUNDS
#define ROUNDS 6
#endif
#define NUMBERS 30			/* packet numbers of one end, in all: bits of an int */
#define WINDOW 4			/* of the replay window; 8192 in the code */
#define PATIENCE 2			/* rounds without an answer until an initiator dials anew */

/* frames; a packet holds one */
#define PING 0
#define CHALLENGE 1	/* argument: which challenge * 8 + address it was sent to */
#define ANSWER 2	/* argument: that of the challenge */
#define REKEY1 3	/* argument: the epoch it is to begin */
#define REKEY2 4	/* argument: the epoch * 2 + which answer it is */

/* states of one end of a session */
#define NONE 0
#define WAIT 1		/* initiator: INIT is out */
#define HALF 2		/* responder: RESPONSE is out */
#define UP 3
#define DEAD 4

/*
 * Addresses: 1 and 2 of machine 0, 3 and 4 of machine 1, and one more, which the
 * attacker can write on his packets. What is sent there he reads only if he
 * lives there; then nothing can stop him from becoming a part of the path.
 */
#define HOME(m) (1 + 2 * (m))
#define ELSEWHERE 5
#ifdef LIVES_ELSEWHERE
#define READS(a) true
#else
#define READS(a) ((a) != ELSEWHERE)
#endif

#ifdef BOTH
#define DIALS(s) ((s) % 2)		/* which machine dials session s */
#define STEP 2
#else
#define DIALS(s) 0
#define STEP 1
#endif
#define AT(s, m) (2 * (s) + (m))	/* machine m's end of session s */
#define SPARE(s) ((s) >= SESSIONS - STEP)	/* dialled only when all is quiet */
#define LAST(s) ((s) / STEP + 1 == dialled[DIALS(s)])	/* what its machine dialled last */

typedef end {
	byte state;
	/* what it has sent, by packet number: the network knows it for ever */
	byte next;
	byte frame[NUMBERS];	/* kind * 4 + epoch of the keys */
	byte arg[NUMBERS];
	int answer1;		/* bits: sealed with keys made by answer 1, not 0 */
	/* what it has received */
	int got;
	byte newest;		/* one above the greatest number */
	bool heard;
	/* keys: epochs low to now, and now + 1 if `made` */
	byte now, low;
	bool made, asking;
	bool sure;		/* something came with keys `now`: the other end sends with them */
	byte which;		/* bit e: keys of epoch e are those of answer 1 */
	/* where the other end is */
	byte path, candidate, challenge;
	bool challenged;	/* the candidate was sent a challenge */
	byte owed, back;	/* the argument of a challenge to answer, and where it came from */
	byte missed;		/* initiator, when quiet: rounds since anything was heard */
	byte old;		/* when quiet: `next` when that began */
	/* responder, while HALF: where INIT came from last, and (bits) all such places */
	byte asked, askers;
};

end x[2 * SESSIONS];
byte here[2];		/* where the machines are */
byte dialled[2];	/* how many sessions each has dialled */
byte stamp[2];		/* greatest timestamp each has taken as a host */
byte answers[SESSIONS];	/* RESPONSEs made to this session's INIT */
byte reached[SESSIONS];	/* the copy that the initiator took had been sent to this address */
byte moves;
bool quiet, well;
byte rounds;

/* Scratch: nothing in it lives longer than one step. */
hidden byte i, j, ep, kind, val, peer, to, newest, genuine, opens, idle, fast;
/* What is on its way within one round: session, kind, end that sent it, number, where to. */
#define QUEUE 40
#define Q_INIT 0
#define Q_RESPONSE 1
#define Q_DATA 2
hidden byte q_s[QUEUE], q_kind[QUEUE], q_by[QUEUE], q_n[QUEUE], q_to[QUEUE];
hidden byte q_in, q_out;

inline enqueue(s, what, by, n, where)
{
	if
	:: fast ->
		assert(q_in < QUEUE);
		q_s[q_in] = s; q_kind[q_in] = what; q_by[q_in] = by; q_n[q_in] = n; q_to[q_in] = where;
		q_in++
	:: else
	fi
}

/* --- what an end sends ------------------------------------------------------------- */

inline send(s, m, k, a)
{
	i = AT(s, m);
	assert(x[i].next < NUMBERS);
	x[i].frame[x[i].next] = (k) * 4 + x[i].now;
	x[i].arg[x[i].next] = a;
	if
	:: (x[i].which >> x[i].now) & 1 -> x[i].answer1 = x[i].answer1 | (1 << x[i].next)
	:: else
	fi;
	if
	:: (k) == CHALLENGE -> x[i].challenged = true; to = x[i].candidate
#ifndef NO_ANSWER_BACK
	:: (k) == ANSWER -> to = x[i].back; x[i].back = 0
#endif
	:: else -> to = x[i].path
	fi;
	val = x[i].next;
	x[i].next++;
	printf("session %d: %d sends packet %d: frame %d %d, epoch %d, to %d\n", s, m, val, k, a,
		x[i].now, to);
	enqueue(s, Q_DATA, m, val, to)
}

inline say_challenge(s, m)
{
	send(s, m, CHALLENGE, x[AT(s, m)].challenge * 8 + x[AT(s, m)].candidate)
}

inline say_answer(s, m)
{
	send(s, m, ANSWER, x[AT(s, m)].owed);
	x[AT(s, m)].owed = 0
}

inline say_rekey1(s, m)
{
	send(s, m, REKEY1, x[AT(s, m)].now + 1)
}

inline say_rekey2(s, m)
{
	send(s, m, REKEY2, (x[AT(s, m)].now + 1) * 2 +
		((x[AT(s, m)].which >> (x[AT(s, m)].now + 1)) & 1))
}

/* --- the handshake ------------------------------------------------------------------- */

inline open(e, where)
{
	assert(READS(where));
	x[e].state = UP;
	x[e].path = where;
	x[e].missed = 0
}

/* Of what a machine has dialled nothing is in this state any more. */
inline give_up(m, what)
{
	ep = m;
	do
	:: ep < SESSIONS ->
		if
		:: x[AT(ep, m)].state == what -> x[AT(ep, m)].state = DEAD
		:: else
		fi;
		ep = ep + STEP
	:: else -> break
	od
}

/*
 * A machine dials the next: a session that it has given up, or another INIT where
 * nothing has answered the last. Then answers to those before still count.
 */
inline dial(m)
{
	i = dialled[m] * STEP + (m);
	give_up(m, UP);
	assert(i < SESSIONS);	/* else a session was given up that had to live */
	x[AT(i, m)].state = WAIT;
	printf("session %d: %d dials\n", i, m);
	x[AT(i, m)].missed = 0;
	dialled[m]++;
	enqueue(i, Q_INIT, m, 0, here[1 - (m)])
}

/* Where RESPONSE goes. To hear the same INIT from two places proves neither. */
inline answer_init(s, a)
{
	x[i].asked = a;
	x[i].askers = x[i].askers | (1 << (a));
	printf("session %d: %d answers INIT from %d\n", s, j, a);
	enqueue(s, Q_RESPONSE, j, 0, a)
}

/* The host gets INIT of session s from a: by its maker, or a forgery. Timestamps are s + 1. */
inline hear_init(s, by_peer, a)
{
	j = 1 - DIALS(s);
	i = AT(s, j);
	if
#ifndef NO_AUTH
	:: !(by_peer) -> skip
	:: else ->
#else
	:: true ->
#endif
		if
		:: x[i].state == HALF -> answer_init(s, a)	/* the same again */
#ifndef NO_TIMESTAMP
		:: x[i].state != HALF && s + 1 > stamp[j] ->
#else
		:: x[i].state != HALF ->
#endif
			assert(by_peer);
			assert(answers[s] == 0);	/* an INIT makes one session */
			answers[s]++;
			stamp[j] = s + 1;
#ifndef NO_CONFIRM
			x[i].state = HALF;
#else
			assert(x[AT(s, DIALS(s))].state == UP);
			open(i, a);
#endif
			answer_init(s, a)
		:: else	/* a replay */
		fi
	fi
}

/*
 * The initiator gets RESPONSE, the copy that was sent to a: it opens only for
 * who made the INIT that it answers.
 */
inline hear_response(s, by_peer, a)
{
	j = DIALS(s);
	i = AT(s, j);
	if
#ifndef NO_AUTH
	:: x[i].state == WAIT && (by_peer) ->
#else
	:: x[i].state == WAIT ->
#endif
		printf("session %d: %d takes RESPONSE to %d\n", s, j, a);
		assert(by_peer && answers[s] == 1);
#ifndef NO_ONE_ANSWER
		give_up(j, WAIT);
#endif
		open(i, here[1 - j]);
		reached[s] = a;
		/* at once something sealed, so that the host can confirm the session */
		if
		:: fast -> send(s, j, PING, 0)
		:: else
		fi
	:: else
	fi
}

/*
 * The first DATA, from a. Its sender has had RESPONSE, so where that went lives
 * the initiator, if it went to one place only; else a challenge must tell.
 */
inline confirm(s, e, a)
{
	assert(x[peer].next > 0 && answers[s] == 1);	/* the initiator has these keys */
	if
#ifndef NO_ONE_ADDRESS
	:: x[e].askers == 1 << (a) ->
#else
	:: x[e].asked == (a) ->
#endif
		assert(reached[s] == (a));
		open(e, a)
	:: else -> open(e, 0)
	fi;
	x[e].asked = 0;
	x[e].askers = 0
}

/* --- DATA ----------------------------------------------------------------------------- */

inline move(e, where, proof)
{
	/* the address to which the answered challenge was sent, and not a bystander's */
	assert(proof == (where) && READS(where));
	printf("session %d: %d goes to %d\n", (e) / 2, (e) % 2, where);
	x[e].path = where;
	x[e].candidate = 0;
	x[e].challenge = 0;
	x[e].challenged = false
}

/* A genuine packet with this number came from there. */
inline see_path(e, n, a)
{
	if
	:: (a) == x[e].path && newest ->
		x[e].candidate = 0; x[e].challenge = 0; x[e].challenged = false
	:: (a) != x[e].path && newest && (a) != x[e].candidate ->
#ifdef NO_CHALLENGE
		move(e, a, 0)
#else
		x[e].candidate = a;
		x[e].challenged = false;
#ifdef NO_FRESH_CHALLENGE
		x[e].challenge = 1
#else
		x[e].challenge = (n) + 1	/* new with every candidate */
#endif
#endif
	:: else
	fi
}

inline read_rekey1(e)
{
	if
	:: ep == x[e].now && val == ep + 1 && !x[e].made ->
		x[e].made = true;
#ifdef NO_EPOCH_OVERLAP
		/* answers once, and has the new keys only */
		say_rekey2((e) / 2, (e) % 2);
		x[e].made = false;
		x[e].now++;
		x[e].low = x[e].now
#endif
	:: ep == x[e].now && val == ep + 1 && x[e].made ->
#ifdef NO_SAME_ANSWER
		x[e].which = x[e].which ^ (1 << val)
#else
		skip
#endif
	:: else
	fi
}

inline read_rekey2(e)
{
	if
	:: x[e].asking && ep == x[e].now && val / 2 == ep + 1 ->
		x[e].asking = false;
		x[e].low = x[e].now;
		x[e].now++;
#ifndef NO_SURE
		x[e].sure = false;
#endif
		x[e].which = x[e].which | ((val % 2) << x[e].now)
	:: else
	fi
}

/*
 * Machine m gets packet n of machine `by` in session s, from address a; by == 2:
 * a packet of the attacker's, with keys of his own and whatever contents.
 */
inline hear_data(s, m, by, n, a)
{
	j = AT(s, m);
	peer = AT(s, 1 - (m));
	if
	:: (by) < 2 ->
		i = AT(s, by);
		ep = x[i].frame[n] % 4; kind = x[i].frame[n] / 4; val = x[i].arg[n];
		genuine = ((x[j].which >> ep) & 1) == ((x[i].answer1 >> (n)) & 1);
#ifndef NO_DIRECTIONS
		genuine = genuine && i == peer
#endif
	:: else ->
		ep = x[j].now; kind = PING; val = 0; genuine = false
	fi;
#ifdef NO_AUTH
	genuine = true;
#endif
	opens = genuine && (x[j].state == UP || x[j].state == HALF) && ep >= x[j].low &&
		(ep <= x[j].now || (x[j].made && ep == x[j].now + 1));
	newest = (n) >= x[j].newest;
#ifndef NO_REPLAY_WINDOW
	opens = opens && (newest || ((n) + WINDOW >= x[j].newest && !((x[j].got >> (n)) & 1)));
#endif
	if
	:: opens ->
		printf("session %d: %d takes packet %d of %d: frame %d %d, epoch %d, from %d\n", s, m, n,
			by, kind, val, ep, a);
		/* nothing is taken but what the other end made, and that once */
		assert((by) == 1 - (m) && (n) < x[peer].next);
		assert(!((x[j].got >> (n)) & 1));
		x[j].got = x[j].got | (1 << (n));
		x[j].heard = true;
		x[j].missed = 0;
		if
		:: newest -> x[j].newest = (n) + 1
		:: else
		fi;
		if
		:: x[j].state == HALF -> confirm(s, j, a)
		:: else
		fi;
		if
		:: x[j].made && ep == x[j].now + 1 ->
			x[j].now++;
			x[j].made = false;
			if
			:: x[j].low + 1 < x[j].now -> x[j].low = x[j].now - 1
			:: else
			fi
		:: else
		fi;
		if
		:: ep == x[j].now -> x[j].sure = true
		:: else
		fi;
		see_path(j, n, a);
		if
		:: kind == CHALLENGE -> x[j].owed = val; x[j].back = a
		:: kind == ANSWER && x[j].challenged && val / 8 == x[j].challenge ->
			move(j, x[j].candidate, val % 8)
		:: kind == REKEY1 && m != DIALS(s) -> read_rekey1(j)
		:: kind == REKEY2 && m == DIALS(s) -> read_rekey2(j)
		:: else
		fi
	:: else
	fi
}

/* --- without the attacker's drops ----------------------------------------------------- */

/* What the timers of one end lead to. */
inline tick(s, m)
{
	idle = true;
	if
	:: m == DIALS(s) && ((x[AT(s, m)].state == WAIT && LAST(s)) || x[AT(s, m)].state == UP) ->
		x[AT(s, m)].missed++
	:: else
	fi;
	if
	:: m == DIALS(s) && (x[AT(s, m)].state == WAIT || x[AT(s, m)].state == UP) &&
	   x[AT(s, m)].missed > PATIENCE -> dial(m)
	:: x[AT(s, m)].state == WAIT && LAST(s) && x[AT(s, m)].missed <= PATIENCE ->
		enqueue(s, Q_INIT, m, 0, here[1 - (m)])
	:: x[AT(s, m)].state == UP && (m != DIALS(s) || x[AT(s, m)].missed <= PATIENCE) ->
		if
		:: m == DIALS(s) && x[AT(s, m)].now < REKEYS -> x[AT(s, m)].asking = true
		:: else
		fi;
		if
		:: x[AT(s, m)].candidate != 0 -> say_challenge(s, m)
		:: else
		fi;
		if
		:: x[AT(s, m)].owed != 0 -> say_answer(s, m)
		:: else
		fi;
		if
		:: x[AT(s, m)].asking -> say_rekey1(s, m); idle = false
		:: x[AT(s, m)].made -> say_rekey2(s, m); idle = false
		:: else
		fi;
		if
		:: idle -> send(s, m, PING, 0)
		:: else
		fi
	:: else
	fi
}

/* Delivers the oldest of the queue, from where its sender is, to where it was sent. */
inline deliver()
{
	if
	:: q_kind[q_out] == Q_INIT -> hear_init(q_s[q_out], true, here[q_by[q_out]])
	:: q_kind[q_out] == Q_RESPONSE && q_to[q_out] == here[1 - q_by[q_out]] ->
		hear_response(q_s[q_out], true, q_to[q_out])
	:: q_kind[q_out] == Q_DATA && q_to[q_out] == here[1 - q_by[q_out]] ->
		hear_data(q_s[q_out], 1 - q_by[q_out], q_by[q_out], q_n[q_out], here[q_by[q_out]]);
		/* a challenge is answered at once */
		if
		:: x[AT(q_s[q_out], 1 - q_by[q_out])].state == UP &&
		   x[AT(q_s[q_out], 1 - q_by[q_out])].owed != 0 ->
			say_answer(q_s[q_out], 1 - q_by[q_out])
		:: else
		fi
	:: else	/* nobody lives there */
	fi;
	q_out++
}

/* Of each machine that has dialled one session is in use, as it should be. */
inline judge()
{
	val = 0;
	j = 0;
	do
	:: j < SESSIONS ->
		i = AT(j, DIALS(j));
		peer = AT(j, 1 - DIALS(j));
		val = val + (x[i].state == UP && x[peer].state == UP && x[i].heard &&
			x[i].now == REKEYS && x[peer].now == REKEYS && !x[peer].made && !x[i].asking &&
			x[i].path == here[1 - DIALS(j)] && x[peer].path == here[DIALS(j)]);
		j++
	:: else -> break
	od;
	well = val == (dialled[0] > 0) + (dialled[1] > 0)
}

inline round()
{
	printf("round %d\n", rounds);
	q_in = 0;
	q_out = 0;
	fast = true;
	if
	:: dialled[0] == 0 -> dial(0)
	:: else
	fi;
#ifdef BOTH
	if
	:: dialled[1] == 0 -> dial(1)
	:: else
	fi;
#endif
	turn = 0;
	do
	:: turn < 2 * SESSIONS -> tick(turn / 2, turn % 2); turn++
	:: else -> break
	od;
	do
	:: q_out < q_in -> deliver()
	:: else -> break
	od;
	turn = 0;
	fast = false
}

/* --- the attacker, and what ends may do at any time ------------------------------------ */

#define SPEAKS(s, m) (x[AT(s, m)].state == UP && x[AT(s, m)].next < SENDS)

inline choose_end()
{
	select(s : 0 .. SESSIONS - 1);
	select(m : 0 .. 1)
}

/* Where a packet for machine m seems to come from, or a copy from it was sent to. */
inline choose_address(whose)
{
#if MOVES > 0
	if
	:: a = here[whose]
	:: a = HOME(whose)
	:: a = ELSEWHERE
	fi
#else
	a = here[whose]
#endif
}

/* Whatever was sent, to whom it may concern, or to its own maker. */
inline replay()
{
	choose_end();
	if
	:: by = 1 - m
	:: by = m
	fi;
	if
	:: x[AT(s, by)].next > 0 && (!quiet || x[AT(s, by)].old > 0) ->
		select(n : 0 .. (quiet -> x[AT(s, by)].old : x[AT(s, by)].next) - 1);
		choose_address(1 - m);
		if
		:: x[AT(s, by)].frame[n] / 4 != CHALLENGE || READS(x[AT(s, by)].arg[n] % 8) ->
			d_step { hear_data(s, m, by, n, a) }
		:: else
		fi
	:: else
	fi
}

inline replay_handshake()
{
	select(s : 0 .. SESSIONS - 1);
	choose_address(DIALS(s));
	if
	:: x[AT(s, DIALS(s))].state != NONE -> d_step { hear_init(s, true, a) }
	:: ((x[AT(s, 1 - DIALS(s))].askers >> a) & 1) && READS(a) ->
		d_step { hear_response(s, true, a) }
	:: else
	fi
}

inline forge()
{
	choose_end();
	choose_address(1 - m);
	if
	:: d_step { hear_data(s, m, 2, 0, a) }
	:: x[AT(s, DIALS(s))].state == NONE -> d_step { hear_init(s, false, a) }
	:: d_step { hear_response(s, false, a) }
	fi
}

inline speak()
{
	choose_end();
	if
	:: SPEAKS(s, m) -> d_step { send(s, m, PING, 0) }
	:: SPEAKS(s, m) && x[AT(s, m)].candidate != 0 -> d_step { say_challenge(s, m) }
	:: SPEAKS(s, m) && x[AT(s, m)].owed != 0 -> d_step { say_answer(s, m) }
	:: SPEAKS(s, m) && x[AT(s, m)].asking -> d_step { say_rekey1(s, m) }
	:: SPEAKS(s, m) && x[AT(s, m)].made -> d_step { say_rekey2(s, m) }
	:: else
	fi
}

inline change()
{
	choose_end();
	if
	/* dials, again if it likes */
	:: s == 0 && (m == 0 || STEP == 2) && !SPARE(dialled[m] * STEP + m) -> d_step { dial(m) }
	/* the answer to an INIT before the last is not waited for any longer */
	:: m == DIALS(s) && x[AT(s, m)].state == WAIT && !LAST(s) -> x[AT(s, m)].state = DEAD
	/* it is time for new keys */
	:: m == DIALS(s) && x[AT(s, m)].state == UP && !x[AT(s, m)].asking &&
	   x[AT(s, m)].now < REKEYS -> x[AT(s, m)].asking = true
	/* old keys have been kept for long enough after the other end was seen to use the new */
	:: x[AT(s, m)].low < x[AT(s, m)].now && x[AT(s, m)].sure -> x[AT(s, m)].low = x[AT(s, m)].now
	/* five challenges went unanswered */
	:: x[AT(s, m)].challenged ->
		d_step { x[AT(s, m)].candidate = 0; x[AT(s, m)].challenge = 0; x[AT(s, m)].challenged = false }
	/* never confirmed, or silent for too long; where there is one to dial after it */
	:: SESSIONS > STEP && m != DIALS(s) && (x[AT(s, m)].state == HALF || x[AT(s, m)].state == UP) ->
		x[AT(s, m)].state = DEAD
	/*
	 * moves to another network; not while the other end's own move is unknown
	 * here: for both at once they would need a third, a relay
	 */
	:: moves < MOVES && (x[AT(s, DIALS(s))].state == WAIT || x[AT(s, DIALS(s))].state == UP) &&
	   (x[AT(s, m)].state == WAIT || (x[AT(s, m)].state == UP && x[AT(s, m)].path == here[1 - m])) ->
		d_step { here[m] = HOME(m) + (here[m] == HOME(m)); moves++;
			printf("%d moves to %d\n", m, here[m]) }
	:: else
	fi
}

active proctype world()
{
	byte s, m, by, n, a, turn;

	d_step {
		here[0] = HOME(0);
		here[1] = HOME(1);
#ifdef STANDING
		dial(0);
		answers[0] = 1;
		stamp[1] = 1;
		open(AT(0, 0), here[1]);
		open(AT(0, 1), here[0])
#endif
	}
	do
	:: !quiet -> atomic { speak(); s = 0; m = 0 }
	:: !quiet -> atomic { change(); s = 0; m = 0 }
	:: atomic { replay(); s = 0; m = 0; by = 0; n = 0; a = 0 }
	:: atomic { replay_handshake(); s = 0; a = 0 }
	:: atomic { forge(); s = 0; m = 0; a = 0 }
	:: !quiet -> d_step {
			quiet = true;
			turn = 0;
			do
			:: turn < 2 * SESSIONS ->
				x[turn].missed = 0;
				x[turn].old = x[turn].next;
				turn++
			:: else -> break
			od;
			turn = 0
		}
	:: quiet -> d_step {
			round();
			judge();
			rounds++;
			assert(well || rounds < ROUNDS)
		};
		if
		:: well -> break
		:: else
		fi
	od
}
