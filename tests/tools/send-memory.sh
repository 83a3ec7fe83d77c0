#!/usr/bin/env bash
# A viewer that reads nothing costs the memory of one picture, however many are made
# meanwhile, and however large another viewer has the desktop made for it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
[ -z "$RD_SAN" ] || skip "sanitizers keep what was freed"

start_xvnc 640x480
for who in ann bob; do
	person $who
	admit $who
done
host_up --name desk --shared -- rd-capture --resize
network=$(network_of "$sender")
anonymous() { awk '/^RssAnon/ {print $2}' "/proc/$network/status"; }
watch ann
asleep=("$viewer")
wait_for saw ann '^frame'
# What belongs to a viewer: the processes of rd-recv, too.
for ((i = 0; i < ${#asleep[@]}; i++)); do
	read -ra children <"/proc/${asleep[i]}/task/${asleep[i]}/children" || true
	asleep+=("${children[@]}")
done
[ ${#asleep[@]} -ge 3 ] || fail "only ${#asleep[@]} processes of a viewer"
watch bob
wait_for saw bob '^frame'

# More than what --shared keeps for who comes, and what malloc keeps of it.
kib=$((4096 * 2200 * 4 / 1024))
least=$(anonymous)
kill -STOP "${asleep[@]}"
trap 'code=$?; kill -CONT "${asleep[@]}"; cleanup $code' EXIT
# What was said of the one before is over, and what is gathered of one has gone its way.
sizes() { # WxH…
	local size
	for size; do
		say bob layout "${size%x*}" "${size#*x}"
		wait_for saw bob "^frame [0-9]* $size sync"
	done
}
is_small() { [ "$(anonymous)" -lt $((least + kib + kib / 2)) ]; }
sizes 4096x2200
wait_for is_small
[ "$(anonymous)" -gt $((least + kib / 2)) ] || fail "the picture is not kept: the viewer reads it"
sizes 4096x2190 4096x2180 4096x2170 4096x2160 4096x2150
wait_for is_small
kill -CONT "${asleep[@]}"
wait_for saw ann '^frame [0-9]* 4096x2150 sync'
