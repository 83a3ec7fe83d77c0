#ifndef RD_CONTROL_METRICS_TEXT_H
#define RD_CONTROL_METRICS_TEXT_H

#include "base/bytes.h"
#include "control/answer.h"

/*
 * The page: every number and flag of the table is a metric (metric_name.h), with its
 * sentence as HELP; what is not known now is left out. Of the lists that the table
 * describes, each member is one, with a label. Words become labels of rd_…_info,
 * where they are few. Stages
 * are one histogram, rd_stage_seconds, with a label.
 */
void rd_metrics_text(struct rd_buf *b, const struct rd_control_subject *s);

#endif
