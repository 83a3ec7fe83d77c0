#ifndef RD_ENCODE_ENDING_H
#define RD_ENCODE_ENDING_H

#include "rd-encode/flow.h"

/* The source has ended, with END or without. */
void ending_source(struct flow *f, const struct rd_end_msg *end);
/* Everything of it is encoded, and exact: say so and close. */
void ending_drained(struct flow *f);
/* What came back is over: the viewer closed, or only its direction did. */
void ending_viewer(struct flow *f, const struct rd_end_msg *end);
/* Nothing can be written to the viewer any more: 0, or why. */
void ending_output(struct flow *f, int error);
/* Our END has reached the source, or cannot. */
void ending_source_closed(struct flow *f);
/* ^C, or a request to end. */
void ending_signal(struct flow *f, int signal);
/* We cannot go on ourselves. */
void ending_failed(struct flow *f, int error);
/* The time for an orderly end is over. */
void ending_timeout(struct flow *f);

#endif
