#ifndef RD_SEND_VIEWER_H
#define RD_SEND_VIEWER_H

#include "rd-send/session.h"

/* The producer's HELLO, as this viewer may have it. */
void viewer_greet(struct session *s);
/* A message of the stream. 0, or -EPROTO when the producer makes nonsense. */
int viewer_down(struct session *s, const struct rd_msg *m);
/* A message from it, judged by its rights. 0, or -EPROTO. */
int viewer_up(struct session *s, const struct rd_msg *m);
/* Of what it was sent, these will not arrive. */
void viewer_lost(struct session *s, uint8_t channel, uint32_t first, uint32_t last);
/* There is room for more after it was busy. */
void viewer_room(struct session *s);
/* Whether this answers a ping of it. */
bool viewer_pinged(struct session *s, const struct rd_msg *pong);

#endif
