#!/usr/bin/env bash
# A cap on the rate is kept, and a viewer that does not keep up gets fewer
# pictures, not older ones: what changed meanwhile comes as one.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 320x200
start xterm -geometry 40x10+0+0 -e sh -c 'while :; do date; sleep 0.01; done'
terminal=$pid
view --fps 20
wait_for more_frames_than 10
bye
awk '$1 == "frame" {if (!n++) first = $7; last = $7} END {exit !(last - first >= (n - 1) * 50 - 1)}' "$log" ||
	fail "more than 20 a second: $(cat "$log")"
stop "$terminal"

view
settled
n=$(frames)
kill -STOP "$viewer"
for i in $(seq 100); do xsetroot -solid "#2040$(printf %02x "$i")"; done
kill -CONT "$viewer"
settled
[ $(($(frames) - n)) -lt 100 ] || fail "every picture came, late"
bye

# Nobody acknowledges, and nobody reads: the queue is bounded all the same.
mkfifo pipe
exec 8<>pipe
start rd-capture >pipe 8>&-
capture=$pid
for i in $(seq 100); do xsetroot -solid "#6040$(printf %02x "$i")"; done
memory=$(awk '/^VmHWM/ {print $2}' "/proc/$capture/status")
[ -n "$RD_SAN" ] || [ "$memory" -lt 65536 ] || fail "$memory KiB used"
talk -f late.log <&8 8>&- &
reader=$!
started+=("$reader")
log=late.log
wait_for same
kill "$capture"
wait_end "$capture"
[ "$(frames)" -lt 100 ] || fail "every picture came, late"
exec 8>&-
