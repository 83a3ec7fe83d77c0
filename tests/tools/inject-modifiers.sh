#!/usr/bin/env bash
# Combinations arrive with the right modifiers; what is lifted or pressed for
# one character is put back; a key that is let go is the key that was pressed,
# whatever the layout has become.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

start_x 640x480
setxkbmap us
start_xkeys
start_injector

# Control 0x4, Alt 0x8, Shift 0x1
say 'key 29 Control_L down' 'key 56 Alt_L down' 'key 20 t' 'key 56 up' 'key 46 c' 'key 29 up'
wait_for arrived 'key 37 up'
arrived 'key 28 down 0x74 state 0xc' || fail 'Control-Alt-t'
arrived 'key 54 down 0x63 state 0x4 text \x03' || fail 'Control-c'

# Control and Shift as they are, also where the letter is on another key.
: >keys
say 'key 29 Control_L down' 'key 42 Shift_L down' 'key 16 A' 'key 42 up' 'key 29 up'
wait_for arrived 'key 37 up'
arrived 'key 38 down 0x41 state 0x5' || fail 'Control-Shift-a of a French keyboard'

# Shift+7 of a German keyboard: Shift is lifted while / is down, then back.
: >keys
say 'key 42 Shift_L down' 'key 8 / down' 'key 8 up' 'key 30 A' 'key 42 up' 'text ok'
wait_for arrived 'key 45 up'
grep -o '^key [0-9]* [a-z]*' keys | tr '\n' ';' >got
printf 'key %s;' '50 down' '50 up' '61 down' '61 up' '50 down' '38 down' '38 up' '50 up' \
	'32 down' '32 up' '45 down' '45 up' >want
cmp got want || fail "$(cat got)"

# The key that went down comes up: after a change of layout …
: >keys
say 'key 21 z down'
wait_for arrived 'key 52 down 0x7a'
setxkbmap de
say 'key 21 up' 'key 21 z'
wait_for arrived 'key 29 up'
[ "$(grep -c '^key 52 up' keys)" = 1 ] || fail 'the key of another layout stayed down'
arrived 'key 29 down 0x7a' || fail 'the new layout is not followed'
# … of modifiers …
: >keys
say 'key 16 @ down' 'key 42 Shift_L down' 'key 16 up' 'key 42 up'
wait_for arrived 'key 50 up'
arrived 'key 24 down 0x40 state 0x80' || fail 'AltGr-q'
arrived 'key 24 up' || fail 'AltGr-q stayed down'
# … and of a key that had no meaning.
: >keys
say 'key 16 漢 down' 'key 16 up' 'text z'
wait_for arrived 'key 29 up'
key=$(sed -n 's/^key \([0-9]*\) down 0x1006f22.*/\1/p' keys)
arrived "key $key up" || fail 'a spare key stayed down'

# A modifier this keyboard lacks is not replaced by another.
setxkbmap us
: >keys
say 'key 100 ISO_Level3_Shift down' 'key 16 @' 'key 100 up' 'text z'
wait_for arrived 'key 52 up'
! grep -q '^key 108 ' keys || fail 'AltGr became Alt'
arrived 'key 11 down 0x40' || fail '@ while AltGr is held'

# Russian first, or alone: Control-c is Control-c.
for layout in ru us,ru ru,us; do
	setxkbmap "$layout"
	: >keys
	say 'key 29 Control_L down' 'key 46 c' 'key 29 up'
	wait_for arrived 'key 37 up'
	grep -q '^key [0-9]* down 0x63 state 0x[24]*004 text \\x03\|^key [0-9]* down 0x63 state 0x4 ' keys ||
		fail "Control-c on $layout"
done

# A dead key composes.
setxkbmap de
: >keys
say 'key 13 dead_acute' 'key 18 e'
wait_for typed é
setxkbmap us
: >keys
say 'key 40 dead_acute' 'key 18 e'
wait_for typed é
stop_saying
