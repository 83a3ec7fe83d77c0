#ifndef RD_BASE_IPC_H
#define RD_BASE_IPC_H

#include <stddef.h>
#include <stdint.h>

/*
 * Short messages, each whole, between a tool's monitor and its confined child:
 * a SOCK_SEQPACKET pair. A descriptor may go along. Both ends are ours, but the
 * child may be taken over: the monitor checks what it reads as foreign bytes.
 */
#define RD_IPC_MAX 4096

/* Close-on-exec, blocking. 0 or negative errno. */
int rd_ipc_pair(int fds[static 2]);
/* fd: -1 for none; it stays the caller's. 0 or negative errno (-EPIPE: the other end is gone). */
int rd_ipc_send(int sock, const void *data, size_t len, int fd);
/*
 * The next message: its length; 0: the other end is gone; -EAGAIN when
 * `wait` is 0 and none is there; -EMSGSIZE longer than cap. *fd is -1 or a
 * descriptor for the caller to close.
 */
int rd_ipc_recv(int sock, void *data, size_t cap, int *fd, int wait);

#endif
