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

# One that is called nearly so is none; that may have been a slip.
exits 14 rd-recv ofice 2>words
grep -q 'no address of that name.*; did you mean office?$' words || fail "$(cat words)"
exits 14 rd-shot -o x.png ofice 2>words
grep -q 'did you mean office?' words || fail "$(cat words)"
exits 14 rd-ctl config show rd-view ofice 2>words
grep -q 'did you mean "office"?' words || fail "$(cat words)"

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
# Whom the configuration knows is meant, whatever files there are.
cp kiosk office
unreached rd-view --to null office
cp kiosk picture.png
exits 4 rd-view --to null picture.png 2>words
grep -q '^rd-view: picture.png is a file, and no recording; ' words || fail "$(cat words)"
exits 4 rd-record picture.png x.webm 2>words
grep -q 'is a file, and no recording' words || fail "$(cat words)"
exits 4 rd-type --on picture.png text 2>words
exits 14 rd-view --to null --host picture.png 2>words
mkdir folder.d
exits 14 rd-view --to null folder.d 2>words
rd-capture --source test --size 16x16 --frames 1 >film
exits 2 rd-view --to null film 2>words
grep -q 'film is a recording: --file film' words || fail "$(cat words)"
rd-view --to null --file film
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
