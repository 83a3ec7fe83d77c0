#ifndef RD_DESKTOP_XAUTH_H
#define RD_DESKTOP_XAUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * The cookies of an Xauthority file (Xsecurity(7), Xau(3)): what a client
 * shows an X server to be let in. Only MIT-MAGIC-COOKIE-1 and only those for
 * displays of this machine. Hosts' names are not compared: a machine's name
 * changes during a session, and a cookie that is wrong opens nothing.
 */
#define RD_XAUTH_COOKIE "MIT-MAGIC-COOKIE-1"
#define RD_XAUTH_MAX 64 /* bytes of a cookie; the servers' have 16 */

struct rd_xauth_cookie {
	int display;	/* its number, or -1: any */
	uint8_t len;
	uint8_t data[RD_XAUTH_MAX];
};

/*
 * The cookie at or after *offset of a file's bytes; *offset moves behind it.
 * false at the end, and at the first entry that is cut short or makes no sense.
 */
bool rd_xauth_next(const uint8_t *file, size_t len, size_t *offset, struct rd_xauth_cookie *c);
/*
 * An entry of such a file, behind what is in `b`: for displays of the machine
 * whose name is `host`, or of any where that is NULL.
 */
void rd_xauth_put(struct rd_buf *b, const char *host, const struct rd_xauth_cookie *c);

#endif
