#!/usr/bin/env bash
# What sounds on the desktop is heard at the viewer: as samples, as Opus, and out
# of a recording; and where nobody wants it nobody records it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x
start_pulse
tone 2 440 >tone.raw

capture_listens() {
	pactl list source-outputs | grep -q 'application.name = "rd-capture"'
}

heard_by() { # argument of rd-view…
	hear ears heard.raw
	local ear=$pid
	start rd-view --to null --sound ears --no-control "$@"
	local view=$pid
	wait_for capture_listens
	play desk tone.raw
	wait_for heard heard.raw 440
	stop "$ear"
	kill "$view"
	wait_end "$view"
	[ "$status" -eq 143 ] || fail "rd-view ended with $status"
	! capture_listens || fail "rd-capture listens though its viewer is gone"
}

heard_by -- rd-capture
heard_by -- rd-encode -- rd-capture
heard_by -- rd-encode --sound-bitrate 32k -- rd-capture --sound desk

# What plays on another sink is none of the desktop's.
hear ears heard.raw
ear=$pid
start rd-view --to null --sound ears --no-control -- rd-encode -- rd-capture --sound ears
view=$pid
wait_for capture_listens
play desk tone.raw
! heard heard.raw || fail "what sounds elsewhere is heard"
stop "$view"
stop "$ear"

# Where it is not wanted nobody listens.
start rd-view --to null --sound off --no-control -- sh -c 'rd-encode -- rd-capture'
view=$pid
wait_for pgrep -P "$view" >/dev/null
play desk tone.raw
! capture_listens || fail "somebody listens where sound is off"
stop "$view"

# In a plain pipeline nobody can say that he listens: it comes at once, and is in a file.
rd-capture --duration 60 >sound.rd &
capture=$!
started+=("$capture")
wait_for capture_listens
play desk tone.raw
kill "$capture"
wait_end "$capture"
rd-encode <sound.rd >small.rd
[ "$(stat -c %s small.rd)" -lt $(($(stat -c %s sound.rd) / 5)) ] || fail "sound is not made smaller"
hear ears heard.raw
ear=$pid
rd-view --sound ears --hold no --no-control small.rd
wait_for heard heard.raw 440
stop "$ear"
