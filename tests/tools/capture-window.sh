#!/usr/bin/env bash
# One window: its own pixels, followed when it moves, grows, hangs over the
# edge, goes away for a while, and for good.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
start xterm -T 'a window' -geometry 30x10+50+60 -e sh -c 'echo hello; sleep 1000'
terminal=$pid
window=
find_window() { window=$(xdotool search --name '^a window$' | head -n 1) && [ -n "$window" ]; }
wait_for find_window
shown_window() { xwininfo -id "$window" | grep -q 'Map State: IsViewable'; }
wait_for shown_window
id=$(printf '0x%x' "$window")
rd-capture --display "$DISPLAY" --list >list
grep -Eq "^window +:[0-9]+ +$id .* a window\$" list || fail "no window $id: $(cat list)"
rd-capture --display "$DISPLAY" --list --json >list
grep -Eq "\"kind\":\"window\".*\"id\":\"$id\".*\"title\":\"a window\"" list || fail "no window $id: $(cat list)"

view --window "$id"
settled "$window"
xdotool mousemove 90 90
say pointer 5 7
wait_for saw '^pointer 5 7 1$'

# It moves: the same picture, and the pointer's place is another one.
xdotool windowmove "$window" 200 100
moved() { say pointer 1 1 && sleep 0.05 && xdotool getmouselocation | grep -q '^x:20[12] y:10[12] '; }
wait_for moved
settled "$window"

# It grows.
xdotool windowsize "$window" 400 300
wait_for saw '^frame [0-9]+ 400x300 sync'
settled "$window"

# Over the edge: black where the screen ends.
xdotool windowmove "$window" 540 -20
black() { say pixel 399 299 && say pixel 50 5 && saw '^pixel 399 299 000000' && saw '^pixel 50 5 000000'; }
wait_for black
xdotool windowmove "$window" 10 10
settled "$window"

# Away, and back.
xdotool windowunmap --sync "$window"
n=$(frames)
xdotool windowmap --sync "$window"
wait_for more_frames_than "$n"
settled "$window"

# A part of it.
start talk part.log -- rd-capture --window "$id" --region 50x40+30+20
part=$pid
wait_for grep -q '^frame 1 50x40 sync' part.log

# By its title, or a part of it; of several windows the number is asked for.
rd-capture --window 'a window' --frames 1 | rd-view --to hash - >by_title
rd-capture --window 'wind' --frames 1 | rd-view --to hash - >by_part
rd-capture --window "$id" --frames 1 | rd-view --to hash - >by_number
[ "$(cut -d' ' -f3- by_title)" = "$(cut -d' ' -f3- by_number)" ] || fail "another window by its title"
[ "$(cut -d' ' -f3- by_part)" = "$(cut -d' ' -f3- by_number)" ] || fail "another by a part of it"
start xterm -T 'a window, too' -geometry 10x2+300+300
two_windows() { [ "$(rd-capture --list --display "$DISPLAY" | grep -c 'a window')" -eq 2 ]; }
wait_for two_windows
rd-capture --window 'a window' --frames 1 >whole || fail "a whole title is not the one"
exits 7 rd-capture --window 'a win' >/dev/null 2>words
grep -Eq "one by its number:( 0x[0-9a-f]+ \(a window, too\),)? $id \(a window\)" words || fail "$(cat words)"
exits 10 rd-capture --window 'no such' >/dev/null 2>words
grep -q 'no window called "no such"' words || fail "$(cat words)"
exits 2 rd-capture --window 0 >/dev/null 2>words
exits 2 rd-capture --window '' >/dev/null 2>words

# Closed: that is the end of the stream, and no failure.
stop "$terminal"
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"
saw '^end 0 0 the window was closed' || fail "$(tail -n 3 "$log")"
wait_end "$part"

exits 10 rd-capture --window "$id" >/dev/null 2>words
grep -q "no window $id" words || fail "$(cat words)"
