#!/usr/bin/env bash
# A running session goes through the relay when it is told to, at either end, and
# back; both ends say so, of the same session.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
share --name desk -- rd-encode -- rd-capture --source test --size 64x48 --fps 10
start rd-recv --config viewer --name office --json "$code" 2>viewer.words >/dev/null
rd-ctl office --wait path=direct --timeout 60s || fail "$(cat viewer.words host.log)"
session=$(rd-ctl office get session)

for end in office desk; do
	rd-ctl "$end" set path=relay
	rd-ctl office --wait path=relay --timeout 60s || fail "not by the relay: $(rd-ctl office; rd-ctl desk)"
	rd-ctl --json office | jq -e '.why != null and .relay != null and .address == null' >/dev/null ||
		fail "$(rd-ctl office)"
	frames=$(rd-ctl office get frames)
	more() { [ "$(rd-ctl office get frames)" -gt "$frames" ]; }
	wait_for more
	rd-ctl "$end" set path=auto
	rd-ctl office --wait path=direct --timeout 60s || fail "not back: $(rd-ctl office; rd-ctl desk)"
done
[ "$(rd-ctl office get session)" = "$session" ] || fail "it is another session"
event viewer.words moved "\"session\":\"$session\".*\"path\":\"relay\"" || fail "$(cat viewer.words)"
wait_for event host.log moved "\"session\":\"$session\".*\"path\":\"relay\""
exits 42 rd-ctl office set path=scenic 2>words
grep -q 'auto, direct or relay' words || fail "$(cat words)"
rd-ctl desk end
