#!/usr/bin/env bash
# Every key of a keyboard that means nothing in particular is pressed as it is:
# on four layouts, evdev codes 1 to 127 arrive as the keycodes of the same keys.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

for code in $(seq 1 127); do printf 'key %d\n' "$code"; done >every-key
for code in $(seq 1 127); do
	printf 'key %d down\nkey %d up\n' $((code + 8)) $((code + 8))
done >expected

as_expected() {
	sed -n 's/^\(key [0-9]* \)\(down\|up\).*/\1\2/p' keys | cmp -s - expected
}

start_x 640x480
for layout in us de fr ru; do
	setxkbmap "$layout"
	start_xkeys
	rdsay --inject x11 <every-key
	wait_for as_expected
	# … and again, for the locks among them.
	rdsay --inject x11 <every-key
	stop "$xkeys"
done

# A key that was given a character of its own is no key of the keyboard meanwhile.
setxkbmap us
start_xkeys
start_injector
say 'text 漢'
wait_for typed 漢
spare=$(sed -n 's/^key \([0-9]*\) down .* text 漢/\1/p' keys)
say "key $((spare - 8))" 'key 30'
wait_for grep -q '^key 38 up' keys
[ "$(text_of_keys)" = 漢a ] || fail "typed $(text_of_keys)"
stop_saying
