#!/usr/bin/env bash
# A network that nobody has set up, with the addresses that IPv6 gives itself: a host is
# found there, joined by its name, and its network card remembered.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-lan.sh"
machines desk lap
for one in desk lap; do on $one ip -4 address flush dev net0; done
ready() { # an address that nobody else has, which takes a moment
	on "$1" ip -6 address show dev net0 scope link -tentative | grep -q fe80
}
wait_for ready desk
wait_for ready lap
avahi desk lap
mkdir -m 700 host
rd-key --config "$PWD/host" allow "$(rd-key --config "$PWD/of-lap" 2>/dev/null)" lap 2>words
start_lan desk rd-send --config "$PWD/host" --announce=Desk -- rd-encode -- \
	rd-capture --source test --size 64x64 --frames 3 2>host.log
wait_for lists lap '^desk\.local  \[fe80::[0-9a-f:]*%[0-9]*\]:21118  .*  unknown  Desk$'
lan lap setsid -w rd-recv --config "$PWD/of-lap" --once --accept-new desk.local >s.rd 2>words </dev/null ||
	fail "no session: $(cat words)"
rd-view --file s.rd --to hash >hashes
[ "$(wc -l <hashes)" -ge 1 ] || fail "no picture"
mac=$(on desk ip -o link show net0 | sed 's/.*link.ether \([0-9a-f:]*\) .*/\1/')
[ "$(cat of-lap/wake)" = "desk.local $mac" ] || fail "remembered: $(cat of-lap/wake)"
