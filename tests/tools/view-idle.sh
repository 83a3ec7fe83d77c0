#!/usr/bin/env bash
# Nothing changes, nothing runs: neither the viewer nor its guard wakes up.
# alone: a second without a wake-up is rest only where nobody else wants the cores
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
[ -z "$RD_SAN" ] || skip "sanitizers have threads of their own"
start_x 800x600

wakes() {
	cat "/proc/$viewer/status" "/proc/$decoder/status" |
		awk '/^(non)?voluntary_ctxt/ { n += $2 } END { print n }'
}

# Focus, mapping and figures take a few seconds to come to rest.
at_rest() {
	local before
	before=$(wakes)
	sleep 1
	[ "$(wakes)" = "$before" ]
}

for options in "--stats" "--view-only" "--fullscreen" "--monitor each"; do
	# shellcheck disable=SC2086
	open_view $options
	tell "monitors left 200x300 0 0 right 200x300 200 0"
	tell "frame 400 300 336699"
	tell "shape 10 10 0 0"
	wait_log '^ack 1'
	wait_window
	focus
	decoder=$(decoder_of "$viewer")
	wait_for at_rest
	before=$(wakes) bytes=$(stat -c %s "$log")
	sleep 5
	[ "$(wakes)" = "$before" ] || fail "$options: $(($(wakes) - before)) wake-ups in 5 s"
	[ "$(stat -c %s "$log")" = "$bytes" ] || fail "$options: something was sent"
	stop "$viewer"
done
