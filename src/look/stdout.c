#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "look/stdout.h"

int
rd_stdout_failed(int error)
{
	if (error == EPIPE)
		rd_error("the reader of standard output is gone");
	else
		rd_error("standard output: %s", strerror(error));
	return RD_EXIT_OUTPUT;
}

int
rd_stdout_check(void)
{
	int err = rd_std_output();
	return err ? rd_stdout_failed(-err) : 0;
}
