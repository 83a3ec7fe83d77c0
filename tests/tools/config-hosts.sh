#!/usr/bin/env bash
# A host of the configuration is its address, as if that had been typed: a host, one
# with its key, an address of ssh; rd-view hands its name on to rd-recv.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-config.sh"

key=rd:uEkKg6JGDNWGXW43ZErw5Mcb6uSc_g4b7Kid1i_xBQI
# Nobody is there: what is not reached is the address.
config 'hosts:' '  office: {address: "127.0.0.1:9", rd-recv: {timeout: 100ms, accept-new: yes, tcp: yes}}' \
	'  kiosk: {address: "ssh://nobody@kiosk.invalid", ssh-command: ./ssh}' \
	"  keyed: {address: '127.0.0.1:9', key: '$key', rd-recv: {once: yes, tcp: yes, timeout: 100ms}}"
unreached() { # words of rd-recv
	local status=0
	"$@" >out 2>words || status=$?
	[ "$status" -eq 14 ] || [ "$status" -eq 13 ] || fail "status $status: $(cat words)"
}
unreached rd-recv office
unreached rd-view --to null office
unreached rd-view --to null --host office
unreached rd-wait --still 1s --timeout 20s office
unreached rd-recv keyed
grep -q 'users here' words && fail "the key was not taken: $(cat words)"

# By ssh, with the options of that host.
printf '#!/bin/sh\necho "$@" >asked\nexit 9\n' >ssh
chmod 755 ssh
rd-shot -o x.png kiosk 2>/dev/null && fail 'a picture of nothing'
grep -q -- '-l nobody -- kiosk.invalid' asked
rm asked
rd-type --on kiosk text 2>/dev/null && fail 'typed nowhere'
grep -q -- '-l nobody -- kiosk.invalid' asked

# Text is text, whatever hosts are called, and a file is named by its path.
expect ' (built in)' ssh-command rd-type kiosk
printf 'this is no stream, and long enough to be known for none\n' >kiosk
exits 4 rd-view --to null ./kiosk 2>/dev/null
# rd-record's last operand is its file.
expect ' (built in)' ssh-command rd-record kiosk
expect './ssh (host kiosk)' ssh-command rd-record kiosk k.webm

# A session is called as its host is here.
printf '#!/bin/sh\nexec sleep 1000\n' >ssh
config 'hosts: {desk: {address: "ssh://nobody@kiosk.invalid", ssh-command: ./ssh}}'
called() {
	rd-ctl words sessions | grep -qx "$1"
}
start rd-view --to null desk
wait_for called desk
stop "$pid"
start rd-view --to null --name mine desk
wait_for called mine
called desk && fail 'it is called by both names'
stop "$pid"
