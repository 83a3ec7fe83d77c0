#!/usr/bin/env bash
# A key that is held in the viewer's window, over a session: it repeats in a real
# program at the host, and ends with the key, with the window's focus, and two
# seconds after the viewer was last heard of, stopped or cut off as it may be. Caps
# Lock of two viewers: the one who types decides.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"

# What the program has read, a letter at a time.
letters() { # LETTER
	tr -cd "$1" <typed | wc -c
}
more_than() { # LETTER, how many
	[ "$(letters "$1")" -gt "$2" ]
}
# Held until it has come that often; a session that has just been away may lose one press.
held_for_long() { # LETTER
	local n
	: >typed
	on_desk xdotool keyup "$1" keydown "$1"
	for n in $(seq 100); do
		more_than "$1" 12 && return
		sleep 0.05
	done
	return 1
}
repeats() { # LETTER
	wait_for held_for_long "$1"
}
# For a whole second, in which it would come forty times, it does not.
stops() { # LETTER, seconds at most
	local n until=$((SECONDS + $2))
	while :; do
		n=$(letters "$1")
		sleep 1
		[ "$(letters "$1")" -ne "$n" ] || break
		[ $SECONDS -lt $until ] || fail "$1 is still repeated: $(letters "$1")"
	done
}
points_at() { # x, y at the host
	[ "$(on_host xdotool getmouselocation | cut -d' ' -f1,2)" = "x:$1 y:$2" ]
}
locked() { # on|off
	on_host xset q | grep -q "Caps Lock: *$1"
}

machines host away
start_host
start_desk 1300x600
person host
person alice
person bob
admit alice
admit bob
on_host xset r rate 200 40
: >typed
start env DISPLAY="$host" xterm -geometry 80x20+0+0 -e sh -c 'stty -echo -icanon min 1; touch up; exec cat >>typed'
wait_for test -e up
on_host xdotool mousemove 100 100
serve_desktop
join away alice
shows_window
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window" mousemove 100 100

repeats a
on_desk xdotool keyup a
stops a 10
# The window loses the keyboard.
repeats b
start env DISPLAY="$desk" xterm -geometry 10x3-0-0 -T other
other_is_there() { other=$(on_desk xdotool search --onlyvisible --name '^other$' 2>/dev/null); }
wait_for other_is_there
on_desk xdotool windowfocus --sync "$other"
stops b 10
on_desk xdotool keyup b windowfocus --sync "$window"
# The viewer stands still, and nobody says that the key is held; then it goes on.
repeats c
decoder=$(pgrep -P "$viewer" -x rd-view)
kill -STOP "$decoder"
stops c 30
on_desk xdotool keyup c
kill -CONT "$decoder"
repeats d
on_desk xdotool keyup d
stops d 10
# The network is gone: longer than two seconds, and less than a session waits.
repeats e
unplug away
stops e 30
on_desk xdotool keyup e
plug away
repeats f
# The viewer is gone at once.
kill -KILL "$decoder"
stops f 10
on_desk xdotool keyup f
wait_end "$viewer"

# Two viewers. The host follows the one who types.
join away alice
shows_window
hers=$window
on_desk xdotool windowmove --sync "$hers" 0 0
join away bob
shows_window
his=$window
on_desk xdotool windowmove --sync "$his" 650 0 windowfocus --sync "$hers"
: >typed
typed_is() { [ "$(tr -d '\n' <typed)" = "$1" ]; }
on_desk xdotool mousemove 100 100 windowfocus --sync "$hers" key a key Caps_Lock key a
wait_for typed_is aA
wait_for locked on
# The desk's own locks are one; that of the host is changed behind both backs.
on_host xdotool key Caps_Lock
wait_for locked off
on_desk xdotool windowfocus --sync "$his"
wait_for locked on
# Her window says where the pointer leaves it, and that may come after what his says.
on_desk xdotool mousemove 100 550
wait_for points_at 100 479
on_desk xdotool mousemove 750 100
wait_for points_at 100 100
on_desk xdotool key b key Caps_Lock key b
wait_for typed_is aABb
wait_for locked off
