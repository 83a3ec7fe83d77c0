#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-relay/config.h"

/* The configuration file of rd-relay: whatever is in it, an error names its place. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int
take_host(void *target, const char *text, const char **error)
{
	unsigned *hosts = target;
	*error = "not a key";
	++*hosts;
	return strncmp(text, "rd:", 3) == 0 ? 0 : -1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const command_only[] = {"check", NULL}, *const policies[] = {"a", "b", NULL};
	const char *listen = "", *audit = "";
	bool open = false, check = false;
	int64_t threads = 0, peers = 5;
	uint64_t rate = 0, drain = 0;
	int policy = 0;
	unsigned hosts = 0;
	const struct rd_opt opts[] = {
		{"listen", 0, RD_OPT_STRING, &listen, .metavar = "[ADDR]:PORT[,...]"},
		{"audit", 0, RD_OPT_STRING, &audit, .metavar = "FILE"},
		{"open", 0, RD_OPT_FLAG, &open, .metavar = NULL},
		{"check", 0, RD_OPT_FLAG, &check, .metavar = NULL},
		{"threads", 0, RD_OPT_INT, &threads, .max = 64},
		{"drain", 0, RD_OPT_TIME, &drain, .max = 100},
		{"policy", 0, RD_OPT_CHOICE, &policy, .choices = policies},
		{"hosts", 0, RD_OPT_CALL, &hosts, .metavar = "KEY[,...]", .set = take_host},
		{0},
	};
	const struct rd_opt limits[] = {
		{"peers", 0, RD_OPT_INT, &peers, .min = 1, .max = 100},
		{"rate", 0, RD_OPT_RATE, &rate, .metavar = NULL},
		{0},
	};
	const struct config_table t = {opts, limits, command_only};
	struct config c = {0};
	char *error = NULL;
	int err = config_parse(&c, &t, "f", (const char *)data, len, &error);
	if ((err != 0) != (error != NULL) || (error && strncmp(error, "f:", 2) != 0))
		abort();
	if (threads > 64 || peers < 1 || peers > 100 || check || strlen(listen) > 2 * len ||
			strlen(audit) > len)
		abort();
	free(error);
	config_finish(&c);
	return 0;
}
