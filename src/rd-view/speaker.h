#ifndef RD_VIEW_SPEAKER_H
#define RD_VIEW_SPEAKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "media/sound.h"
#include "rd-view/options.h"

/*
 * The process that has the sound server: a small one beside the viewer, which
 * decodes and may connect to nothing. What it gets from there are samples, which
 * are never parsed, and what it can be told is this. It ends when the viewer
 * closes its end of the pair. It hears a microphone only if the command line
 * said so.
 */
enum speaker_word {
	SPEAKER_OPEN = 1,	/* to it: there is sound; connect */
	SPEAKER_START,		/* to it: pieces will come, when they are wanted */
	SPEAKER_PIECE,		/* to it, or from its microphone */
	SPEAKER_REST,		/* to it: none come now */
	SPEAKER_LISTEN,		/* to it: the microphone is wanted (`yes`) */
	SPEAKER_READY,		/* from it: there is something to play to (`yes`) */
	SPEAKER_WANT,		/* from it: a piece, please, that is heard time_ns from now */
	SPEAKER_QUIET,		/* from its microphone: no pieces follow */
};

struct speaker_msg {
	uint8_t word;		/* enum speaker_word */
	bool yes;
	uint64_t time_ns;	/* of a microphone's piece: CLOCK_MONOTONIC */
	int16_t pcm[RD_SOUND_SAMPLES];	/* PIECE only; of a microphone the first channel's half */
};

struct speaker {
	pid_t pid;	/* 0: none */
	int fd;		/* our end of the pair, or -1 */
};

/* Starts it, before anything else runs in this process. Without one there is no sound. */
void speaker_start(struct speaker *s, const struct options *o);
/* Lets it go, and waits until it has gone; it takes no time. */
void speaker_stop(struct speaker *s);
/* 0 or a negative errno, as rd_ipc_send. Only PIECE has samples. */
int speaker_send(int fd, const struct speaker_msg *m);
/* 1: *m is the next one; 0: the other end is gone; -EAGAIN; -EPROTO. */
int speaker_recv(int fd, struct speaker_msg *m);

#endif
