#!/usr/bin/env bash
# What is too large does not come, and that is said to who pasted; a direction that is
# off stays off, also for a viewer that does not heed it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

said() {
	grep -qF -- "$1" view.log
}

two_desktops
look --clipboard-max 100K -- rd-encode -- rd-capture --display "$host"
blob 102400
copy "$host" image/png blob
wait_for pasted "$desk" image/png blob
copy "$desk" image/png blob
wait_for pasted "$host" image/png blob
blob 102401
copy "$host" image/png blob
wait_for empty "$desk" image/png
wait_for said 'nothing was pasted: a picture from rd-encode: it is too large: here 102400 bytes may come'
copy "$desk" image/png blob
wait_for empty "$host" image/png
wait_for said 'says: nothing was pasted: a picture from the viewer: it is too large'
stop "$viewer"

# Each way by itself, at either end.
printf 'of the host' >theirs
printf 'of the desk' >ours
one_way() { # what passes, viewer's ways, host's ways
	stop "$viewer"
	look --clipboard "$2" -- rd-encode -- rd-capture --clipboard "$3" --display "$host"
	copy "$host" UTF8_STRING theirs
	# It is that program's before anything of the desk's can be.
	wait_for pasted "$host" UTF8_STRING theirs
	if [ "$1" = to-viewer ]; then wait_for pasted "$desk" UTF8_STRING theirs; fi
	copy "$desk" UTF8_STRING ours
	if [ "$1" = to-host ]; then wait_for pasted "$host" UTF8_STRING ours; fi
	# What is not shared would have been by now: another round trip is over.
	at "$host" xsetroot -solid "#$RANDOM" 2>/dev/null || true
	sleep 0.3
	[ "$1" = to-host ] || pasted "$host" UTF8_STRING theirs || fail "$*: the host's is not what it was"
	pasted "$desk" UTF8_STRING ours || fail "$*: the desk's is not what it was"
}
one_way to-viewer to-viewer both
one_way to-viewer both to-viewer
one_way to-host to-host both
one_way to-host both to-host
one_way nothing off both
one_way nothing to-host to-viewer
# A viewer says nothing of what is copied here, unless it is told to.
stop "$viewer"
DISPLAY=$desk start rd-view -- rd-encode -- rd-capture --display "$host" 2>view.log
viewer=$pid
wait_for shows
copy "$host" UTF8_STRING theirs
wait_for pasted "$desk" UTF8_STRING theirs
copy "$desk" UTF8_STRING ours
sleep 0.3
pasted "$host" UTF8_STRING theirs || fail "to-host is on by default"
stop "$viewer"

# --- viewers that offer and ask all the same ---

# An OFFER of a text, serial 9; WATCH; and WANT of all offers that there may be, by
# their serials.
offer=09000000aabbccddeeff0011000000011000000000000000
offer+=18$(printf 'text/plain;charset=utf-8' | od -An -tx1 | tr -d ' \n')
want() {
	printf '%02x000000%02x0000000000010000000000' "$1" "$1"
	printf 'text/plain;charset=utf-8' | od -An -tx1 | tr -d ' \n'
}
patched() { # name
	say "$1" raw 0681 03
	for serial in 1 2 3 4 5; do say "$1" raw 0682 "$(want $serial)"; done
	say "$1" raw 0601 "$offer"
	say "$1" ping
	wait_for saw "$1" '^pong'
}

for who in all out in none; do person $who; done
admit all
admit out --no-clipboard-in
admit in --no-clipboard-out
admit none --no-clipboard
copy "$host" UTF8_STRING theirs
wait_for pasted "$host" UTF8_STRING theirs

host_up -- rd-capture --display "$host"
watch none
wait_for saw none '^frame'
[ $(($(awk '/^hello/ {print $2}' none.log) & 0x300)) -eq 0 ] || fail "HELLO says that a clipboard is shared"
patched none
! saw none '^clip' || fail "something came of a clipboard: $(grep '^clip' none.log)"
pasted "$host" UTF8_STRING theirs || fail "rd-send let the offer pass"
say none end

watch out
wait_for saw out '^frame'
[ $(($(awk '/^hello/ {print $2}' out.log) & 0x300)) -eq 256 ] || fail "HELLO: $(head -1 out.log)"
patched out
wait_for saw out '^clip DATA 16 0.00000001'
! saw out '^clip (TOOK|WANT)' || fail "$(grep '^clip' out.log)"
pasted "$host" UTF8_STRING theirs || fail "rd-send let the offer pass"
say out end

watch in
wait_for saw in '^frame'
patched in
wait_for saw in '^clip TOOK'
! saw in '^clip (OFFER|DATA|REFUSE)' || fail "$(grep '^clip' in.log)"
say in end
# It is gone, and what it had with it.
wait_for empty "$host"
stop "$sender"

# The same where rd-send lets it through, and rd-capture does not.
copy "$host" UTF8_STRING theirs
wait_for pasted "$host" UTF8_STRING theirs
host_up -- rd-capture --clipboard off --display "$host"
watch all
wait_for saw all '^frame'
patched all
! saw all '^clip' || fail "rd-capture: $(grep '^clip' all.log)"
say all end
stop "$sender"
host_up -- rd-capture --clipboard to-viewer --display "$host"
watch all
wait_for saw all '^frame'
patched all
# Fate 3: not taken; why 5: that way is off.
wait_for saw all '^clip TOOK 6 090000000305'
pasted "$host" UTF8_STRING theirs || fail "rd-capture took the offer"
say all end
stop "$sender"
# Who may only look brings nothing.
host_up -- rd-capture --view-only --display "$host"
watch all
wait_for saw all '^frame'
patched all
wait_for saw all '^clip TOOK 6 090000000305'
say all end
stop "$sender"

# One viewer that says what cannot be loses its own share of the clipboard, and takes
# the desktop from nobody: a WATCH too long, an id that is taken already.
host_up --shared -- rd-encode -- rd-capture --display "$host"
watch all
watch out
wait_for saw all '^frame'
wait_for saw out '^frame'
say out raw 0681 01
for wrong in '0681 0101' "0682 $(want 1)" "0682 $(want 1)"; do
	# shellcheck disable=SC2086 # a type and a body
	say all raw $wrong
done
copy "$host" UTF8_STRING theirs
wait_for saw out '^clip OFFER'
offers=$(grep -c '^clip OFFER' out.log)
copy "$host" UTF8_STRING ours
another() { [ "$(grep -c '^clip OFFER' out.log)" -gt "$offers" ]; }
wait_for another
say all ping
wait_for saw all '^pong'
say all end
say out end
