#include <stddef.h>

#include "base/exit.h"

static const char *const names[] = {
	[RD_EXIT_OK] = "ok",
	[RD_EXIT_FAILURE] = "failure",
	[RD_EXIT_USAGE] = "usage",
	[RD_EXIT_CUT_SHORT] = "cut-short",
	[RD_EXIT_FOREIGN] = "foreign",
	[RD_EXIT_VERSION] = "version",
	[RD_EXIT_NO_DISPLAY] = "no-display",
	[RD_EXIT_CHOOSE] = "choose",
	[RD_EXIT_OUTPUT] = "output",
	[RD_EXIT_COMMAND] = "command",
	[RD_EXIT_INPUT] = "input",
	[RD_EXIT_UNSUPPORTED] = "unsupported",
	[RD_EXIT_MEMORY] = "memory",
	[RD_EXIT_TIMEOUT] = "timeout",
	[RD_EXIT_UNREACHABLE] = "unreachable",
	[RD_EXIT_LOST] = "lost",
	[RD_EXIT_REFUSED] = "refused",
	[RD_EXIT_RIGHT] = "right",
	[RD_EXIT_EXPIRED] = "expired",
	[RD_EXIT_HOST_KEY] = "host-key",
	[RD_EXIT_UNKNOWN_HOST] = "unknown-host",
	[RD_EXIT_PASSWORD] = "password",
	[RD_EXIT_TOTP] = "totp",
	[RD_EXIT_IDENTITY] = "identity",
	[RD_EXIT_BUSY] = "busy",
	[RD_EXIT_CODE] = "code",
	[RD_EXIT_CODE_BURNT] = "code-burnt",
	[RD_EXIT_CODE_EXPIRED] = "code-expired",
	[RD_EXIT_NOT_ADMITTED] = "not-admitted",
	[RD_EXIT_JOIN_KEY] = "join-key",
	[RD_EXIT_HOST_AWAY] = "host-away",
	[RD_EXIT_DRAINING] = "draining",
	[RD_EXIT_RELAY] = "relay",
	[RD_EXIT_RELAY_KEY] = "relay-key",
	[RD_EXIT_NO_DIRECT] = "no-direct",
	[RD_EXIT_RELAY_BUSY] = "relay-busy",
	[RD_EXIT_DISPLAY] = "display",
	[RD_EXIT_RECORDING] = "recording",
	[RD_EXIT_MANAGER] = "window-manager",
	[RD_EXIT_KEEPER] = "keeper",
	[RD_EXIT_NO_SESSION] = "no-session",
	[RD_EXIT_SEVERAL] = "several",
	[RD_EXIT_NOT_DONE] = "not-done",
	[RD_EXIT_NOT_ANSWERED] = "not-answered",
	[RD_EXIT_CONFIG] = "config",
	[RD_EXIT_PROFILE] = "profile",
	[RD_EXIT_NO_TESSERACT] = "no-tesseract",
	[RD_EXIT_NOTHING] = "nothing",
	[RD_EXIT_NO_INPUT] = "no-input",
	[RD_EXIT_CLIP_EMPTY] = "clipboard-empty",
	[RD_EXIT_CLIP_REFUSED] = "clipboard-refused",
	[RD_EXIT_CLIP_LARGE] = "clipboard-large",
	[RD_EXIT_BUS] = "session-bus",
	[RD_EXIT_DESKTOP] = "desktop",
	[RD_EXIT_PRIVACY] = "privacy",
	[RD_EXIT_NO_MDNS] = "no-mdns",
};

const char *
rd_exit_name(int code)
{
	if (code < 0 || (size_t)code >= sizeof(names) / sizeof(names[0]))
		return NULL;
	return names[code];
}
