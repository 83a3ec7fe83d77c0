#ifndef TESTS_RD_TOP_WORLD_H
#define TESTS_RD_TOP_WORLD_H

#include <stdio.h>
#include <string.h>

#include "rd-top/model.h"

/* A model with programs as their sockets tell them. */

static inline struct program *
world_add(struct model *m, const char *file, const char *json)
{
	struct program *p = model_add(m, file);
	assert_non_null(p);
	assert_int_equal(snapshot_parse(&p->now, json, strlen(json)), 0);
	p->answered = true;
	return p;
}

/* Everything that a host tells of one viewer, and that a viewer has. */
#define WORLD_RECV "{\"ok\":true,\"name\":\"office\",\"tool\":\"rd-recv\",\"pid\":101,\"leader\":100," \
	"\"uptime\":187.0,\"state\":\"streaming\",\"peer\":\"office.example.org\",\"session\":\"abcdefghijklmnop\"," \
	"\"rights\":\"view, sound, input\",\"path\":\"direct\",\"path_policy\":\"auto\",\"how\":\"punched\"," \
	"\"why\":null,\"address\":\"198.51.100.7:40122\",\"rtt_ms\":23.8,\"loss\":0.002," \
	"\"rate_in\":3500000,\"rate_out\":12400,\"fps\":30.0,\"max_bitrate\":0}"
#define WORLD_VIEW "{\"ok\":true,\"name\":\"office\",\"tool\":\"rd-view\",\"pid\":100,\"leader\":100," \
	"\"uptime\":188.0,\"state\":\"showing\",\"width\":1920,\"height\":1080,\"fps\":29.0,\"latency_ms\":32.1," \
	"\"decode_ms\":2.05,\"show_ms\":1.77,\"kinds\":{\"copy\":{\"pixels\":120},\"exact\":{\"pixels\":300}," \
	"\"video\":{\"pixels\":580},\"raw\":{\"pixels\":0}}}"
#define WORLD_SEND "{\"ok\":true,\"name\":\"share\",\"tool\":\"rd-send\",\"pid\":200,\"leader\":200," \
	"\"uptime\":90000.0,\"state\":\"serving\",\"peer\":\"2\",\"path\":\"auto\",\"rate_out\":812000," \
	"\"rate_in\":1000,\"max_bitrate\":2000000,\"sessions\":[{\"viewer\":1,\"peer\":\"alice\"," \
	"\"rights\":\"view, input\",\"path\":\"relay\",\"why\":\"no hole\",\"rtt_ms\":41.0,\"loss\":0.013," \
	"\"rate_out\":800000,\"session\":\"qrstuvwxyzabcdef\"},{\"viewer\":2," \
	"\"peer\":\"b\\u00fcro \\u65e5\\u672c\\u202e\\u001b[31m\",\"rights\":\"view\",\"path\":\"direct\"," \
	"\"rtt_ms\":3.0,\"loss\":0,\"rate_out\":12000}]}"

static inline void
world_fill(struct model *m)
{
	struct program *p = world_add(m, "office.rd-recv.101", WORLD_RECV);
	p->settable[SET_BITRATE] = p->settable[SET_PATH] = true;
	p->verb[VERB_PAUSE] = p->verb[VERB_RESUME] = p->verb[VERB_END] = p->verb[VERB_REFRESH] = true;
	world_add(m, "office.rd-view.100", WORLD_VIEW);
	p = world_add(m, "share.rd-send.200", WORLD_SEND);
	p->verb[VERB_END] = true;
	p = model_add(m, "stuck.rd-view.300");
	snprintf(p->now.name, sizeof(p->now.name), "stuck");
	snprintf(p->now.tool, sizeof(p->now.tool), "rd-view");
	p->now.pid = 300;
	p->hangs = true;
	model_look(m);
}

#endif
