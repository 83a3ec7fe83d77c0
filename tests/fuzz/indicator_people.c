#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-indicator/panel.h"

/* Lines of a socket behind which anybody may be, and what is drawn of them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
draw(const struct people *p)
{
	struct panel panel = {0};
	const struct panel_look look = {p, 1, 640, PANEL_NONE, "", true};
	if (p->count > PEOPLE_MAX)
		abort();
	for (unsigned i = 0; i < p->count; i++)
		if (!p->who[i].id || !memchr(p->who[i].name, 0, PEOPLE_NAME))
			abort();
	if (p->count && (panel_draw(&panel, &look) != 0 || panel.end.x + panel.end.w > panel.im.width))
		abort();
	panel_finish(&panel);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct people p = {0};
	while (len > 0) {
		const uint8_t *end = memchr(data, '\n', len);
		size_t n = end ? (size_t)(end - data) : len;
		people_take(&p, (const char *)data, n);
		n += end ? 1 : 0;
		data += n;
		len -= n;
	}
	draw(&p);
	return 0;
}
