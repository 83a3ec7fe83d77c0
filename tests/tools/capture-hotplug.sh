#!/usr/bin/env bash
# Monitors come, go, move and change their sizes, thirty times, while a program paints
# all the time, one viewer sees all of it, one a single monitor, and the pointer obeys: at
# the end each sees what the screen has, byte for byte, through an encoder, too.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
monitors 640x480+0+0 800x600+640+0 640x480+1440+0
off 2
view
all=$log
# What is coded, of one monitor that comes and goes.
: >one.log
mkfifo lines.one
exec 8<>lines.one
talk one.log -- rd-encode -- rd-capture --monitor VNC-1 <&8 2>one.words &
one=$!
started+=("$one")
wait_for grep -q '^frame' one.log
# Text that scrolls across all of them.
start xterm -geometry 330x60+0+0 -e sh -c 'while :; do ls -l /usr/bin /etc; sleep 0.01; done'
painter=$pid
for i in $(seq 30); do
	case $((i % 6)) in
	0) on 2 640x480 1440 0 ;;
	1) off 1 ;;
	2) xrandr --output VNC-1 --mode 800x600 --pos 640x0 --output VNC-2 --mode 640x480 --pos 0x480 ;;
	3) xrandr --output VNC-1 --mode 1024x768 --pos 0x480 --output VNC-2 --off ;;
	4) xrandr --output VNC-0 --mode 800x600 --pos 640x0 --output VNC-1 --mode 640x480 --pos 0x0 ;;
	5) xrandr --output VNC-0 --mode 640x480 --pos 0x0 --output VNC-1 --mode 800x600 --pos 640x0 ;;
	esac
	# Pictures go on; not that each is seen.
	log=$all
	n=$(frames)
	wait_for more_frames_than "$n"
	say pointer $((i * 20)) $((i * 15))
done
stop "$painter"
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
# Now it is where step 0 leaves it: three in a row.
wait_for is_at VNC-2 640x480 1440 0
settled
counts 3 || fail "at the end there are $(last_monitors)"
whole=$(xhash 800 600 640 0)
one_is_right() {
	[ "$(awk '$1 == "frame" {last = $3 " " $6} END {print last}' one.log)" = "$whole" ]
}
wait_for one_is_right
# Five times; what comes and goes within one look was not seen.
gone=$(grep -c '^notice monitor VNC-1 is gone' one.log)
back=$(grep -c '^notice monitor VNC-1 is there again' one.log)
[ "$gone" -ge 1 ] && [ "$gone" -le 5 ] && [ "$back" -eq "$gone" ] ||
	fail "gone $gone times, and back $back times"
echo end >&8
wait_end "$one"
[ "$status" -eq 0 ] || fail "status $status: $(cat one.words)"
bye
if grep -h '^broken' "$all" one.log; then fail "nonsense"; fi
