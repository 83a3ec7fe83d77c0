#!/usr/bin/env bash
# A clap, seen and heard: the flash of a window and a click, at the desktop and at the
# viewer. All of them arrive, and sound and picture belong together. (How soon is told,
# and measured by make bench: here a machine may be slow.)
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x 640x480
host=$DISPLAY
start_x 640x480
desk=$DISPLAY
start_pulse

start rd-view --sound ears --fullscreen --no-control -- rd-encode -- rd-capture --display "$host"
DISPLAY=$host clap desk ears "$desk" 20 20 8 >claps
cat claps
whole=$(grep -c '^sound_ms' claps || true)
[ "$whole" -ge 6 ] || fail "only $whole of 8 claps arrived"
# Half of them within half a second, wherever this runs.
sed 's/.*apart_ms=-\{0,1\}//' claps | grep -v lost | sort -n | sed -n "$((whole / 2))p" >median
awk '{ exit !($1 < 500) }' median || fail "sound and picture are $(cat median) ms apart"
