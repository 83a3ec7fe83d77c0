#!/usr/bin/env bash
# Monitors come, go, move and change their sizes, thirty times, while a program paints
# all the time, one viewer sees all of it, moves the pointer and gives one of them other
# sizes, and another sees a single one: at the end each has what the screen has, byte for
# byte, through an encoder, too, and what the viewer did to it is undone.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
monitors 640x480+0+0 800x600+640+0 640x480+1440+0
off 2
view --resize
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
# xrandr fails where the screen has changed since it looked, or a mode; by then it may have
# switched off what it was to move.
failures=0
changed() { # command…
	"$@" || { failures=$((failures + 1)) && return 1; }
}
for i in $(seq 30); do
	case $((i % 6)) in
	0) wait_for changed on 2 640x480 1440 0 ;;
	1) wait_for changed off 1 ;;
	2) wait_for changed xrandr --output VNC-1 --mode 800x600 --pos 640x0 --output VNC-2 --mode 640x480 --pos 0x480 ;;
	3) wait_for changed xrandr --output VNC-1 --mode 1024x768 --pos 0x480 --output VNC-2 --off ;;
	4) wait_for changed xrandr --output VNC-0 --mode 800x600 --pos 640x0 --output VNC-1 --mode 640x480 --pos 0x0 ;;
	5) wait_for changed xrandr --output VNC-0 --mode 640x480 --pos 0x0 --output VNC-1 --mode 800x600 --pos 640x0 ;;
	esac
	# Pictures go on; not that each is seen.
	log=$all
	n=$(frames)
	wait_for more_frames_than "$n"
	say pointer $((i * 20)) $((i * 15))
	say layout $((600 + i * 7)) $((400 + i * 5)) VNC-0
done
stop "$painter"
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
say layout 700 500 VNC-0
wait_for is_at VNC-0 700x500 0 0
settled
counts 3 || fail "at the end there are $(last_monitors)"
read -r x y < <(xrandr | sed -nE 's/^VNC-1 connected [0-9]+x[0-9]+\+([0-9]+)\+([0-9]+) .*/\1 \2/p')
whole=$(xhash 800 600 "$x" "$y")
one_is_right() {
	[ "$(awk '$1 == "frame" {last = $3 " " $6} END {print last}' one.log)" = "$whole" ]
}
wait_for one_is_right
# Five times, and where xrandr was half done; what comes and goes within one look was not seen.
gone=$(grep -c '^notice monitor VNC-1 is gone' one.log) || true
back=$(grep -c '^notice monitor VNC-1 is there again' one.log) || true
[ "$gone" -ge 1 ] && [ "$gone" -le $((5 + failures)) ] && [ "$back" -eq "$gone" ] ||
	fail "gone $gone times, and back $back times"
echo end >&8
wait_end "$one"
[ "$status" -eq 0 ] || fail "status $status: $(cat one.words)"
bye
case $(xrandr | grep '^VNC-0') in
*' 640x480+0+0 '*) ;;
*) fail "at the end it is $(xrandr --listmonitors)" ;;
esac
[ "$(xrandr | grep -c '^ *rd-')" -eq 0 ] || fail "modes are left: $(xrandr)"
if grep -h '^broken' "$all" one.log; then fail "nonsense"; fi
