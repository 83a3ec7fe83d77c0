/*
 * The code that an authenticator shows now, for tests.
 *
 *	totp FILE [STEPS]	of the secret in that `totp` file, so many steps on
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/totp.h"

int
main(int argc, char **argv)
{
	struct rd_totp t;
	if (argc < 2 || sodium_init() < 0 || rd_totp_load(argv[1], &t))
		return 1;
	uint64_t step = rd_clock_wall_ns() / RD_NS_PER_S / RD_TOTP_STEP_S;
	if (argc > 2)
		step += strtoull(argv[2], NULL, 10);
	printf("%06" PRIu32 "\n", rd_totp_code(&t, step));
	return 0;
}
