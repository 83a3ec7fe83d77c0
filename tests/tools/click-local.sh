#!/usr/bin/env bash
# rd-click at a display here: places, buttons, double clicks, drags, the wheel,
# with keys held; in a window; and what rd-wait found.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

one_line() { # status, text, command…
	local want=$1 text=$2
	shift 2
	exits "$want" "$@" 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $* ($(cat words))"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
}

start_x 640x480
start_xkeys
clicked() { # what arrived, without motion
	[ "$(grep -v '^motion' keys | tr '\n' ';')" = "$1" ]
}
does() { # expected, argument…
	local want=$1
	shift
	: >keys
	exits 0 rd-click "$@" </dev/null
	wait_for clicked "$want"
}
does 'button 1 down at 50 60 state 0x0;button 1 up;' 50,60
does 'button 3 down at 50 60 state 0x0;button 3 up;' -b right
does 'button 1 down at 120 210 state 0x0;button 1 up;' 40x20+100+200
does 'button 1 down at 9 9 state 0x0;button 1 up;button 1 down at 9 9 state 0x0;button 1 up;' --double 9,9
does 'button 4 down at 9 9 state 0x0;button 4 up;button 4 down at 9 9 state 0x0;button 4 up;' --wheel 2
does 'button 7 down at 30 9 state 0x0;button 7 up;' --wheel-x 1 30,9
does '' --move 200,100
wait_for arrived 'motion 200 100'
does 'key 37 down 0xffe3 state 0x0 text ;button 1 down at 20 20 state 0x4;button 1 up;key 37 up;' \
	--with ctrl --drag 90,80 20,20
[ "$(grep -c '^motion' keys)" -gt 5 ] && arrived 'motion 90 80' || fail "no drag: $(cat keys)"
[ "$(sed -n '/button 1 up/q;p' keys | tail -n 1)" = 'motion 90 80' ] || fail "let go elsewhere: $(cat keys)"
# Held for longer than a silent viewer's would be.
does 'button 1 down at 1 1 state 0x0;button 1 up;' --drag 40,40 1,1 --delay 250ms
stop "$xkeys"

# In a window, and on what was found.
xsetroot -solid '#204060'
start xterm -bw 0 -T 'a window' -geometry 30x10+50+60 -e sh -c 'sleep 1000'
mapped() { xwininfo -name 'a window' 2>/dev/null | grep -q IsViewable; }
wait_for mapped
rd-click --move -w 'a window' 7,8
x=$(xwininfo -name 'a window' | sed -n 's/.*Absolute upper-left X: *//p')
y=$(xwininfo -name 'a window' | sed -n 's/.*Absolute upper-left Y: *//p')
xdotool getmouselocation | grep -q "^x:$((x + 7)) y:$((y + 8)) " ||
	fail "$(xdotool getmouselocation) is not 7,8 from $x,$y"
convert -size 40x20 gradient:red-blue -depth 8 PNG24:button.png
start display -geometry +400+300 -immutable button.png
rd-wait -i button.png -t 60s >found
read -r place rest <found
rd-click --move "$place"
middle=$(sed -E 's/^([0-9]+)x([0-9]+)\+([0-9]+)\+([0-9]+) .*/\1 \2 \3 \4/' found)
read -r w h x y <<<"$middle"
xdotool getmouselocation | grep -q "^x:$((x + w / 2)) y:$((y + h / 2)) " || fail "$(xdotool getmouselocation)"

one_line 2 'is no place' rd-click here
one_line 2 'is no place' rd-click 1,2 3,4
one_line 2 'one at a time' rd-click --double --move 1,2
one_line 2 'where is the pointer to go' rd-click --move
one_line 2 'joined by' rd-click --with ctrl+t 1,2
one_line 2 'a place is' rd-click --drag x 1,2
one_line 10 'no window called "no such"' rd-click -w 'no such' 1,1
one_line 10 '640,9 is no place in 640x480' rd-click 640,9
one_line 10 'is no place in' rd-click -w 'a window' 9,400
one_line 6 'display :65000' rd-click -d :65000 1,1
one_line 52 'takes no input from us' rd-click 1,1 -- rd-capture --view-only
