#!/usr/bin/env bash
# Over a session, with two viewers of one producer: both directions, 64 MiB, from one
# viewer to the other; one that goes takes with it what it had copied; and the clipboard
# goes on when the session is lost and comes again.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

two_desktops
there=$host
start_x 640x480
other=$DISPLAY
# Of lib-recv.sh $host is the process, and $at the name.
serve_desktop() {
	serve --shared -- rd-encode -- rd-capture --display "$there"
	sender=$host
	host=$there
	name=$at
}
serve_desktop
admit
know
look -- rd-recv --tcp "$name"
DISPLAY=$other start rd-view --clipboard both "$name" 2>other.log
second=$pid
shows_there() { DISPLAY=$other xdotool search --onlyvisible --class rd-view >/dev/null 2>&1; }
wait_for shows_there

for size in 1 70000 67108864; do
	{ printf a && head -c $((size - 1)) /dev/urandom; } >blob
	tr 'a-zA-Z' 'b-zA-Za' <blob >back
	copy "$host" image/png blob
	wait_for pasted "$desk" image/png blob
	wait_for pasted "$other" image/png blob
	copy "$desk" image/png back
	wait_for pasted "$host" image/png back
	wait_for pasted "$other" image/png back
done

# What one of them copied is the host's, until that viewer goes.
printf 'of the second' >blob
copy "$other" UTF8_STRING blob
wait_for pasted "$host" UTF8_STRING blob
wait_for pasted "$desk" UTF8_STRING blob
stop "$second"
wait_for empty "$host"
wait_for empty "$desk"

# The host begins anew, and with it another producer: what was said before is said again.
printf 'before it was lost' >blob
copy "$desk" UTF8_STRING blob
wait_for pasted "$host" UTF8_STRING blob
# Nobody says goodbye; over TCP that is seen at once.
read -ra net <"/proc/$sender/task/$sender/children" || true
kill -9 "${net[@]}" "$sender" 2>/dev/null || true
wait_end "$sender"
wait_for empty "$host"
serve_desktop
wait_for pasted "$host" UTF8_STRING blob
printf 'after it came again' >blob
copy "$host" UTF8_STRING blob
wait_for pasted "$desk" UTF8_STRING blob
