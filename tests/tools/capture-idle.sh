#!/usr/bin/env bash
# A still screen costs nothing: not one voluntary context switch, not one byte.
# (A count over some seconds, not a time.)
# alone: what seems at rest beside others may only not have had its turn yet
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
view --fps 30 --resize
settled
wait_for saw '^pointer'
capture=$(pgrep -P "$viewer" -f rd-capture)
switches() { awk '/^voluntary_ctxt_switches/ {print $2}' "/proc/$capture/status"; }

# What the last change left to do is over when two looks see the same.
quiet() { local a; a=$(switches); sleep 0.2; [ "$(switches)" -eq "$a" ]; }
wait_for quiet
before=$(switches) lines=$(wc -l <"$log")
sleep 3
after=$(switches)
[ "$after" -eq "$before" ] || fail "$((after - before)) wake-ups in 3 s of a still screen"
[ "$(wc -l <"$log")" -eq "$lines" ] || fail "messages about nothing: $(tail -n 3 "$log")"

# And it is not dead.
xsetroot -solid '#604020'
settled
bye
