#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/confine.h"
#include "base/confine_calls.h"
#include "base/confine_files.h"

void
rd_confine(const struct rd_confine_rules *rules)
{
	/* Both of the following ask for it; alone it is worth having too. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		rd_warn("confinement: no_new_privs: %s", strerror(errno));
	struct rd_confine_rules calls = *rules;
	int err = rd_confine_files(rules);
	if (err)
		calls.remove_dir = -1;
	if (err == -ENOSYS || err == -EOPNOTSUPP)
		rd_info("this kernel has no Landlock: files are not kept from a confined process");
	else if (err)
		rd_warn("confinement: Landlock: %s", strerror(-err));
	err = rd_confine_calls(&calls);
	if (err)
		rd_warn("this process is not confined: seccomp: %s",
			strerror(-err));
}

void
rd_confine_descriptors(int keep)
{
	rd_confine_descriptors_but(keep, -1);
}

void
rd_confine_descriptors_but(int keep, int also)
{
	const int both[] = {keep, also};
	rd_confine_descriptors_keep(both, 2);
}

/* The smallest of them that is not below `from`; -1: there is none. */
static int
next_of(const int *keep, unsigned count, int from)
{
	int next = -1;
	for (unsigned i = 0; i < count; i++)
		if (keep[i] >= from && (next < 0 || keep[i] < next))
			next = keep[i];
	return next;
}

void
rd_confine_descriptors_keep(const int *keep, unsigned count)
{
	int first = STDERR_FILENO + 1, next;
	while ((next = next_of(keep, count, first)) >= 0) {
		if (next > first)
			close_range((unsigned)first, (unsigned)next - 1, 0);
		first = next + 1;
	}
	close_range((unsigned)first, ~0u, 0);
}

void
rd_confine_stdio(bool in, bool out, bool err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return;
	if (in)
		dup2(null, STDIN_FILENO);
	if (out)
		dup2(null, STDOUT_FILENO);
	if (err)
		dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}
