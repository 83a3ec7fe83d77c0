#!/usr/bin/env bash
# --max-bitrate holds, whatever the screen does: in any time a stream has at
# most the bytes of that time and those of one frame.
set -eu
. "$(dirname "$0")/lib.sh"
start_x 640x480
rate=400000
start xterm -geometry 100x35+0+0 -e sh -c 'while :; do head -c 3000 /dev/urandom | od -c; done'
wait_for xdotool search --class xterm
before=$(date +%s%N)
rd-encode --codec none --max-bitrate $rate --stats stats -- rd-capture --duration 4s >out.rd
after=$(date +%s%N)
size=$(stat -c %s out.rd)
# The last frame is owed: its size is unknown, but a screen of text is below 64 KiB.
limit=$((rate * ((after - before) / 1000000) / 8000 + 65536))
[ "$size" -le "$limit" ] || fail "$size bytes, more than $limit: $(cat stats)"
# The ceiling held frames back, it did not stop them.
frames=$(rd-view --to hash out.rd | wc -l)
[ "$frames" -ge 5 ] || fail "only $frames frames"
