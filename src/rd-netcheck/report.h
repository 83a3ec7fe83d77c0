#ifndef RD_NETCHECK_REPORT_H
#define RD_NETCHECK_REPORT_H

#include "rd-netcheck/probe.h"

/* Prints what was found. The exit status that says it. */
int report(const struct finding *f, bool json);
/* What it means for sessions with others, a sentence. */
const char *report_outlook(const struct finding *f);

#endif
