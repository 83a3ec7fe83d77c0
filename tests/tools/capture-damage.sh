#!/usr/bin/env bash
# What is drawn is seen, exactly, and only what changed is sent.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
xsetroot -solid '#204060'
view
settled
saw '^frame 1 640x480 sync 1 ' || fail "the first frame is no sync point: $(cat "$log")"

# A terminal that writes and scrolls: frames, and none of them whole.
n=$(frames)
cat >scroll <<'EOS'
i=0
while [ $i -lt 200 ]; do i=$((i+1)); echo "line $i"; done
touch written
sleep 1000
EOS
start xterm -geometry 60x20+30+40 -e sh scroll
wait_for test -e written
wait_for more_frames_than "$n"
settled
[ "$(grep -c ' sync ' "$log")" -eq 1 ] || fail "more than the first frame is a sync point"

# Who asks gets everything, though nothing changes.
n=$(frames)
say refresh
wait_for more_frames_than "$n"
tail -n 5 "$log" | grep -q ' sync 1 ' || fail "no sync point: $(tail -n 5 "$log")"
settled

say ping
wait_for saw '^pong$'
bye
