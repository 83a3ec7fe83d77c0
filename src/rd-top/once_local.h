#ifndef RD_TOP_ONCE_LOCAL_H
#define RD_TOP_ONCE_LOCAL_H

#include "base/bytes.h"
#include "rd-top/model.h"

/* What runs here, as text: appended. */
/* utf8: names may have more than ASCII. */
void once_local_table(struct rd_buf *out, const struct model *m, bool utf8);
void once_local_json(struct rd_buf *out, const struct model *m, double time);

#endif
