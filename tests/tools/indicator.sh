#!/usr/bin/env bash
# While somebody is connected the host's display says who; a click and keys pause, go on
# and send off, whatever the viewer does with the pointer; it is gone when nobody is there,
# moves where it is dragged, and whoever kills it ends no session.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
command -v xdotool >/dev/null || skip "no xdotool"

start_x 900x400
person ann
admit ann
person bob
admit bob --view-only
state() { [ "$(rd-ctl desk get state)" = "$1" ]; }
window() { xdotool search --onlyvisible --name '^rd-indicator$' 2>/dev/null; }
hidden() { ! window >/dev/null; }
geometry() { xdotool getwindowgeometry "$(window)" | sed -n 's/^  \(Position\|Geometry\): \([0-9,x]*\).*/\2/p' | paste -sd' '; }
# Its colours: a spot while somebody sees, bars while paused.
has_colour() {
	rd-shot --display "$DISPLAY" -o shot.png && [ "$(convert shot.png txt:- | grep -ic "$1")" -gt 20 ]
}
have convert || has_colour() { :; }

host_up --name desk --indicator -- rd-encode -- rd-capture
started_it() { indicator=$(pgrep -P "$sender" -x rd-indicator); }
wait_for started_it
# It has its window by now, though nobody sees it.
wait_for xdotool search --name '^rd-indicator$' >/dev/null
hidden || fail "shown, and nobody is there"

watch ann
ann=$viewer
wait_for window >/dev/null
wait_for has_colour '#e5484d'
one=$(geometry)
one=${one#* }
watch bob
bob=$viewer
# A line more.
higher() { [ "$(geometry | sed 's/.*x//')" -gt "${one#*x}" ]; }
wait_for higher
stop "$bob"
as_before() { [ "$(geometry | sed 's/.* //')" = "$one" ]; }
wait_for as_before

# Above whatever covers it.
start xterm -geometry 200x40+0+0 -e sh -c 'stty raw -echo; exec cat >typed'
on_top() { [ "$(xdotool mousemove 450 8 getmouselocation --shell | sed -n 's/^WINDOW=//p')" = "$(window)" ]; }
wait_for on_top

# By a click: the buttons are at the right of the first line, where the colours say.
press() { # how many letters of 12 pixels from the right end of the text the button begins
	local x
	x=$(geometry)
	x=$((${x%%,*} + $1))
	xdotool mousemove $x 18 click 1
}
# ann sees, hears and controls this desktop: 41 letters, after two and five pixels' margins.
button_pause=$((2 * 10 + 2 * 12 + 41 * 12 + 10 + 20))
press $button_pause
wait_for state paused
wait_for has_colour '#f5b82e'
# paused: ann sees nothing: 24 letters.
press $((button_pause - 17 * 12))
wait_for state serving

# By a key, while the viewer moves the pointer about and holds a button down.
say ann pointer 20 300
say ann button 1 1
chord() { # state that is then
	xdotool key ctrl+alt+shift+p
	wait_for state "$1"
}
chord paused
chord serving
say ann button 1 0
# Other keys that a viewer holds do not stop it, nor a program that has taken the keyboard
# (an open menu, a screen lock), nor one that wants the same key.
for key in Super_L ISO_Level3_Shift a; do
	xdotool keydown $key
	chord paused
	chord serving
	xdotool keyup $key
done
grabs() { # argument of xgrab…
	: >grabbed
	start xgrab "$@" >grabbed
	wait_for grep -q ready grabbed
}
grabs p
chord paused
chord serving
stop "$pid"
grabs
chord paused
chord serving
stop "$pid"
# A program in front sees nothing of it, but of the keys around it.
xdotool mousemove 450 200 type x
wait_for grep -q x typed
[ "$(cat typed)" = ax ] || fail "the program in front gets: $(od -c typed)"
# The map changes, as it does again and again for a viewer's characters that it lacks; and
# the key is where its letter is.
say ann text 'жшщ'
chord paused
chord serving
code=$(xmodmap -pke | sed -n 's/^keycode *\([0-9]*\) = p P.*/\1/p')
chord_by() { # code, state: once the map has been looked at
	xdotool key ctrl+alt+shift+"$1"
	for _ in $(seq 100); do
		if state "$2"; then return; fi
		sleep 0.02
	done
	return 1
}
xmodmap -e "keycode $code = F30" -e 'keycode 250 = p P'
wait_for chord_by 250 paused
xmodmap -e 'keycode 250 = NoSymbol' -e "keycode $code = p P"
wait_for chord_by "$code" serving

# Dragged by what is no button; not beyond the edge.
xdotool mousemove 450 18 mousedown 1 mousemove 460 200 mouseup 1
lower_than() { [ "$(geometry | sed 's/ .*//; s/.*,//')" -gt "$1" ]; }
wait_for lower_than 100
xdotool mousemove 460 200 mousedown 1 mousemove 460 399 mousemove 460 399 mouseup 1
inside() { local g; g=$(geometry); [ $(($(sed 's/ .*//; s/.*,//' <<<"$g") + ${g##*x})) -le "$1" ]; }
wait_for lower_than 200
inside 400 || fail "dragged off the screen: $(geometry)"
# Nor is it left outside of one that gets smaller; the pointer, which is put on its last line
# with that, does not make this line come and go without end.
xrandr --output screen --off --fb 900x300
wait_for inside 300
xrandr --fb 900x400 --output screen --auto

xdotool key ctrl+alt+shift+e
gone "$ann" 16
wait_for hidden
running "$sender" || fail "rd-send has ended, too"
[ "$(rd-ctl desk get viewers)" -eq 0 ]
# Its keys are others' again: the terminal makes some byte of them, which it never had before.
typed_before=$(wc -c <typed)
got_chord() {
	xdotool mousemove 450 300 key ctrl+alt+shift+e
	[ "$(wc -c <typed)" -gt "$typed_before" ]
}
wait_for got_chord

watch ann
wait_for window >/dev/null
kill -KILL "$indicator"
wait_for hidden
wait_for saw ann '^frame'
say ann pointer 30 30
at() { [ "$(xdotool getmouselocation | cut -d' ' -f1,2)" = "x:$1 y:$2" ]; }
wait_for at 30 30
state serving || fail "the session did not go on"
rd-ctl desk end
gone "$sender" 0

# It ends with rd-send, however that ends; without a display there is none.
host_up --name desk --indicator -- rd-capture --source test --size 64x48
wait_for started_it
read -ra children <"/proc/$sender/task/$sender/children" || true
kill -KILL "${children[@]/$indicator/}" "$sender" 2>/dev/null || true
wait_for ended "$indicator"
DISPLAY=:4242 host_up --name desk --indicator --log debug -- rd-capture --source test --size 64x48
wait_for told 'rd-indicator has ended, with status 0'
! grep -q '^rd-indicator:' host.log || fail "it says something: $(cat host.log)"
