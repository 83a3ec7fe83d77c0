#!/usr/bin/env bash
# What is typed, clicked, dragged and turned in the viewer's window arrives at
# the host's programs, whichever layouts the two sides have.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

# The desk's keyboard with a layout and, on keys that no layout uses, characters
# that none of them has, so that xdotool finds them and changes no map itself.
desk_layout() {
	on_desk setxkbmap "$1"
	on_desk xmodmap -e 'keycode 97 = U6F22 U5B57' -e 'keycode 132 = EuroSign' \
		-e 'keycode 101 = eacute Eacute'
}

begin() {
	start_host
	start_desk 800x600
	session
	shows_window
	on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
	on_host start_xkeys_there
	wait_for in_window
}

start_xkeys_there() {
	start_xkeys
}

arrived_as() { # what xdotool is to do, LINE…
	local what=$1 line
	shift
	: >keys
	# shellcheck disable=SC2086
	on_desk xdotool $what
	for line; do wait_for arrived "$line"; done
}

types_text() {
	: >keys
	on_desk xdotool type --delay 0 "$text"
	wait_for typed "$text"
}

combinations() {
	arrived_as 'key ctrl+alt+t' 'key 28 down 0x74 state 0xc '
	arrived_as 'key ctrl+alt+Left' 'key 113 down 0xff51 state 0xc '
	arrived_as 'key ctrl+F1' 'key 67 down 0xffbe state 0x4 '
	arrived_as 'key ctrl+c' 'key 54 down 0x63 state 0x4 '
	arrived_as 'key ctrl+shift+c' 'key 54 down 0x43 state 0x5 '
	arrived_as 'key alt+Tab' 'key 23 down 0xff09 state 0x8 '
	arrived_as 'key shift+Tab' 'key 23 down 0xfe20 state 0x1 '
	arrived_as 'key super+Left' 'key 113 down 0xff51 state 0x40 '
	arrived_as 'key ctrl+alt+Delete' 'key 119 down 0xffff state 0xc '
	arrived_as 'key Escape' 'key 9 down 0xff1b state 0x0 ' 'key 9 up'
	arrived_as 'key BackSpace' 'key 22 down 0xff08 state 0x0 ' 'key 22 up'
}

# A short press stays short, a long one long, and nothing is left down.
holds() {
	arrived_as 'keydown shift keydown a' 'key 50 down' 'key 38 down 0x41 state 0x1 text A'
	arrived_as 'keyup a keyup shift' 'key 38 up' 'key 50 up'
	arrived_as 'keydown a' 'key 38 down'
	# Whoever leaves the window takes no key along.
	: >keys
	start env DISPLAY="$desk" xterm -geometry 10x3-0-0 -T other
	wait_for other_is_there
	on_desk xdotool windowfocus --sync "$other"
	wait_for arrived 'key 38 up'
	on_desk xdotool keyup a
	stop "$pid"
	on_desk xdotool windowfocus --sync "$window"
}

other_is_there() {
	other=$(on_desk xdotool search --onlyvisible --name '^other$' 2>/dev/null)
}

points() {
	arrived_as 'mousemove 100 120' 'motion 100 120'
	arrived_as 'click 1' 'button 1 down at 100 120 state 0x0' 'button 1 up'
	arrived_as 'click 2' 'button 2 down at 100 120' 'button 2 up'
	arrived_as 'click 3' 'button 3 down at 100 120' 'button 3 up'
	arrived_as 'mousemove 0 0 click 1' 'button 1 down at 0 0'
	arrived_as 'mousemove 639 479 click 1' 'button 1 down at 639 479'
	arrived_as 'mousemove 30 40 mousedown 1 mousemove 200 210' \
		'button 1 down at 30 40' 'motion 200 210'
	# Beyond the window the drag goes on at its edge.
	arrived_as 'mousemove 790 590' 'motion 639 479'
	arrived_as 'mouseup 1' 'button 1 up'
	# Clicks beside the window are none of the host's.
	on_desk xdotool mousemove 790 100 click 1 mousemove 50 60 click 3
	wait_for arrived 'button 3 down at 50 60'
	[ "$(grep -c '^button 1 down' keys)" -eq 0 ] || fail "a click beside the window: $(cat keys)"
	arrived_as 'keydown ctrl click 1 keyup ctrl' 'button 1 down at 50 60 state 0x4'
}

turns() {
	: >keys
	on_desk xdotool click --repeat 7 --delay 3 4 click --repeat 5 --delay 3 5 \
		click --repeat 3 --delay 3 6 click --repeat 2 --delay 3 7
	wait_for turned 4 7
	wait_for turned 5 5
	wait_for turned 6 3
	wait_for turned 7 2
}

turned() { # BUTTON, times
	[ "$(grep -c "^button $1 down" keys)" -eq "$2" ]
}

begin
desk_layout us
text='The quick brown Fooox; jumps! (over) ~the~ {lazy} "dog" | <0123456789> @#$%^&*-_=+\/?'
types_text
text='é€漢字É'
types_text
combinations
holds
points
turns

# Layouts of either side: what is meant arrives, not where the key is.
text='Qwertz-Azerty, "zZyY" é€漢 @{[]}\ ;:!? (&) 42'
for layouts in us:de us:fr de:us fr:us de:fr fr:de us:ru us,ru:us; do
	on_host setxkbmap "${layouts#*:}"
	echo "layouts $layouts"
	desk_layout "${layouts%:*}"
	types_text
	: >keys
	on_desk xdotool key ctrl+alt+t
	wait_for grep -q ' down 0x74 state 0xc' keys
done
on_host setxkbmap us

# Characters that take two keys, and locks of the viewer's own keyboard.
on_desk setxkbmap us intl
: >keys
on_desk xdotool key dead_acute e key shift+dead_circumflex o key dead_acute key space
wait_for typed "éô'"
desk_layout us
: >keys
on_desk xdotool key Caps_Lock type --delay 2 'aBé'
on_desk xdotool key Caps_Lock type --delay 2 'aBé'
wait_for typed 'AbÉaBé'

# Into a real program, at speed, with what a shell would do with it.
stop "$xkeys"
: >out
start env DISPLAY="$host" xterm -u8 -geometry 80x20+0+0 -e sh -c 'stty -echo; touch up; cat >out'
wait_for test -e up
out_is() { [ "$(cat out)" = "$1" ]; }
# xterm takes keys where the pointer is.
on_desk xdotool mousemove 100 100
on_desk xdotool type --delay 1 'Le café: 漢字 for 5 €'
on_desk xdotool key Return
wait_for out_is 'Le café: 漢字 for 5 €'
on_desk xdotool key ctrl+d
wait_for ended "$pid"
close_session

# A window half as large: every point of the host can be reached to two pixels.
start_host 1200x900
start_desk 600x450
session
shows_window
on_desk xdotool windowfocus --sync "$window"
on_host start_xkeys_there
arrived_as 'mousemove 0 0 click 1' 'button 1 down at 1 1'
arrived_as 'mousemove 300 225 click 1' 'button 1 down at 601 451'
arrived_as 'mousemove 599 449 click 1' 'button 1 down at 1199 899'
close_session
