#!/usr/bin/env bash
# Nothing sticks: a silent viewer's keys go up after two seconds, a snapshot
# lets go of what was lost on the way, two viewers share a key, and the end of
# the injector is the end of what it holds. A key that is held repeats as on
# the keyboard itself.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

start_x 640x480
xset r rate 100 50
start_xkeys
start_injector

# Silence, of one of two.
say 'peer 1' 'key 30 a down' 'button left down' 'peer 2' 'key 31 s down'
wait_for arrived 'key 39 down'
t0=$(date +%s%N)
until arrived 'key 38 up'; do
	say 'held 31'
	[ $((($(date +%s%N) - t0) / 1000000000)) -lt "$WAIT_S" ] || fail 'a silent viewer holds its keys'
	sleep 0.1
done
wait_for arrived 'button 1 up'
[ $((($(date +%s%N) - t0) / 1000000)) -ge 1900 ] || fail 'let go too early'
! arrived 'key 39 up' || fail "the other viewer's key went up too"

# It repeats, by the server; repeated downs add nothing.
say 'key 31 s down' 'key 31 s down' 'held 31'
wait_for arrived 'key 39 repeat'
[ "$(grep -c '^key 39 down' keys)" = 1 ] || fail 'a repeated down is a second press'

# So does a character that needs Shift lifted, as that character.
say 'key 42 Shift_L down' 'key 8 / down'
wait_for arrived 'key 61 repeat 0x2f'
say 'key 8 up' 'key 42 up'

# A snapshot lets go and does not press.
: >keys
say 'held 16'
wait_for arrived 'key 39 up'
say 'text z'
wait_for arrived 'key 52 up'
! arrived 'key 24 ' || fail 'a snapshot pressed a key'

# Two viewers on one key.
: >keys
say 'peer 1' 'key 30 a down' 'peer 2' 'key 30 a down' 'peer 1' 'key 30 up' 'text z'
wait_for arrived 'key 52 up'
! arrived 'key 38 up' || fail "the first viewer let go of the second one's key"
say 'peer 2' 'key 30 up'
wait_for arrived 'key 38 up'
[ "$(grep -c '^key 38 down' keys)" = 1 ] || fail 'one key was pressed twice'

# The end.
: >keys
say 'key 30 a down' 'key 17 漢 down' 'button right down'
wait_for arrived 'button 3 down'
stop_saying
wait_for arrived 'button 3 up'
wait_for arrived 'key 38 up'
key=$(sed -n 's/^key \([0-9]*\) down 0x1006f22.*/\1/p' keys)
wait_for arrived "key $key up"
