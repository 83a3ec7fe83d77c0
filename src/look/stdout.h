#ifndef RD_LOOK_STDOUT_H
#define RD_LOOK_STDOUT_H

/* Standard output, where what was asked for goes. */

/* It cannot be written to, by that errno: says so, and returns the exit code. */
int rd_stdout_failed(int error);
/* Looks at it beforehand: 0, or an exit code as above. */
int rd_stdout_check(void);

#endif
