#include "base/version.h"

/* RD_VERSION and RD_COMMIT come from the Makefile. */
const char rd_version[] = RD_VERSION " (" RD_COMMIT ")";
