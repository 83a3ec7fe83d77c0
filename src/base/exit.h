#ifndef RD_BASE_EXIT_H
#define RD_BASE_EXIT_H

/*
 * What a tool's exit status says; rd-exit(7) is the page for users. Numbers
 * are for ever.
 */
enum rd_exit {
	RD_EXIT_OK = 0,
	RD_EXIT_FAILURE = 1,	/* something else; the line on stderr says what */
	RD_EXIT_USAGE = 2,	/* an option or argument is wrong */
	RD_EXIT_CUT_SHORT = 3,	/* the stream ended without END */
	RD_EXIT_FOREIGN = 4,	/* the input is not an rd stream, or a broken one */
	RD_EXIT_VERSION = 5,	/* the stream has a newer major version */
	RD_EXIT_NO_DISPLAY = 6,	/* no display, or it cannot be opened */
	RD_EXIT_CHOOSE = 7,	/* several displays: name one */
	RD_EXIT_OUTPUT = 8,	/* the reader of our output is gone, or the disk is full */
	RD_EXIT_COMMAND = 9,	/* a command we were to run failed or cannot be found */
	RD_EXIT_INPUT = 10,	/* a file or source cannot be read */
	RD_EXIT_UNSUPPORTED = 11, /* what was asked for is not in this build or machine */
	RD_EXIT_MEMORY = 12,	/* out of memory */
	RD_EXIT_TIMEOUT = 13,	/* a limit of time given by the user has passed */
	RD_EXIT_UNREACHABLE = 14, /* no such host, or nobody answers there */
	RD_EXIT_LOST = 15,	/* the session's network was lost, for good */
	RD_EXIT_REFUSED = 16,	/* the host does not know our key, or turned us away */
	RD_EXIT_RIGHT = 17,	/* our key lacks the right or service asked for */
	RD_EXIT_EXPIRED = 18,	/* our key has expired there, or was removed */
	RD_EXIT_HOST_KEY = 19,	/* the host's key is not the one we know */
	RD_EXIT_UNKNOWN_HOST = 20, /* the host's key is unknown and nobody could be asked */
	RD_EXIT_PASSWORD = 21,	/* wrong password, or none is taken */
	RD_EXIT_TOTP = 22,	/* wrong code of an authenticator */
	RD_EXIT_IDENTITY = 23,	/* a key file of ours cannot be used */
	RD_EXIT_BUSY = 24,	/* the host has as many viewers as it takes */
	RD_EXIT_CODE = 25,	/* the one-time code is wrong */
	RD_EXIT_CODE_BURNT = 26, /* too many wrong ones were tried: it is worth nothing now */
	RD_EXIT_CODE_EXPIRED = 27, /* its time is over, it was used, or there never was one */
	RD_EXIT_NOT_ADMITTED = 28, /* the relay does not serve us: neither join key nor list */
	RD_EXIT_JOIN_KEY = 29,	/* our join key is not that relay's */
	RD_EXIT_HOST_AWAY = 30,	/* the relay is there, the host is not */
	RD_EXIT_DRAINING = 31,	/* the relay is about to end and takes nobody new */
	RD_EXIT_RELAY = 32,	/* the relay cannot be reached, or is no relay */
	RD_EXIT_RELAY_KEY = 33,	/* the relay's key is not the one we know */
	RD_EXIT_NO_DIRECT = 34,	/* --path direct, and there is no direct path */
	RD_EXIT_RELAY_BUSY = 35, /* the relay's limits are reached */
	RD_EXIT_DISPLAY = 36,	/* rd-run's own display did not start, or went */
	RD_EXIT_RECORDING = 37,	/* the command was fine, its recording is not */
	RD_EXIT_MANAGER = 38,	/* no window manager, or it did not come up */
	RD_EXIT_KEEPER = 39,	/* a process of rd-run's own was killed */
	RD_EXIT_NO_SESSION = 40, /* rd-ctl: nothing of ours runs by that name */
	RD_EXIT_SEVERAL = 41,	/* rd-ctl: several do; name one of them */
	RD_EXIT_NOT_DONE = 42,	/* rd-ctl: the program says no to what was asked of it */
	RD_EXIT_NOT_ANSWERED = 43, /* rd-ctl: it does not answer, or ended meanwhile */
	RD_EXIT_CONFIG = 44,	/* the configuration has a mistake in it, or is not to be trusted */
	RD_EXIT_PROFILE = 45,	/* there is no profile of that name */
	RD_EXIT_NO_TESSERACT = 50, /* text is to be read, and tesseract(1) is not installed */
	RD_EXIT_NOTHING = 51,	/* the stream ended, and nothing that was waited for came; or nothing was found */
	RD_EXIT_NO_INPUT = 52,	/* what is to be typed at takes no input from us */
	RD_EXIT_CLIP_EMPTY = 53, /* nothing is in that clipboard, or nothing of that kind */
	RD_EXIT_CLIP_REFUSED = 54, /* that clipboard is not shared in that direction */
	RD_EXIT_CLIP_LARGE = 55, /* more than one of the two lets pass */
	RD_EXIT_BUS = 58,	/* rd-run: no session bus */
	RD_EXIT_DESKTOP = 59,	/* rd-run: there is no desktop to run, or it has failed */
	RD_EXIT_PRIVACY = 60,	/* what was to be hidden, blanked or locked cannot be */
	RD_EXIT_NO_MDNS = 61,	/* hosts are found through Avahi, and it is not there */
	RD_EXIT_TARGET = 100,	/* + n: the nth of what rd-wait waits for came (of the first: 0) */
};

/* The permanent name, "cut-short", "no-display", …; NULL for no code of ours. */
const char *rd_exit_name(int code);

#endif
