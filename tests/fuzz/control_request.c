#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/answer.h"
#include "control/request.h"
#include "control/setting.h"

/* A line of a client: it is answered by one line, whatever it was. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
get_rate(void *ctx, struct rd_json *out)
{
	rd_json_count(out, *(uint64_t *)ctx);
}

static int
set_rate(void *ctx, const char *text, struct rd_control_answer *a)
{
	int err = rd_control_set_rate("max-rate", text, ctx, a);
	return err ? rd_control_refuse(a, err, "\"%s\"", text) : 0;
}

static int
run_say(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)ctx;
	rd_json_put_text(&a->json, "said", argument);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct rd_control_value values[] = {
		{"max-rate", RD_CONTROL_GAUGE, "bit/s", "a rate", get_rate, set_rate},
		{0},
	};
	static const struct rd_control_verb verbs[] = {{"say", "TEXT", "says it", run_say}, {0}};
	static const struct rd_control_table table = {.values = values, .verbs = verbs};
	uint64_t rate = 0;
	struct rd_control_place place = {.fd = -1, .name = "x", .tool = "rd-x", .file = "x.rd-x.1"};
	struct rd_control_subject s = {.place = &place, .table = &table, .ctx = &rate};
	char line[RD_CONTROL_LINE], name[RD_CONTROL_NAME + 1], tool[RD_CONTROL_TOOL + 1];
	struct rd_json out = {0};
	pid_t pid;
	if (len >= sizeof(line))
		return 0;
	memcpy(line, data, len);
	line[len] = 0;
	rd_control_file_parse(line, name, tool, &pid);
	rd_control_answer(&s, line, len, &out);
	/* One line, and nothing in it that a terminal would obey. */
	for (size_t i = 0; i + 1 < out.text.len; i++)
		if (out.text.data[i] < 0x20 || out.text.data[i] == 0x7f)
			abort();
	if (out.text.len < 3 || out.text.data[out.text.len - 1] != '\n')
		abort();
	rd_json_finish(&out);
	return 0;
}
