#!/usr/bin/env bash
# Who has copied something dies in the midst of giving it, stops answering, or goes on
# for ever; who pastes goes away; the viewer goes; the X server goes. A paste ends, with
# nothing, and the rest goes on.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"

two_desktops
look -- rd-encode -- rd-capture --display "$host"
works() {
	printf 'works %s' $RANDOM$RANDOM >blob
	copy "$host" UTF8_STRING blob
	wait_for pasted "$desk" UTF8_STRING blob
	printf 'and back %s' $RANDOM$RANDOM >blob
	copy "$desk" UTF8_STRING blob
	wait_for pasted "$host" UTF8_STRING blob
}
works

# It has said what it has, and then does not answer: within the time of the manual.
for place in "$host:$desk" "$desk:$host"; do
	from=${place#:} from=:${from%%:*} to=:${place##*:}
	blob 3000000
	copy "$from" image/png blob
	owner=$pid
	wait_for has "$to" image/png
	kill -STOP "$owner"
	empty "$to" image/png || fail "something came of nothing, or it hangs"
	kill -CONT "$owner"
	stop "$owner"
	works
done

# It dies while it gives: parts of it have been read already.
blob 67108864
copy "$host" image/png blob
owner=$pid
wait_for has "$desk" image/png
start at "$desk" timeout 60 xclip -selection clipboard -t image/png -o >half 2>/dev/null
pasting=$pid
sleep 0.05
stop "$owner"
wait_end "$pasting"
[ "$status" -ne 124 ] || fail "a paste hangs when its owner dies"
# All of it may have come before; half of it is never pasted.
[ ! -s half ] || cmp -s half blob || fail "half of it was pasted"
works

# Who pastes goes in the midst of it.
blob 67108864
copy "$host" image/png blob
wait_for has "$desk" image/png
for _ in 1 2 3; do
	start at "$desk" xclip -selection clipboard -t image/png -o >/dev/null 2>&1
	sleep 0.1
	stop "$pid"
done
works

# The viewer goes: what was the other side's is not there any more.
printf 'of the desk' >blob
copy "$desk" UTF8_STRING blob
wait_for pasted "$host" UTF8_STRING blob
stop "$viewer"
wait_for empty "$host"
