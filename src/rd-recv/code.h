#ifndef RD_RECV_CODE_H
#define RD_RECV_CODE_H

#include "net/code.h"
#include "rd-recv/options.h"

/*
 * The one-time code: from the command line, a descriptor, or a person at the
 * terminal. *relay is the name that stands before it, to free, or NULL. 0, or
 * an exit code with what is wrong in why[cap].
 */
int code_take(struct rd_code *c, char **relay, const struct options *o, char *why, size_t cap);

#endif
