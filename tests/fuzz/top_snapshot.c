#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-top/layout.h"
#include "rd-top/once_local.h"

/* What a socket answers, of whom nobody knows what it is; and the pages made of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_text(const char *text, size_t cap)
{
	if (!memchr(text, 0, cap))
		abort();
}

static void
show(const struct program *like)
{
	struct model m = {0};
	struct ui u = {0};
	struct grid g;
	struct rd_buf out = {0};
	struct program *p = model_add(&m, "x.rd-view.1");
	p->now = like->now;
	p->answered = true;
	model_look(&m);
	grid_init(&g, 24, 80, false);
	layout_list(&g, &m, &u, "14:03:22");
	layout_one(&g, &m, &u, "14:03:22");
	for (unsigned i = 0; i < g.rows * g.cols; i++)
		if (g.cell[i].point < ' ' || g.cell[i].point > '~')
			abort();
	grid_finish(&g);
	once_local_json(&out, &m, 0);
	once_local_table(&out, &m, false, 0);
	once_local_table(&out, &m, false, 40);
	rd_buf_finish(&out);
	model_finish(&m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct program p = {0};
	char why[160];
	const char *text = (const char *)data;
	snapshot_clear(&p.now);
	int err = snapshot_parse(&p.now, text, len);
	if (err != 0 && err != -EPROTO)
		abort();
	if (p.now.peers > SNAPSHOT_PEERS || p.now.stages > SNAPSHOT_STAGES)
		abort();
	check_text(p.now.name, sizeof(p.now.name));
	check_text(p.now.tool, sizeof(p.now.tool));
	check_text(p.now.state, sizeof(p.now.state));
	if (!err)
		show(&p);
	snapshot_parse_help(text, len, p.verb, p.settable);
	snapshot_parse_answer(text, len, why, sizeof(why));
	check_text(why, sizeof(why));
	return 0;
}
