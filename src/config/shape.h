#ifndef RD_CONFIG_SHAPE_H
#define RD_CONFIG_SHAPE_H

#include "config/file.h"

/*
 * Whether the files are of the form of rd-config(5): every key is one that is
 * known, every value of a kind that can be one. Values themselves are judged by
 * the tool whose they are. Reports each mistake with its place.
 */
void rd_config_judge(const struct rd_config *c, rd_config_report *report, void *ctx);

#endif
