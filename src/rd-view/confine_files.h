#ifndef RD_VIEW_CONFINE_FILES_H
#define RD_VIEW_CONFINE_FILES_H

#include "rd-view/confine.h"

/* The Landlock part. 0; -ENOSYS or -EOPNOTSUPP where the kernel has none. */
int confine_files(const struct confine_rules *rules);

#endif
