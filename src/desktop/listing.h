#ifndef RD_DESKTOP_LISTING_H
#define RD_DESKTOP_LISTING_H

#include <stdbool.h>
#include <stdio.h>

/*
 * What there is to capture: displays, their monitors, their windows; a line
 * each. Columns for people, or an object of JSON:
 *
 *	{"kind":"display","display":":1","x":0,"y":0,"width":640,"height":480,"error":null}
 *	{"kind":"monitor","display":":1","index":0,"name":"DP-1","x":…,"primary":true}
 *	{"kind":"window","display":":1","id":"0x200003","x":…,"title":"xterm"}
 *
 * `display` NULL: $DISPLAY and every display of this machine; those that do
 * not open are listed with the reason. 0 when at least one opens; else -ENXIO
 * or -EACCES with *why, a line for people that the caller frees.
 */
int rd_listing_print(FILE *out, const char *display, bool json, char **why);

#endif
