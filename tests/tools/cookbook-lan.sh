#!/usr/bin/env bash
# The cookbook's local network: a host that is found there, and one that sleeps.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
# build1 is a machine of this network here, for nobody else to see. (The shell goes on as
# another one, with the same process id and folder.)
if [ -z "${RD_OWN_HOSTS:-}" ]; then
	RD_OWN_HOSTS=${own_scratch:-none} exec unshare -m -- bash "$RD_ROOT/tests/tools/${0##*/}"
fi
[ "$RD_OWN_HOSTS" = none ] || own_scratch=$RD_OWN_HOSTS
printf '127.0.0.1 localhost\n10.77.0.1 build1\n' >hosts
mount --bind "$PWD/hosts" /etc/hosts
. "$RD_ROOT/tests/tools/lib-lan.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
machines build1 laptop
avahi build1 laptop
start_x 640x480
xsetroot -solid '#204060'

# A shell's line is one of that machine's.
at() { # machine, command…
	local aids="$PWD/aids-$1" machine=$1 tool
	shift
	mkdir -p "$aids"
	for tool in rd-send rd-view; do
		printf '#!/bin/sh\nexport DBUS_SYSTEM_BUS_ADDRESS=%s XDG_CONFIG_HOME=%s\nexec nsenter --net=%s -- %s "$@"\n' \
			"$(bus_of "$machine")" "$PWD/$machine" "/proc/${machine_pid[$machine]}/ns/net" "$RD_BIN/$tool" >"$aids/$tool"
		chmod +x "$aids/$tool"
	done
	PATH="$aids:$PATH" "$@"
}
as build1 rd-key allow "$(as laptop rd-key 2>/dev/null)" laptop
as laptop rd-key trust build1 "$(as build1 rd-key 2>/dev/null)"

at build1 simmer <<'L'
rd-send --announce -- rd-encode -- rd-capture
L
host=$dish
is_listed() {
	lan laptop "$RD_BIN/rd-view" --list --config "$PWD/laptop/rd" >list 2>list.words
}
wait_for is_listed
# While it begins, one family may be there without the other.
is_seen() {
	at laptop cook <<'L'
rd-view --list
L
	grep -q '^build1\.local  *10\.77\.0\.1:21118  .*  known:build1  ' out
}
wait_for is_seen

# It has a card, which a session tells; then it sleeps.
on laptop setsid -w rd-recv --config "$PWD/laptop/rd" --once --timeout 60s build1 </dev/null 2>words |
	head -c 1000 | grep -q . || fail "no session: $(cat words)"
dish=$host
served 0
mac=$(on build1 ip -o link show net0 | sed 's/.*link.ether \([0-9a-f:]*\) .*/\1/')
[ "$(as laptop rd-key wake --json)" = "{\"host\":\"build1\",\"mac\":\"$mac\"}" ] || fail "$(as laptop rd-key wake)"
on build1 ip address flush dev net0
on laptop ip neighbour flush dev net0
start_on build1 waketrap net0 "$mac" first >trap.log
trap_pid=$pid
wait_for grep -q asleep trap.log
at laptop simmer <<'L'
rd-view --wake build1
L
viewer=$dish
wait_end "$trap_pid"
on build1 ip address add 10.77.0.1/24 dev net0
as build1 start_on build1 "$RD_BIN/rd-send" -- rd-encode -- rd-capture
wait_for a_window '^build1 - direct'
dish=$viewer
served
