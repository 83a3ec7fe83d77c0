#!/usr/bin/env bash
# The window of a monitor that comes takes no keyboard from another program: a host that
# plugs one in would read what is typed there.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
for tool in xdotool xprop; do command -v $tool >/dev/null || skip "no $tool"; done

left="left 200x300 0 0"
right="right 160x200 200 60"
named() { xdotool search --onlyvisible --name "^$1 - " 2>/dev/null; }
has_focus() { [ "$(xdotool getwindowfocus)" = "$1" ]; }
start_x 800x600
open_view --monitor each
tell "monitors $left"
tell "frame 400 300 336699"
wait_for named left
# As before: the first window has it, where no window manager gives it.
wait_for has_focus "$(named left)"

# Once it has let go of what is held it knows that it has lost it.
xdotool keydown b
wait_log '^key 48 0x62 down'
start xkeys >keys
wait_for grep -q ready keys
wait_log '^held 0$|^key 48 .* up'
xdotool keyup b
tell "monitors $left $right"
wait_for named right
[ "$(xprop -id "$(named right)" _NET_WM_USER_TIME)" = '_NET_WM_USER_TIME(CARDINAL) = 0' ] ||
	fail "a window manager would give it the keyboard"
xdotool key a
wait_for grep -q '^key 38 down' keys
! has_focus "$(named right)" || fail "it has the keyboard"
! grep -q '^key 30 ' "$log" || fail 'the host reads what is typed elsewhere'
