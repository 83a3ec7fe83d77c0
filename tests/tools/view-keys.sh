#!/usr/bin/env bash
# What a person does in the window reaches the other side: keys with what they
# meant, text, pointer, wheel; and nothing stays down.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
for tool in xdotool setxkbmap; do command -v $tool >/dev/null || skip "no $tool"; done

# From now on the log is looked at, line by line, from here.
mark() {
	marked=$(wc -l <"$log")
}

since_mark() {
	tail -n +$((marked + 1)) "$log" | grep -v '^held'
}

gives() { # expected lines, then the command
	local want=$1
	shift
	mark
	"$@"
	# A button nobody has ends what is compared.
	xdotool click 9
	wait_for eval 'since_mark | grep -q "^button 4 up"'
	[ "$(since_mark | sed '/^pointer/d; /^button 4/d')" = "$want" ] ||
		fail "$*: wanted $(printf '%s' "$want" | tr '\n' ';'), got $(since_mark | tr '\n' ';')"
}

key() { # code, keysym: what a press and a release look like
	printf 'key %s %s down\nkey %s %s up' "$1" "$2" "$1" "$2"
}

start_x 800x600
setxkbmap us
open_view
tell "frame 400 300 336699"
wait_window
focus
xdotool mousemove --window "$window" 10 20
wait_log '^pointer 10 20$'

gives "$(key 30 0x61)" xdotool key a
gives "$(printf 'key 42 0xffe1 down\nkey 30 0x41 down\nkey 42 0xffe1 up\nkey 30 0x41 up')" xdotool key shift+a
gives "$(printf 'key 42 0xffe1 down\nkey 2 0x21 down\nkey 42 0xffe1 up\nkey 2 0x21 up')" xdotool key shift+1
gives "$(key 28 0xff0d)" xdotool key Return
gives "$(key 15 0xff09)" xdotool key Tab
gives "$(key 63 0xffc2)" xdotool key F5
gives "$(key 105 0xff51)" xdotool key Left
gives "$(key 111 0xffff)" xdotool key Delete
gives "$(key 125 0xffeb)" xdotool key Super_L
gives "$(printf 'key 29 0xffe3 down\nkey 46 0x63 down\nkey 29 0xffe3 up\nkey 46 0x63 up')" xdotool key ctrl+c
gives "$(printf 'key 29 0xffe3 down\nkey 56 0xffe9 down\nkey 20 0x74 down\nkey 29 0xffe3 up\nkey 56 0xffe9 up\nkey 20 0x74 up')" xdotool key ctrl+alt+t
gives "$(printf 'key 29 0xffe3 down\nkey 42 0xffe1 down\nkey 2 0x21 down\nkey 42 0xffe1 up\nkey 29 0xffe3 up\nkey 2 0x21 up')" xdotool key ctrl+shift+1

# a keyboard with other letters on the same keys, and some more behind AltGr
setxkbmap de
gives "$(key 21 0x7a)" xdotool key z
gives "$(key 40 0xe4)" xdotool key adiaeresis
gives "$(printf 'key 100 0xfe03 down\n%s\nkey 100 0xfe03 up' "$(key 18 0x10020ac)")" \
	xdotool keydown 108 key e keyup 108
# characters that no key of the keyboard has
gives "$(printf 'text 漢')" xdotool key U6f22
setxkbmap us

gives "$(printf 'wheel 0 120\nwheel 0 -120\nwheel 120 0')" xdotool click 4 click 5 click 7
gives "$(printf 'button 0 down\nbutton 0 up\nbutton 1 down\nbutton 1 up\nbutton 2 down\nbutton 2 up')" xdotool click 1 click 3 click 2
# where it is pressed, and where it is let go
mark
xdotool mousemove --window "$window" 30 40 mousedown 1 mousemove --window "$window" 50 60 mouseup 1
wait_for eval 'since_mark | grep -q "^button 0 up"'
[ "$(since_mark | grep -A1 -e 'pointer 50 60' | tail -n 1)" = "button 0 up" ] || fail "dragged to another place"
# In a window of twice the size the picture's pixels are what counts.
xdotool windowmove "$window" 0 0 windowsize --sync "$window" 800 600
xdotool mousemove 400 300
wait_log '^pointer 200 150$'

# relative, and back
mark
xdotool key ctrl+alt+shift+m
wait_for eval 'xdotool mousemove_relative 7 5; since_mark | grep -q "^motion 7 5"'
xdotool key ctrl+alt+shift+m
mark
wait_for eval 'xdotool mousemove_relative -- -3 -4; since_mark | grep -q "^pointer "'

# While something is down the other side hears of it …
xdotool keydown Shift_L
wait_log '^held 0 42$'
xdotool mousedown 1
wait_log '^held 1 42$'
xdotool mouseup 1 keyup Shift_L
# … and when the keyboard goes elsewhere it is let go.
mark
xdotool keydown b
wait_for eval 'since_mark | grep -q "^key 48 0x62 down"'
start xterm
wait_for xdotool search --onlyvisible --class XTerm >other
xdotool windowfocus --sync "$(tail -n 1 other)"
wait_for eval 'since_mark | grep -q "^key 48 0x62 up"'
xdotool keyup b
focus

# Our own chords stay here, and leave nothing down over there.
mark
xdotool key ctrl+alt+shift+g
wait_for title "gives it back"
xdotool key ctrl+alt+shift+g
wait_for title "grabs the keyboard"
xdotool key ctrl+alt+shift+r
wait_log '^REFRESH$'
wait_for eval 'since_mark | tail -n 1 | grep -q "^key"'
for code in 29 42 56; do
	[ "$(since_mark | grep -c "^key $code .* down")" = "$(since_mark | grep -c "^key $code .* up")" ] ||
		fail "a chord left key $code down"
done
since_mark | grep -Eq '^key (34|19) ' && fail "a chord was sent"
xdotool key ctrl+alt+shift+q
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"

# A viewer that must not, and a host that does not want to: nothing at all.
for how in "--view-only" ""; do
	[ -n "$how" ] || peer_args=(view-only)
	# shellcheck disable=SC2086
	open_view $how
	tell "frame 400 300 336699"
	wait_window
	wait_for title "view only"
	focus
	xdotool mousemove --window "$window" 15 25 click 1 key x
	# Where the other pointer is can be seen.
	tell "shape 8 8 0 0"
	tell "pointer 100 50 1"
	white_at() {
		import -window "$window" shot.png
		[ "$(convert shot.png -format "%[hex:p{$1}]" info:)" = FFFFFF ]
	}
	wait_for white_at 103,53
	tell "pointer 200 50 1"
	wait_for white_at 203,53
	white_at 103,53 && fail "the pointer left a trace"
	tell "end 0 0 over"
	wait_end "$viewer"
	logged '^(key|button|pointer|text|wheel|held)' && fail "input was sent: $(cat "$log")"
done
exit 0
