#!/usr/bin/env bash
# A change of resolution is followed without a restart: the next frame is a
# whole one of the new size. Likewise one monitor that moves or grows.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_xvnc 640x480
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
view
settled
for size in 800x600 640x480 1024x768; do
	xrandr -s "$size"
	wait_for saw "^frame [0-9]+ $size sync "
	settled
done
# Windows drawn while it shrinks and grows do no harm.
start xterm -geometry 100x40+200+200 -e sh -c 'while :; do date; sleep 0.01; done'
terminal=$pid
for size in 640x480 800x600 640x480 1024x768 640x480 800x600; do
	xrandr -s "$size"
done
stop "$terminal"
settled
bye

# Two monitors side by side; the second is captured.
xrandr --setmonitor left 400/100x600/100+0+0 VNC-0 --setmonitor right 400/100x600/100+400+0 none
rd-capture --display "$DISPLAY" --list >list
grep -Eq '^monitor +:[0-9]+ +right +400x600\+400\+0' list || fail "no monitor \"right\": $(cat list)"
view --monitor right
wait_for saw '^frame 1 400x600 sync'
wait_for same 400 600 400 0
xdotool mousemove 500 50
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#204060' -bg '#e0c080'
wait_for same 400 600 400 0
wait_for saw '^pointer 100 50 1$'
xrandr --delmonitor right --setmonitor right 300/100x200/100+100+100 none
wait_for saw '^frame [0-9]+ 300x200 sync'
wait_for same 300 200 100 100
bye

exits 10 rd-capture --monitor nonesuch >/dev/null 2>words
grep -q 'it has: .*left' words || fail "$(cat words)"
