#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "rd-top/output.h"

unsigned
output_width(void)
{
	struct winsize size;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int
output_write(const struct rd_buf *text)
{
	size_t done = 0;
	while (done < text->len) {
		ssize_t n = write(STDOUT_FILENO, text->data + done, text->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (errno == EPIPE)
				rd_error("the reader of standard output is gone");
			else
				rd_error("standard output: %s", strerror(errno));
			return RD_EXIT_OUTPUT;
		}
		done += (size_t)n;
	}
	return 0;
}
