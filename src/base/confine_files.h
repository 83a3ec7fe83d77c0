#ifndef RD_BASE_CONFINE_FILES_H
#define RD_BASE_CONFINE_FILES_H

#include "base/confine.h"

/* The Landlock part. 0; -ENOSYS or -EOPNOTSUPP where the kernel has none. */
int rd_confine_files(const struct rd_confine_rules *rules);

#endif
