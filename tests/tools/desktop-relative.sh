#!/usr/bin/env bash
# The relative pointer, through the real tools: only steps are sent, without end
# at the window's edge; a program at the host may put the pointer where it likes;
# here it is hidden and there it is seen; and there is a way out, which is said.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

host_at() { # X Y
	eval "$(on_host xdotool getmouselocation --shell)"
	[ "$X $Y" = "$1 $2" ]
}
named() {
	on_desk xdotool getwindowname "$window" | grep -q -- "$1"
}
put() { # X Y, as a game does at the host
	on_host xdotool mousemove "$1" "$2"
}
step() { # X Y
	on_desk xdotool mousemove_relative -- "$1" "$2"
}
# The host's pointer is as xsetroot made it: some pixels of the window are white.
is_painted_at() { # X Y, of the host
	on_desk import -window "$window" shot.png
	[ "$(convert shot.png -crop "24x24+$1+$2" -format '%[fx:maxima]' info:)" = 1 ]
}
begin() {
	session --name pointer "$@"
	shows_window
	on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window" mousemove 300 200
	wait_for named "session $sessions "
}

start_host 640x480
on_host xsetroot -solid '#204060'
on_host xsetroot -cursor_name left_ptr -fg white -bg white
start_desk 800x600
begin
put 10 10
wait_for host_at 10 10
# In place: the window's pointer is the host's.
on_desk xdotool mousemove 301 201
wait_for host_at 301 201
is_painted_at 301 201 && fail "the host's pointer is painted under our own"

on_desk xdotool key ctrl+alt+shift+m
wait_for named 'relative pointer, Ctrl-Alt-Shift-M gives it back'
rd-ctl pointer --wait pointer=relative --timeout "${WAIT_S}s"
put 100 100
wait_for host_at 100 100
step 7 5
wait_for host_at 107 105
wait_for is_painted_at 107 105
# The host's program puts it back each time; steps go on from there.
for _ in 1 2 3; do
	put 320 240
	wait_for host_at 320 240
	step -30 12
	wait_for host_at 290 252
done
# Farther than window and screen are wide, all of it to the right.
for y in 1 2 3 4; do
	put 0 "$y"
	wait_for host_at 0 "$y"
	for _ in 1 2 3 4 5 6 7 8 9 10; do step 50 0; done
	wait_for host_at 500 "$y"
done
put 0 0
wait_for host_at 0 0
step 9 9
wait_for host_at 9 9
# It is pressed where the host's pointer is.
on_host start_xkeys
on_desk xdotool click 1
wait_for arrived 'button 1 down at 9 9'
on_desk xdotool mousedown 3
step 11 1
on_desk xdotool mouseup 3
wait_for arrived 'button 3 up'
wait_for host_at 20 10
# Another window has the pointer as ever.
start env DISPLAY="$desk" xterm -geometry 10x3-0-0 -T other
other_is_there() { other=$(on_desk xdotool search --onlyvisible --name '^other$' 2>/dev/null); }
wait_for other_is_there
on_desk xdotool windowfocus --sync "$other"
desk_moves() {
	on_desk xdotool mousemove 790 590
	[ "$(on_desk xdotool getmouselocation | cut -d' ' -f1,2)" = 'x:790 y:590' ]
}
wait_for desk_moves
host_at 20 10 || fail "the host's pointer moves with another window's"
on_desk xdotool windowfocus --sync "$window"
steps_again() { step 1 0; ! host_at 20 10; }
wait_for steps_again
# The first step comes after whatever was sent meanwhile.
[ "$Y" -eq 10 ] && [ "$X" -lt 120 ] || fail "the host's pointer has moved with another window's: $X $Y"
stop "$xkeys"

# The way out, by each of them.
on_desk xdotool key ctrl+alt+shift+m
rd-ctl pointer --wait pointer=absolute --timeout "${WAIT_S}s"
named 'relative' && fail 'the title still says so'
on_desk xdotool mousemove 33 44
wait_for host_at 33 44
rd-ctl pointer set pointer=relative
wait_for named 'relative pointer'
rd-ctl pointer set pointer=absolute
exits 42 rd-ctl pointer set pointer=up 2>words
grep -q 'pointer is absolute or relative' words || fail "said: $(cat words)"
on_desk xdotool mousemove 55 66
wait_for host_at 55 66
close_session

# From the start.
begin --pointer relative
wait_for named 'relative pointer'
put 200 200
wait_for host_at 200 200
began() { step 3 4; ! host_at 200 200; }
wait_for began
close_session

# Nothing of it where nothing is controlled.
begin --pointer relative --view-only
wait_for named 'view only'
got=0
rd-ctl pointer set pointer=relative 2>words || got=$?
[ $got -ne 0 ] && grep -q 'not controlled' words || fail "status $got: $(cat words)"
rd-ctl pointer --wait pointer=absolute --timeout "${WAIT_S}s"
close_session

# Nor where the window system has none, as Debian 12's SDL in this one: that is no success.
SDL_VIDEODRIVER=offscreen session --name pointer
rd-ctl pointer --wait state=showing --timeout 60s
got=0
rd-ctl pointer set pointer=relative 2>words || got=$?
if [ $got -ne 0 ]; then
	grep -q 'no relative pointer' words || fail "status $got: $(cat words)"
fi
[ "$(rd-ctl pointer get pointer)" = "$([ $got -eq 0 ] && echo relative || echo absolute)" ] ||
	fail "status $got, and it is $(rd-ctl pointer get pointer)"
rd-ctl pointer set pointer=absolute
close_session
