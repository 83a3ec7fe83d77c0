#ifndef RD_BASE_STD_H
#define RD_BASE_STD_H

/*
 * Descriptors 0 to 2 belong to whoever started us. One that is closed would
 * be taken by our first socket or file, and what we print would go there.
 */

/*
 * Fills those that are closed, so that reading or writing one fails as before
 * (EBADF); and ignores SIGPIPE. The first thing a program does.
 */
void rd_std_open(void);
/*
 * Whether standard output takes what is written: 0, or a negative errno when
 * it was closed, its reader is gone or its device is full. For those who spend
 * something (a code of one use) before they have anything to write.
 */
int rd_std_output(void);

#endif
