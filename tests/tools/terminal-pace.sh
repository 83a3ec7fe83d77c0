#!/usr/bin/env bash
# A terminal that is slow is never more than one frame behind: what changes while
# it has not said that it has seen the last frame is gathered, and then the newest
# picture is painted. Until then the peer is not told that there is room for more.
# alone: what seems at rest beside others may only not have had its turn yet
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-terminal.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

mkfifo fifo
exec 7<>fifo
log=$PWD/log
: >"$log"
open_terminal kitty 80x25 8x16 rd-view --to terminal --name slow -- view-peer "$log" "$PWD/fifo"
tell 'frame 320 192 000000'
wait_log '^ack 1$'
shows() { # colour
	shoots shown.png
	[ "$(convert shown.png -format '%[hex:p{320,192}]' info:)" = "$1" ]
}
wait_for said '^seen'
person 'hold'
person 'tty'
wait_for said '^raw'
for n in 2 3 4 5 6 7 8 9; do
	tell "paint 0 0 320 192 $n$n$n$n$n$n"
	rd-ctl slow --wait frames=$n --timeout 60s
done
# One of them, the first, may be under way; or the last line, before it.
before=$(grep -c '^seen' "$terminal_log")
shoots shown.png
[ "$(convert shown.png -format '%[hex:p{320,192}]' info:)" != 999999 ] || fail "it did not wait"
person 'go'
wait_for shows 999999
wait_log '^ack 9$'
acks=$(grep -c '^ack' "$log")
[ "$acks" -le $(($(grep -c '^seen' "$terminal_log") + 1)) ] || fail "what nobody has seen was acknowledged: $(cat "$log")"
after=$(grep -c '^seen' "$terminal_log")
[ $((after - before)) -le 4 ] || fail "$((after - before)) frames for one picture"

# At rest nothing runs.
decoder=$(pgrep -P "$(pgrep -P "$terminal" -x rd-view)" -x rd-view)
wakes() { awk '/^(non)?voluntary_ctxt/ { n += $2 } END { print n }' "/proc/$decoder/status"; }
at_rest() {
	local was
	was=$(wakes)
	sleep 1
	[ "$(wakes)" = "$was" ]
}
if [ -z "$RD_SAN" ]; then
	wait_for at_rest
	before=$(wakes)
	sleep 3
	[ "$(wakes)" = "$before" ] || fail "$(($(wakes) - before)) wake-ups in 3 s"
fi
person 'type \033[93;5u\033[113;1;113u'
wait_end "$terminal"
[ "$status" -eq 0 ] || fail "status $status"

# So one that takes nothing at all stops the encoder, and one that takes it again goes on.
encoder() { rd-ctl slowest/rd-encode get "$1"; }
open_terminal kitty 80x25 8x16 rd-view --to terminal --name slowest -- \
	rd-encode -- rd-capture --source test --size 320x192 --fps 30 --injector log
quick=$terminal
wait_for said '^seen [0-9]{4}'
person 'hold'
stands() { # value
	local was
	was=$(encoder "$1")
	sleep 0.5
	[ -n "$was" ] && [ "$(encoder "$1")" = "$was" ]
}
wait_for stands frames
was=$(encoder frames)
person 'go'
goes_on() { [ "$(encoder frames)" -gt $((was + 5)) ]; }
wait_for goes_on
person 'type \033[93;5u\033[113;1;113u'
wait_end "$quick"
[ "$status" -eq 0 ] || fail "status $status"

# Names and words of others reach the terminal as text that does nothing.
exec 7>&-
mkfifo fifo2
exec 7<>fifo2
: >"$log"
open_terminal plain 80x25 8x16 rd-view --to terminal --title "$(printf 'a\033[31mb\007')" -- view-peer "$log" "$PWD/fifo2"
tell 'frame 320 192 000000'
tell "$(printf 'notice c\033]0;d\007e')"
wait_log '^ack 1$'
wait_for said '^seen'
said 'set 31' && fail "a title did something"
person 'type \035q'
wait_end "$terminal"
[ "$status" -eq 0 ] || fail "status $status"
