#ifndef RD_CONTROL_EXPOSITION_H
#define RD_CONTROL_EXPOSITION_H

#include "base/bytes.h"

/*
 * Prometheus's text format 0.0.4, appended to a buffer: all samples of a metric
 * follow its head.
 */
void rd_exposition_head(struct rd_buf *b, const char *name, const char *type, const char *help);
void rd_exposition_put(struct rd_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* key="value", with what the format escapes. */
void rd_exposition_label(struct rd_buf *b, const char *key, const char *value);
/* What every process has: processor time and memory. */
void rd_exposition_process(struct rd_buf *b);

#endif
