#!/usr/bin/env bash
# A sound server that is shared with a container: what belongs to processes over there,
# whose numbers mean nothing here, is not taken for left behind.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"
apart=(unshare --pid --fork --kill-child --mount-proc)
"${apart[@]}" true 2>/dev/null || skip "no namespaces for processes"

start_x
start_pulse
voices() { pactl list sinks short | grep -c '	rd_voice_' || true; }
sources() { pactl list sources short | grep -c '	rd_microphone' || true; }
there_are() { [ "$(voices)" -eq "$1" ] && [ "$(sources)" -eq "$1" ]; }
heard=(rd-view --to null --no-control -- rd-encode -- rd-capture --microphone)

start "${heard[@]}"
here=$pid
wait_for there_are 1
start "${apart[@]}" "${heard[@]}"
wait_for there_are 2
# And the other way round.
start "${heard[@]}"
wait_for there_are 3
stop "$here"
wait_for there_are 2
