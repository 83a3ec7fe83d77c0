#!/usr/bin/env bash
# Programs that read a new keymap late, as Chromium does, get what no key of the host has:
# a spare key is not pressed at once after it was given its character. Measured by the
# server's clock in its own events: it counts when the server did it, however slow we are.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

presses() { # how many there are by now
	[ "$(grep -c ^press log)" -ge "$1" ]
}

# The server tells of one for each of its keyboards.
maps() {
	grep ^map log | cut -d' ' -f1-2 | uniq | wc -l
}

# The server's clock may be as coarse as 10 ms. Prints how many of the keys were new.
all_late() {
	awk '$1 == "map" { for (k = $2; k < $2 + $3; k++) given[k] = $5 }
		$1 == "press" && $2 in given {
			since = ($4 - given[$2] + 4294967296) % 4294967296
			if (since < 40) { print $2 " was pressed after " since " ms" >"/dev/stderr"; exit 1 }
			if (!(($2, given[$2]) in seen)) { seen[$2, given[$2]]; n++ }
		}
		END { print n + 0 }' log
}

start_x 640x480
: >log
start keytimes >>log
wait_for grep -qx ready log
start_injector

# In a text they are bound together, before the first of them; what comes behind waits.
say 'text x漢字仮z'
wait_for presses 5
! sed '1,/^press/d' log | grep -q ^map || fail "not together: $(cat log)"
mapfile -t keycodes < <(sed -n 's/^press \([0-9]*\) .*/\1/p' log)
[ "${keycodes[0]} ${keycodes[4]}" = '53 52' ] || fail "not in order: $(cat log)"
[ "$(all_late)" = 3 ] || fail "$(cat log)"
# They are known now.
say 'text 仮字漢'
wait_for presses 8
[ "$(maps)" = 3 ] || fail "bound again: $(cat log)"

# Key by key, held or not, whenever they come.
for c in ü ö ß é; do say "key 30 $c"; done
say 'key 31 ñ down' 'key 32 å down' 'key 31 up' 'key 32 up'
wait_for presses 14
[ "$(all_late)" = 9 ] || fail "$(cat log)"

# More than there are spare keys: of those that gave another character before, too.
text=
for ((i = 0; i < 60; i++)); do
	printf -v c '\\U%x' $((0x5000 + i))
	text=$text$c
done
say "text $(printf %b "$text")"
wait_for presses 74
[ "$(all_late)" = 69 ] || fail "$(cat log)"
[ "$(sed -n 's/^map \([0-9]*\) .*/\1/p' log | sort -u | wc -l)" -lt 69 ] || fail "no key was used twice"
stop_saying
