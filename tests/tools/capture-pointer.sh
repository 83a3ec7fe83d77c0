#!/usr/bin/env bash
# The pointer's shape and place are messages of their own; painted in only
# where that is asked for.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
view
settled
wait_for saw '^shape [1-9][0-9]*x'
say pointer 100 200
wait_for saw '^pointer 100 200 1$'
xdotool mousemove_relative 10 10
wait_for saw '^pointer 110 210 1$'
settled

# A program that warps the pointer makes no event: the next frame tells.
xdotool mousemove 50 60
xsetroot -solid '#604020'
wait_for saw '^pointer 50 60 1$'

# Another shape is news.
n=$(grep -c ^shape "$log")
xsetroot -cursor_name watch
shapes_grew() { [ "$(grep -c ^shape "$log")" -gt "$n" ]; }
wait_for shapes_grew
bye

# The server denies the shape of who has gone and had a number, as a client, that
# nobody has got since.
for before in 2 5; do
	others=()
	for _ in $(seq $before); do
		start xprop -root -spy >clients
		others+=("$pid")
		wait_for test -s clients
	done
	xsetroot -cursor_name left_ptr
	for other in "${others[@]}"; do stop "$other"; done
	view
	wait_for saw '^shape [1-9][0-9]*x'
	bye
done

# A part of the screen: positions are its own, and outside is outside.
view --region 300x200+100+100
wait_for same 300 200 100 100
say pointer 50 60
wait_for saw '^pointer 50 60 1$'
xdotool getmouselocation | grep -q '^x:150 y:160 ' || fail "input went elsewhere"
xdotool mousemove_relative -- -100 -100
wait_for saw '^pointer -50 -40 0$'
bye

# Painted: the picture is not the server's, it follows the pointer, and there
# are no messages of it.
xdotool mousemove 300 240
xsetroot -solid '#204060' -cursor_name left_ptr
view --cursor
wait_for more_frames_than 0
first=$(shown)
[ "$first" != "$(xhash)" ] || fail "no pointer in the picture"
xdotool mousemove_relative 100 60
differs() { [ "$(shown)" != "$first" ]; }
wait_for differs
xdotool mousemove_relative -- -100 -60
back() { [ "$(shown)" = "$first" ]; }
wait_for back
if saw '^(shape|pointer)'; then fail "messages of a pointer that is painted"; fi
bye
