#!/usr/bin/env bash
# As view-focus.sh under a window manager that gives the keyboard to every new window but
# one whose person did nothing for it (EWMH, _NET_WM_USER_TIME).
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
for tool in openbox xterm xdotool xprop; do command -v $tool >/dev/null || skip "no $tool"; done

left="left 200x300 0 0"
right="right 160x200 200 60"
has_focus() { [ "$(xdotool getwindowfocus 2>/dev/null)" = "$1" ]; }
is_managed() { xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'; }
# In the list once it has been decided who has the keyboard
is_listed() { # window
	xprop -root _NET_CLIENT_LIST | grep -qw "$(printf 0x%x "$1")"
}
other_is_there() { other=$(xdotool search --onlyvisible --name '^other$' 2>/dev/null); }

start_x 800x600
export HOME=$PWD XDG_CONFIG_HOME=$PWD XDG_CACHE_HOME=$PWD
start openbox --sm-disable >openbox.log 2>&1
wait_for is_managed
open_view --monitor each
tell "monitors $left"
tell "frame 400 300 336699"
in_window_of left
first=$window
wait_for has_focus "$first"

: >typed
start xterm -T other -geometry 30x5+400+300 -e sh -c 'stty raw -echo; exec cat >>typed'
wait_for other_is_there
xdotool windowactivate "$other"
wait_for has_focus "$other"
xdotool type before
wait_for eval '[ "$(cat typed)" = before ]'

# A monitor is plugged in, goes and comes again
for turn in once again; do
	tell "monitors $left $right"
	in_window_of right
	wait_for is_listed "$window"
	xdotool type $turn
	wait_for grep -q "$turn\$" typed
	has_focus "$other" || fail "it took the keyboard: $turn"
	tell "monitors $left"
	wait_for windows_are 1
done
! grep -q '^key ' "$log" || fail 'the host reads what is typed elsewhere'

# Where the viewer has it a new window may have it
xdotool windowactivate "$first"
wait_for has_focus "$first"
xdotool key a
wait_log '^key 30 .* up'
