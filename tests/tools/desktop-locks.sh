#!/usr/bin/env bash
# Caps and Num Lock of a desk and of a host in step, through the real tools: the
# host follows the one who types, a switch is one switch, and a host's own
# person is not fought until somebody types here.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

locked() { # on_host|on_desk, what xset calls it, on|off
	"$1" xset q | grep -q "$2: *$3"
}
types() { # what xdotool does, what arrives
	: >keys
	# shellcheck disable=SC2086
	on_desk xdotool $1
	wait_for typed "$2"
}

# Out of step before anybody is there.
start_host
on_host xdotool key Caps_Lock
locked on_host 'Caps Lock' on || fail 'the key does not lock'
start_desk 800x600
on_desk xdotool key Num_Lock
session --name locks
shows_window
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
on_host start_xkeys
wait_for locked on_host 'Caps Lock' off
wait_for locked on_host 'Num Lock' on
rd-ctl locks --wait locks=num --timeout "${WAIT_S}s"
types 'key a key shift+b key 87' aB1

# Switched at the desk by its key: once, on and off, and letters are as they are typed.
types 'key Caps_Lock key a key shift+b' Ab
wait_for locked on_host 'Caps Lock' on
locked on_desk 'Caps Lock' on || fail 'the desk has switched back'
rd-ctl locks --wait locks=caps,num --timeout "${WAIT_S}s"
types 'key Num_Lock key c' C
wait_for locked on_host 'Num Lock' off
types 'key Caps_Lock key d' d
wait_for locked on_host 'Caps Lock' off
rd-ctl locks --wait locks=none --timeout "${WAIT_S}s"

# Somebody at the host: it is told, and stays, until a key is pressed here.
on_host xdotool key Caps_Lock
rd-ctl locks --wait locks=caps --timeout "${WAIT_S}s"
on_desk xdotool mousemove 100 100 click 1
wait_for arrived 'button 1 up'
locked on_host 'Caps Lock' on || fail 'a click has switched it'
locked on_desk 'Caps Lock' off || fail "the desk's own lock was switched"
types 'key a key b' ab
wait_for locked on_host 'Caps Lock' off
rd-ctl locks --wait locks=none --timeout "${WAIT_S}s"

# Another window here is typed into; then ours again.
start env DISPLAY="$desk" xterm -geometry 10x3-0-0 -T other
other_is_there() { other=$(on_desk xdotool search --onlyvisible --name '^other$' 2>/dev/null); }
wait_for other_is_there
on_desk xdotool windowfocus --sync "$other" key Caps_Lock
locked on_desk 'Caps Lock' on || fail 'the key does not lock'
# A click in ours comes to the host after whatever else was sent.
: >keys
on_desk xdotool mousemove 100 100 click 1
wait_for arrived 'button 1 up'
locked on_host 'Caps Lock' off || fail 'keys of another window reach the host'
on_desk xdotool windowfocus --sync "$window"
wait_for locked on_host 'Caps Lock' on

# Physical keys: the host's own Caps Lock makes the letters, and so it has to be right.
rd-ctl locks set keyboard=physical
types 'key a' A
on_host xdotool key Caps_Lock
rd-ctl locks --wait locks=none --timeout "${WAIT_S}s"
types 'key a key Caps_Lock key a' Aa
wait_for locked on_host 'Caps Lock' off
on_desk xdotool key Caps_Lock
wait_for locked on_host 'Caps Lock' on

# What is locked stays so when the viewer goes; only what is held is let go.
close_session
locked on_host 'Caps Lock' on || fail 'the end has switched it'

# One that only watches is told, and tells nothing.
session --name locks --view-only
shows_window
on_desk xdotool windowfocus --sync "$window" key Caps_Lock
locked on_desk 'Caps Lock' off || fail 'the key does not unlock'
on_host xdotool key Num_Lock
wait_for locked on_host 'Num Lock' on
rd-ctl locks --wait locks=caps,num --timeout "${WAIT_S}s"
close_session
