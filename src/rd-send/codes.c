#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-send/monitor.h"

/* Codes of an authenticator that a session may try … */
#define TRIES 3
/* … and wrong ones of all sessions together before none is taken for a while. */
#define WRONG 10
#define SHUT_NS (900 * RD_NS_PER_S)

int
codes_wanted(struct monitor *m)
{
	struct rd_totp fresh;
	int err = rd_totp_load(m->opt->totp, &fresh);
	if (err == 0 && sodium_memcmp(fresh.secret, m->totp.secret, sizeof(fresh.secret)) != 0)
		m->totp = fresh;
	sodium_memzero(&fresh, sizeof(fresh));
	if (err && err != -ENOENT)
		rd_error("%s: %s", m->opt->totp, strerror(-err));
	return err == -ENOENT ? 0 : err ? err : 1;
}

int
codes_check(struct peer *p, const char *text)
{
	struct monitor *m = p->monitor;
	if (codes_wanted(m) != 1 || rd_clock_ns() < m->totp_shut_ns)
		return -EBUSY;
	if (rd_totp_check(&m->totp, text, rd_clock_wall_ns() / RD_NS_PER_S) == 0) {
		m->totp_wrong = 0;
		return 0;
	}
	if (++m->totp_wrong >= WRONG) {
		m->totp_wrong = 0;
		m->totp_shut_ns = rd_clock_ns() + SHUT_NS;
		rd_warn("too many wrong codes: none is taken for %d minutes",
			(int)(SHUT_NS / RD_NS_PER_S / 60));
	}
	return ++p->tries < TRIES ? -EAGAIN : -EACCES;
}
