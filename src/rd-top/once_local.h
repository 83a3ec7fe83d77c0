#ifndef RD_TOP_ONCE_LOCAL_H
#define RD_TOP_ONCE_LOCAL_H

#include "base/bytes.h"
#include "rd-top/model.h"

/* What runs here, as text: appended. */
/*
 * utf8: names may have more than ASCII. Into so many columns (a terminal's), or 0: as
 * wide as it takes (once_table.c).
 */
void once_local_table(struct rd_buf *out, const struct model *m, bool utf8, unsigned cols);
void once_local_json(struct rd_buf *out, const struct model *m, double time);

#endif
