#ifndef RD_BASE_HTTP_H
#define RD_BASE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

/*
 * As much of HTTP/1.1 as the beginning of a tunnel and pages of metrics need: the
 * head of a request or an answer (RFC 9112), no bodies. Pure. Texts are borrowed
 * from the bytes that were given and end in no zero.
 */
#define RD_HTTP_HEAD_MAX 4096

struct rd_http_text {
	const char *p;
	size_t len;
};

struct rd_http_head {
	struct rd_http_text first;	/* request line or status line */
	struct rd_reader fields;	/* what rd_http_field has not given yet */
};

/*
 * The head that data[0 … len) begins with: its length, the empty line included.
 * -EAGAIN: the rest has still to come; -EPROTO: longer than RD_HTTP_HEAD_MAX,
 * or a first line that is no text.
 */
ssize_t rd_http_head(struct rd_http_head *h, const uint8_t *data, size_t len);
/* The next field: 1; 0: there are no more; -EPROTO: that line is none. */
int rd_http_field(struct rd_http_head *h, struct rd_http_text *name, struct rd_http_text *value);
/* The number of a status line, 100 … 999, and the words after it; or -EPROTO. */
int rd_http_status(struct rd_http_text first, struct rd_http_text *reason);
/* Cuts a request line into its method and its target: the x of its HTTP/1.x, or -EPROTO. */
int rd_http_request(struct rd_http_text first, struct rd_http_text *method,
	struct rd_http_text *target);

/* The same text, whatever the case of its letters. */
bool rd_http_is(struct rd_http_text text, const char *word);
/* Whether a list, "a, b, c", has that word. */
bool rd_http_lists(struct rd_http_text list, const char *word);

#endif
