#ifndef RD_SEND_SAID_H
#define RD_SEND_SAID_H

#include <stdbool.h>
#include <stdint.h>

#include "net/agent.h"
#include "net/conn.h"
#include "net/key.h"

/*
 * What the monitor and the process at the network say to each other, over
 * base/ipc.h. Both are the same program, so a message is this struct as it
 * lies in memory; but the network's side may have been taken over, so said_recv
 * checks it as it would a stranger's, and the monitor believes nothing of it
 * that it can know itself.
 *
 * A viewer has a number, `id`, that is never used twice; so has each producer of
 * all viewers with --shared, from SAID_SHARED on.
 */
#define SAID_SHARED UINT32_C(0x80000000)

enum said_type {
	/* the network's side says */
	SAID_LISTENING = 1,	/* number: the port; all that needed files is open */
	SAID_PEER,		/* id, session, key, address, by, how, rtt; text: the service; number: wanted */
	SAID_ANSWER,		/* id, text: what was typed */
	SAID_START,		/* id: its producer, please */
	SAID_STOPPED,		/* id: the link to its producer is over */
	SAID_GONE,		/* id, code, text */
	SAID_REMEMBER,		/* id, text: what it calls itself: it wants to come again without a code */
	SAID_RESOLVE,		/* the relay's addresses, please */
	SAID_RELAY_KEY,		/* key: the relay's, which was not known */
	SAID_RELAY_IS,		/* number: enum said_relay; flag: by TLS; text: how, or why not */
	SAID_CODE,		/* text: a one-time code, with its words; number: seconds it lives */
	SAID_CODE_OVER,		/* number: enum rd_code_end */
	SAID_PAUSED,		/* flag: nothing is shown any more, or it goes on */
	/* the monitor says */
	SAID_GRANT,		/* id, number: rights, text: our name for it */
	SAID_CHALLENGE,		/* id, number: kind */
	SAID_REFUSE,		/* id, code, text: at once, or later when its right is gone */
	SAID_PRODUCER,		/* id, with a descriptor; without: number is the exit code, text why */
	SAID_STATUS,		/* id, number: the producer's exit status, as a shell's $? */
	SAID_PASSWORD,		/* flag: there is one; secret: prs, salt */
	SAID_REMEMBERED,	/* id, flag: we know it from now on */
	SAID_RELAY,		/* relay: addresses; number: how many; text: why none */
	SAID_RELAY_TRUST,	/* flag: the relay's key is known now */
	SAID_MAKE_CODE,		/* another one; the one there is is withdrawn */
	SAID_PAUSE,		/* flag: everything; else it goes on */
	SAID_STOP,		/* end everything */
	SAID_TYPES,
};

enum said_by { SAID_BY_KEY, SAID_BY_PASSWORD, SAID_BY_CODE, SAID_BYS };
enum said_relay { SAID_RELAY_READY, SAID_RELAY_LOST, SAID_RELAY_WAY, SAID_RELAY_DRAINS };
#define SAID_RELAY_ADDRS 9	/* eight of the relay, and the last one of the proxy */

struct said {
	uint8_t type;
	uint8_t flag;
	uint8_t by;		/* enum said_by: how the peer has proven itself */
	uint8_t how;		/* enum rd_path_how */
	uint8_t relayed;	/* it comes through the relay, whose address ip is */
	uint8_t family;		/* of ip: 4 or 6; 0: there is none */
	uint8_t stream;
	uint16_t port;
	uint32_t scope;
	uint8_t ip[16];
	uint32_t id;
	uint32_t number;
	uint32_t rtt_us;
	uint64_t code;		/* enum rd_close */
	struct rd_key key;
	uint8_t secret[RD_CONN_PRF_SIZE + 16];
	struct rd_addr relay[SAID_RELAY_ADDRS];
	char session[RD_CONN_NAME];	/* what both ends call it, in what they tell */
	char text[256];		/* ended by 0; nothing that rd_log_escape would change */
};

void said_set_address(struct said *s, const struct rd_addr *a);
struct rd_addr said_address(const struct said *s);
/* Escaped where nobody has yet (rd_log_escape), and cut between characters. */
void said_set_text(struct said *s, const char *text);
/* fd -1: none; it stays the caller's. What is sent and received is wiped by who holds it. */
int said_send(int sock, const struct said *s, int fd);
/*
 * 1 and a message; 0 when none waits; negative when the other side is gone
 * (-EPIPE) or says nonsense (-EPROTO). *fd is -1 or the caller's to close.
 */
int said_recv(int sock, struct said *s, int *fd);

#endif
