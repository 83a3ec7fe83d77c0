#include <errno.h>
#include <sys/prctl.h>
#include <string.h>

#include "base/log.h"
#include "rd-view/confine.h"
#include "rd-view/confine_calls.h"
#include "rd-view/confine_files.h"

void
confine_enter(const struct confine_rules *rules)
{
	/* Both of the following ask for it; alone it is worth having too. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		rd_warn("confinement: no_new_privs: %s", strerror(errno));
	int err = confine_files(rules);
	if (err == -ENOSYS || err == -EOPNOTSUPP)
		rd_info("this kernel has no Landlock: files are not kept from the decoder");
	else if (err)
		rd_warn("confinement: Landlock: %s", strerror(-err));
	err = confine_calls(rules);
	if (err)
		rd_warn("the decoder is not confined, it could open sockets: seccomp: %s",
			strerror(-err));
}
