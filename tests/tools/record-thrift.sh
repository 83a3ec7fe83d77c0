#!/usr/bin/env bash
# --max-cpu: where much changes for long there are fewer pictures, and what comes
# to stand is in the film all the same.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
start_x 1280x720

exits 2 rd-record --fps 10 --max-cpu 5 both.webm </dev/null 2>words
grep -q 'max-cpu' words || fail "says: $(cat words)"

# Noise all over is dear.
for n in 0 1 2 3; do
	head -c 8192 /dev/urandom | convert -size 256x256 -depth 1 gray:- "noise$n.xbm"
done
start rd-record --max-cpu 0.1 thin.webm -- rd-capture
wait_for test -s thin.webm
end=$((SECONDS + 5)) i=0
while [ $SECONDS -lt $end ]; do
	xsetroot -bitmap "noise$((i % 3)).xbm"
	i=$((i + 1))
done
xsetroot -bitmap noise3.xbm
rd-shot -o want.png
kill -INT "$pid"
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"
plays thin.webm
# What may be spent ahead is soon gone; then there are two a second.
most=$((30 + 3 * $(seconds thin.webm) / 1000))
[ "$(frames thin.webm)" -le "$most" ] || fail "$(frames thin.webm) pictures, not $most at most"
[ "$(frames thin.webm)" -ge 4 ] || fail "only $(frames thin.webm) pictures"
last_picture thin.webm thin.png
alike thin.png want.png 15
