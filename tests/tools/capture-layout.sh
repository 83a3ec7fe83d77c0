#!/usr/bin/env bash
# The desktop gets the size that a viewer asks for, where that was allowed; the newest
# of many; and at the end it has its old one again, however it ends.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_xvnc 640x480
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
can() { # whether HELLO says LAYOUT
	wait_for saw '^hello'
	[ $(($(awk '/^hello/ {print $2}' "$log") & 32)) -ne 0 ]
}
has_size() { # WxH
	case $(xhash) in "$1 "*) true ;; *) false ;; esac
}
modes() {
	xrandr | grep -c '^ *rd-' || true
}

# Only where it was said, and then all sizes; no mode is left of those before.
view
can && fail "LAYOUT without --resize"
say layout 800 600
say ping
wait_for saw '^pong'
has_size 640x480 || fail "it obeys without --resize"
bye
view --resize
can || fail "no LAYOUT with --resize"
for size in 800x600 333x251 1024x768 641x479 1600x1200; do
	say layout "${size%x*}" "${size#*x}"
	wait_for saw "^frame [0-9]+ $size sync"
	settled
	[ "$(modes)" -le 1 ] || fail "modes are left: $(xrandr)"
done
# Of a thousand the last counts.
for i in $(seq 1000); do say layout $((400 + i)) $((300 + i)); done
say layout 777 555
wait_for has_size 777x555
settled
[ "$(grep -c '^frame .* sync' "$log")" -lt 500 ] || fail "it follows each of them"
bye
has_size 640x480 || fail "at the end it has $(xhash)"
[ "$(modes)" -eq 0 ] || fail "modes are left: $(xrandr)"
# One that somebody else has given it meanwhile stays.
view --resize
say layout 900 700
wait_for saw '^frame [0-9]+ 900x700'
xrandr -s 800x600
wait_for saw '^frame [0-9]+ 800x600'
bye
has_size 800x600 || fail "somebody else's size is gone: $(xhash)"
say layout 1 1
# With =keep the last one stays, too.
view --resize=keep
say layout 901 701
wait_for saw '^frame [0-9]+ 901x701'
bye
has_size 901x701 || fail "it does not keep the size: $(xhash)"

# Killed.
view --resize
say layout 640 480
wait_for saw '^frame [0-9]+ 640x480'
kill -KILL "$(pgrep -P "$viewer" -x rd-capture)"
wait_for has_size 901x701
wait_for ended "$viewer"
# Nonsense is no size, and the end of the stream.
view --resize
wait_for saw '^frame'
say layout 0 480
wait_for saw '^end 3'
wait_for ended "$viewer"
has_size 901x701 || fail "nonsense was obeyed: $(xhash)"

# Who does not obey input does not obey this, and whose size it is not.
for words in '--view-only' '--region 10x10+1+1' '--window 0x123'; do
	# shellcheck disable=SC2086
	exits 2 rd-capture --resize $words >/dev/null 2>words
	grep -q -- '--resize is for' words || fail "$words: $(cat words)"
done
exits 2 rd-capture --resize=perhaps >/dev/null 2>words
export RD_VIEW_ONLY=1
view --resize
can && fail "LAYOUT with RD_VIEW_ONLY"
bye
unset RD_VIEW_ONLY

# Xvfb shrinks, and grows no further than it was.
start_x 640x480
view --resize
can || fail "no LAYOUT with Xvfb"
say layout 320 200
wait_for saw '^frame [0-9]+ 320x200 sync'
say layout 8000 300
wait_for saw '^frame [0-9]+ 640x300 sync'
settled
bye
has_size 640x480 || fail "at the end it has $(xhash)"
# A server with one size says so, before anybody asks.
start_x 640x480 -extension RANDR
view --resize 2>words
can && fail "LAYOUT of a server with one size"
bye
grep -q 'keeps its size: ' words || fail "no reason: $(cat words)"
