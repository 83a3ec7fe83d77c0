#ifndef RD_RELAY_ACCOUNTS_H
#define RD_RELAY_ACCOUNTS_H

#include <stdint.h>

#include <sodium.h>

/*
 * Bytes that were forwarded today for each host, by the tag of its key: so they
 * outlive its sessions and its registration, though not the relay. Guarded by
 * core.lock.
 *
 * A host takes a place with the first byte of its day; places of other days are
 * free. There are 65 536 in 1 MiB, in sets of eight by a keyed hash, whatever
 * the number of hosts. Where all of a set are of today the host that has used
 * least is forgotten, and begins at 0 again: the bound is then less strict for
 * small ones and never stricter for anybody, and who wants to be forgotten needs
 * eight others in his set that have used more than he.
 */
#define ACCOUNTS_WAYS 8
#define ACCOUNTS_SETS 8192

struct account { uint32_t tag, day; uint64_t bytes; };	/* bytes 0: free */

struct accounts {
	struct account (*set)[ACCOUNTS_WAYS];
	uint32_t day;		/* today, in days since 1970; a clock that was set may go back */
	uint8_t secret[crypto_shorthash_KEYBYTES];
};

void accounts_init(struct accounts *a);
void accounts_finish(struct accounts *a);
/* Adds them to what that host has used today, and returns that. */
uint64_t accounts_charge(struct accounts *a, uint32_t tag, uint64_t bytes);

#endif
