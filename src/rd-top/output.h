#ifndef RD_TOP_OUTPUT_H
#define RD_TOP_OUTPUT_H

#include "base/bytes.h"

/* Columns of the terminal that standard output is; 0: it is none. */
unsigned output_width(void);
/* All of it to standard output, at once. 0, or an exit status, told. */
int output_write(const struct rd_buf *text);

#endif
