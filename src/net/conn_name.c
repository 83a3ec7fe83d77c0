#include <string.h>

#include <sodium.h>

#include "net/conn_priv.h"

/* Of the hash itself nothing is told: somebody may bind something to it one day. */
const char *
rd_conn_name(const struct rd_conn *c, char out[static RD_CONN_NAME])
{
	static const uint8_t purpose[] = "rd session name";
	uint8_t name[(RD_CONN_NAME - 1) / 2], whole[32];
	crypto_generichash(whole, sizeof(whole), c->hash, sizeof(c->hash), purpose,
		sizeof(purpose));
	memcpy(name, whole, sizeof(name));
	return sodium_bin2hex(out, RD_CONN_NAME, name, sizeof(name));
}
