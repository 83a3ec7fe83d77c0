#ifndef RD_VIEW_TERMINAL_KEYS_H
#define RD_VIEW_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "rd-view/terminal_input.h"

/*
 * Linux's number of a key (KEY_A is 30) as a terminal names it; 0: not known.
 * Characters are taken for those of a US keyboard, which is what kitty's
 * protocol tells of other layouts.
 */
uint16_t terminal_keys_code(const struct terminal_event *e);
/* What it means, as an X11 keysym; 0: nothing. */
uint32_t terminal_keys_meaning(const struct terminal_event *e);

#endif
