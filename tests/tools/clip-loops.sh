#!/usr/bin/env bash
# Nothing goes round in circles: two desktops that look at each other, two viewers
# on one desk, and a desktop that looks at itself. Whoever has copied something still
# has it, and a paste ends.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"

owned_by_copier() { # display: xclip answers anything but has no TIMESTAMP, and ours has
	! has "$1" TIMESTAMP
}

two_desktops
look -- rd-encode -- rd-capture --display "$host"
# … and the other way round.
DISPLAY=$host start rd-view --clipboard both -- rd-encode -- rd-capture --display "$desk" 2>back.log
sees_back() { at "$host" xdotool search --onlyvisible --class rd-view >/dev/null 2>&1; }
wait_for sees_back

for i in 1 2 3; do
	printf 'of the host %s' $i >blob
	copy "$host" UTF8_STRING blob
	wait_for pasted "$desk" UTF8_STRING blob
	wait_for pasted "$host" UTF8_STRING blob
	owned_by_copier "$host" || fail "what was copied at the host came back to it"
	printf 'of the desk %s' $i >blob
	copy "$desk" UTF8_STRING blob
	wait_for pasted "$host" UTF8_STRING blob
	wait_for pasted "$desk" UTF8_STRING blob
	owned_by_copier "$desk" || fail "what was copied at the desk came back to it"
done

# One that comes later, when something was copied long ago, makes no circle either.
stop "$viewer"
printf 'copied before' >blob
copy "$host" UTF8_STRING blob
wait_for pasted "$host" UTF8_STRING blob
look -- rd-encode -- rd-capture --display "$host"
wait_for pasted "$desk" UTF8_STRING blob
owned_by_copier "$host" || fail "what was copied before came back"

# Two viewers on one desk, with a producer each.
DISPLAY=$desk start rd-view --clipboard both -- rd-encode -- rd-capture --display "$host" 2>second.log
two_windows() { [ "$(at "$desk" xdotool search --onlyvisible --class rd-view 2>/dev/null | wc -l)" -eq 2 ]; }
wait_for two_windows
for i in 1 2 3; do
	printf 'host, seen twice %s' $i >blob
	copy "$host" UTF8_STRING blob
	wait_for pasted "$desk" UTF8_STRING blob
	owned_by_copier "$host" || fail "it came back by the second viewer"
	printf 'desk, seen twice %s' $i >blob
	copy "$desk" UTF8_STRING blob
	wait_for pasted "$host" UTF8_STRING blob
	owned_by_copier "$desk" || fail "it came back to the desk"
done

# In the end nobody says anything any more.
work() {
	local p
	for p in "$viewer" "$pid"; do cat "/proc/$p/io"; done | awk '/^[rw]char/ {n += $2} END {print n}'
}
still() {
	local a
	a=$(work)
	sleep 1
	[ "$(work)" = "$a" ]
}
wait_for still
