#!/usr/bin/env bash
# The same as keyboard-*.sh over a session by keys: each layout to and from the
# next, in both modes, changed while it runs.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-keyboard.sh"

# In the place of lib-desktop.sh's, by pipes.
session() {
	person ann
	admit ann
	DISPLAY=$host host_up --once -- rd-encode -- rd-capture
	rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" \
		"$(rd-key --config "$hostdir" 2>/dev/null)"
	sessions=$((sessions + 1))
	start env DISPLAY="$desk" rd-view --title "session $sessions" --config "$TMPDIR/of-ann" \
		"$@" --host "127.0.0.1:$port"
	viewer=$pid
}

begin_keyboards --name keys
ring keys/rd-view
close_session
