#ifndef RD_CLIP_CONTENT_H
#define RD_CLIP_CONTENT_H

#include "base/bytes.h"
#include "rd-clip/options.h"
#include "wire/msg_clipboard.h"

/* Standard input and output. Each 0, or an exit code after saying why. */

/* Before anything is done: can that be shown where standard output leads? */
int content_judge(struct options *o);
/* All of standard input, if it is no more than o->max bytes. */
int content_read(struct rd_buf *content, const struct options *o);
/* What was got, or all types that there are. */
int content_write(const struct options *o, const char *type, const uint8_t *data, size_t len);
int content_types(const struct options *o, const struct rd_clip_offer *offer);
/* It is there. */
int content_put(const struct options *o, const char *type, size_t len);

#endif
