#ifndef RD_ENCODE_FEEDBACK_H
#define RD_ENCODE_FEEDBACK_H

#include "wire/link.h"

/* What comes back from the viewer: the link below; ctx is the struct flow. */
extern const struct rd_link_ops feedback_ops;

#endif
