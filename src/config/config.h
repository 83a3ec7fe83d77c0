#ifndef RD_CONFIG_CONFIG_H
#define RD_CONFIG_CONFIG_H

#include "base/opt.h"

/*
 * The user's configuration, rd-config(5), under a tool's command line.
 *
 * As rd_opt_parse, and the options of the table that no word gives are set from
 * it. Where the first operand, or the value of an option that takes a HOST or
 * SOURCE, names a host of the configuration, that host's address takes its
 * place as far as the tool needs it. What was named (--profile, --config) is
 * handed on in the environment to what the tool starts.
 *
 * Where no file is there it costs an open(2) that fails.
 */
bool rd_config_parse(const struct rd_opt_tool *tool, int argc, char **argv,
	struct rd_opt_rest *rest, int *code);

#endif
