#!/usr/bin/env bash
# A hidden window that is moved, resized, unmapped, made anew, named anew, or that opens menus, as
# fast as can be or a little slower, while all of the screen is painted and fetched over and
# over: its colour is in no byte of the stream. (Without the server held it was.)
# alone: what a compositing manager shows when it is kept from the cores for longer than a
# second is not hidden any more, and said so in the manual
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-hide.sh"

start_x 800x600
xsetroot -solid '#204060' -cursor_name left_ptr

# A menu that has come and gone before anybody could ask whose it was, and is still to be seen.
secret gone
start rd-capture --hide-window secret --frames 2 >gone.rd
capture=$pid
has_first() { [ "$(stat -c %s gone.rd)" -gt $((800 * 600 * 4)) ]; }
wait_for has_first
# Not while it holds the server.
stands_still() {
	kill -STOP "$capture"
	timeout 5 xwininfo -root >/dev/null && return
	kill -CONT "$capture"
	false
}
wait_for stands_still
kill -USR1 "$skitter"
wait_for grep -q '^gone' skitter.log
[ "$(rd-capture --frames 1 | leaks)" -gt 0 ] || fail "nothing of the menu to be seen"
running "$capture" || fail "its second picture came before"
kill -CONT "$capture"
wait_end "$capture"
n=$(leaks <gone.rd)
[ "$n" -eq 0 ] || fail "a menu that is gone: $n pixels of it"
stop "$skitter"

start skitter paint 1000 >paint.log
for way in move come name menu late; do
	for pause in 0 1000; do
		secret "$way" "$pause"
		# It is to be seen where nothing is hidden.
		[ "$way$pause" != move1000 ] || [ "$(leaks_of --frames 100)" -gt 0 ] || fail "nothing to be seen"
		n=$(leaks_of --hide-window secret --frames 150 --duration 3s)
		[ "$n" -eq 0 ] || fail "$way $pause: $n pixels of it"
		running "$skitter" || fail "skitter has ended: $(cat skitter.log)"
		stop "$skitter"
	done
done

# In the memory that is shared, too, at any moment.
secret move 1000
view --hide-window class:secret
wait_for saw '^frame 1'
capture=$(pgrep -P "$viewer" -f rd-capture)
for _ in $(seq 40); do
	[ "$(lent "$capture" | wc -c)" -gt 1000000 ] || fail "no memory is shared"
	n=$(lent "$capture" | leaks)
	[ "$n" -eq 0 ] || fail "$n pixels of it in shared memory"
done
bye

# Another window is shown alone, and this one passes over it.
start xterm -T under -geometry 60x20+0+0 -e sh -c 'while :; do date; done'
find_under() { rd-capture --list --display "$DISPLAY" | grep -q ' under$'; }
wait_for find_under
n=$(leaks_of --window under --hide-window secret --frames 150 --duration 3s)
[ "$n" -eq 0 ] || fail "$n pixels of it over another window"

# Under a compositing manager, which paints later than windows move; and it is said.
stop "$skitter"
command -v xcompmgr >/dev/null || skip "no xcompmgr: all but what is composited is right"
start xcompmgr -n 2>compositor.log
manager() { rd-capture --hide-window x --frames 1 2>words >/dev/null && grep -q 'compositing manager' words; }
wait_for manager
# It comes when somebody looks: what was closed before that, nobody knows of.
for way in move come menu late; do
	start rd-capture --hide-window secret --fps 15 >late.rd 2>words
	capture=$pid
	has_pictures() { [ "$(stat -c %s late.rd)" -gt $(($1 * 800 * 600 * 4)) ]; }
	wait_for has_pictures 1
	secret "$way" 1000
	sleep 2
	wait_for has_pictures 6
	stop "$capture"
	n=$(leaks <late.rd)
	[ "$n" -eq 0 ] || fail "composited, $way: $n pixels of it"
	stop "$skitter"
done
