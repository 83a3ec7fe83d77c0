/* Prints every exit code of ours and its name, as tests of rd-exit(7) need them. */
#include <stdio.h>

#include "base/exit.h"

int
main(void)
{
	for (int code = 0; code < 256; code++)
		if (rd_exit_name(code))
			printf("%d %s\n", code, rd_exit_name(code));
	return 0;
}
