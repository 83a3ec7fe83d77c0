#include <string.h>

#include "base/log.h"
#include "rd-view/view.h"

static const struct view_ops *const table[] = {
	&view_window, &view_terminal, &view_png, &view_hash, &view_null,
};

const struct view_ops *
view_find(const char *to, const char **target)
{
	size_t len = strcspn(to, ":");
	*target = to[len] ? to + len + 1 : NULL;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct view_ops *ops = table[i];
		if (strlen(ops->name) != len || strncmp(to, ops->name, len) != 0)
			continue;
		bool wants_target = ops == &view_png;
		if (wants_target == (*target && **target))
			return ops;
		rd_error("--to %s: %s", to, wants_target ? "name the file: png:FILE" : "takes no file");
		return NULL;
	}
	rd_error("--to %s: not one of window, terminal, png:FILE, hash, null", to);
	return NULL;
}
