#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/scopes.h"
#include "config/shape.h"

/* config.yaml: whatever is in it, each mistake names its place, and looking values up ends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
report(void *ctx, char *line)
{
	size_t *count = ctx;
	if (strncmp(line, "f:", 2) != 0 || strchr(line, '\n'))
		abort();
	++*count;
	free(line);
}

/* The walk that the weight bounds. */
static size_t
walk(const struct rd_yaml *n)
{
	size_t sum = 1;
	for (size_t i = 0; i < n->count; i++)
		sum += walk(n->items[i]) + (n->keys ? 1 : 0);
	if (sum != n->weight || (n->kind == RD_YAML_TEXT && !n->text))
		abort();
	return sum;
}

static void
look_up(const struct rd_config *c)
{
	const struct rd_config_scopes s = {.tool = "rd-send", .as = "rd-share",
		.profiles = {"ci", "slow"}, .profile_count = 2, .host = "office"};
	static const char *const options[] = {"relay", "path", "view-only", "key", "log"};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct rd_config_value v;
		if (rd_config_find(c, &s, options[i], &v) && (!v.node || v.rank > RD_CONFIG_OF_ALL))
			abort();
	}
	rd_config_of_host(c, "office", "address");
	rd_config_exists(c, "profiles", "ci");
	rd_config_nearest(c, "hosts", "ofice");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_config c = {.count = 1};
	char *error = NULL;
	size_t mistakes = 0;
	c.files[0].path = xstrdup("f");
	int err = rd_yaml_read(&c.files[0].yaml, "f", (const char *)data, len, &error);
	if ((err != 0) != (error != NULL) || (error && strncmp(error, "f:", 2) != 0))
		abort();
	if (!err) {
		if (c.files[0].yaml.root && walk(c.files[0].yaml.root) > RD_YAML_NODES_MAX)
			abort();
		rd_config_judge(&c, report, &mistakes);
		look_up(&c);
	}
	free(error);
	rd_config_finish(&c);
	return 0;
}
