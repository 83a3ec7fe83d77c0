#ifndef RD_BASE_PAUSE_H
#define RD_BASE_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * When accept(2) finds no descriptor or memory left, the connection still waits and
 * its listener would be told again at once, for ever: it is not watched for a second.
 */
struct rd_pause {
	uint64_t since_ns;	/* 0: none */
	uint64_t said_ns;
};

/* What accept has set errno to. True: a pause begins; a line says so, once a minute. */
bool rd_pause_begin(struct rd_pause *p, int error, const char *whom, uint64_t now_ns);
/* True, once: it is over. */
bool rd_pause_over(struct rd_pause *p, uint64_t now_ns);

#endif
