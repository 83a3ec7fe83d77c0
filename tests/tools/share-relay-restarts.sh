#!/usr/bin/env bash
# A relay that is started anew knows of no code: the host registers again, makes
# another and says so, or has the old one's number again and keeps it; a session that
# goes by it goes on.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

codes() {
	[ "$(grep -c '"event":"code"' host.log)" -ge "$1" ]
}
# The newest one: what it is called by at the relay is the number before its words.
relay_knows_code() {
	local slot
	slot=$(sed -n 's/.*"event":"slot".*"slot":\([0-9]*\).*/\1/p' relay.log | tail -n 1)
	code=$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log | tail -n 1)
	[ "${code%%-*}" = "$slot" ] || return 1
	code=$relay/$code
}
grown() {
	[ "$(stat -c %s s.rd)" -gt "$size" ]
}

relay_up
host_knows
share --shared -- rd-encode -- rd-capture --source test --size 64x48
start setsid -w rd-recv --config viewer --path relay --json "$code" >s.rd 2>viewer.words </dev/null
first=$pid
wait_for test -s s.rd
kill -USR1 "$host"
wait_for codes 2
kill_relay
relay_up
wait_for relay_knows_code
start setsid -w rd-recv --config viewer2 --json "$code" >s2.rd 2>viewer2.words </dev/null
wait_for event viewer2.words connected
running "$first" || fail "the first session has ended: $(cat viewer.words)"
size=$(stat -c %s s.rd)
wait_for grown
event viewer.words reconnecting && fail "it was begun anew: $(cat viewer.words)"
true
