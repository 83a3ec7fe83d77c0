#!/usr/bin/env bash
# The window tells how Caps Lock and such are here: when it gets the keyboard,
# and before a key where the other side has them otherwise; and never so that one
# switch becomes two.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
for tool in xdotool setxkbmap jq; do command -v $tool >/dev/null || skip "no $tool"; done

mark() {
	marked=$(wc -l <"$log")
}
since_mark() {
	tail -n +$((marked + 1)) "$log" | grep -E '^(locks|key)' || true
}
gives() { # expected lines, then the command
	local want=$1
	shift
	mark
	"$@"
	# A button that it has ends what is compared.
	xdotool click 9
	wait_for eval 'tail -n +$((marked + 1)) "$log" | grep -q "^button 4 up"'
	[ "$(since_mark)" = "$want" ] ||
		fail "$*: wanted $(printf '%s' "$want" | tr '\n' ';'), got $(since_mark | tr '\n' ';')"
}
key() { printf 'key %s %s down\nkey %s %s up' "$1" "$2" "$1" "$2"; }
lock_by_program() { # sentence
	mark
	rdsay --inject x11 "$1" >/dev/null
}

start_x 800x600
setxkbmap us
peer_args=(locks)
open_view --name locks
tell "frame 400 300 336699"
wait_window
focus
wait_log '^locks 3 0$'
tell "locked 3 0"
wait_for rd-ctl locks --wait locks=none --timeout "${WAIT_S}s"
xdotool mousemove --window "$window" 10 20

# In step: nothing is said.
gives "$(key 30 0x61)" xdotool key a
# Switched here: the key, and then what came of it.
gives "$(printf '%s\nlocks 3 1\n%s' "$(key 58 0xffe5)" "$(key 30 0x41)")" xdotool key Caps_Lock key a
gives "$(key 30 0x41)" xdotool key a
gives "$(printf '%s\nlocks 3 0' "$(key 58 0xffe5)")" xdotool key Caps_Lock
gives "$(printf '%s\nlocks 3 2\n%s' "$(key 69 0xff7f)" "$(key 79 0xffb1)")" xdotool key Num_Lock key 87
gives "$(printf '%s\nlocks 3 0' "$(key 69 0xff7f)")" xdotool key Num_Lock
# While the key of a lock is down, another.
gives "$(printf 'key 58 0xffe5 down\nlocks 3 1\n%s\nkey 58 0xffe5 up' "$(key 30 0x41)")" \
	xdotool keydown Caps_Lock key a keyup Caps_Lock
gives "$(printf '%s\nlocks 3 0' "$(key 58 0xffe5)")" xdotool key Caps_Lock

# By a program here, at once.
lock_by_program 'locks caps on'
wait_for eval 'since_mark | grep -qx "locks 3 1"'
lock_by_program 'locks caps off'
wait_for eval 'since_mark | grep -qx "locks 3 0"'

# Switched there: here nothing changes, and the next key puts it right, once.
mark
tell "locked 3 3"
rd-ctl locks --wait locks=caps,num --timeout "${WAIT_S}s"
[ -z "$(since_mark)" ] || fail "it was answered: $(since_mark)"
gives "$(printf 'locks 3 0\n%s\n%s' "$(key 30 0x61)" "$(key 30 0x61)")" xdotool key a key a
# What the other side has not got is not told again and again.
tell "locked 1 0"
rd-ctl locks --wait locks=none --timeout "${WAIT_S}s"
gives "$(printf '%s\n%s\n%s' "$(key 69 0xff7f)" "$(key 30 0x61)" "$(key 30 0x61)")" xdotool key Num_Lock key a key a
xdotool key Num_Lock
tell "locked 3 0"

# Another window's keys are none of ours; when this one has the keyboard again it is said.
start xterm
wait_for xdotool search --onlyvisible --class XTerm >other
xdotool windowfocus --sync "$(tail -n 1 other)"
mark
xdotool key Caps_Lock
rdsay --inject x11 'locks num on' >/dev/null
focus
wait_for eval 'since_mark | grep -q ^locks'
[ "$(since_mark)" = 'locks 3 3' ] || fail "from another window: $(since_mark)"
rdsay --inject x11 'locks caps off num off' >/dev/null
xdotool key ctrl+alt+shift+q
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"

# One that only watches says nothing, and so one whose peer does not know of it.
for how in --view-only ""; do
	peer_args=(locks)
	[ -n "$how" ] || peer_args=()
	# shellcheck disable=SC2086
	open_view $how
	tell "frame 400 300 336699"
	wait_window
	focus
	xdotool key Caps_Lock key Caps_Lock
	tell "frame 401 300 336699"
	wait_log '^ack 2$'
	tell "end 0 0 over"
	wait_end "$viewer"
	logged '^(locks)' && fail "locks were sent: $(cat "$log")"
done
exit 0
