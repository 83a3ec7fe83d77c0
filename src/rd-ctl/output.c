#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "rd-ctl/verbs.h"

int
output_flush(void)
{
	/* What was longer than the buffer may have failed before, and is forgotten. */
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return RD_EXIT_OK;
	if (errno == EPIPE)
		rd_error("the reader of standard output is gone");
	else
		rd_error("standard output: %s", errno ? strerror(errno) : "not all could be written");
	return RD_EXIT_OUTPUT;
}
