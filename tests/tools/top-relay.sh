#!/usr/bin/env bash
# rd-top --relay: the figures of a real relay, as a page, a table and JSON; of one
# that goes away, and of what is none.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-top.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

says() { # exit status, text, command…
	local code=$1 text=$2
	shift 2
	exits "$code" "$@" 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	grep -qF -e "$text" words || fail "$*: $(cat words)"
}

relay_up --metrics 127.0.0.1:0
port=$(sed -n 's/.*"event":"listening".*"metrics":\([0-9]*\).*/\1/p' relay.log)
metrics=127.0.0.1:$port
host_knows
share -- rd-encode -- rd-capture --source test --size 64x48
of() { rd-top --relay "$metrics" --json --interval 200ms | head -n 1 | jq -e "$1" >jq.out; }
wait_for of '.hosts == 1 and .codes == 1 and .peers.udp >= 1 and .in.rate >= 0 and .cpu >= 0'
rd-top --relay "http://$metrics/metrics" --once >table
grep -Eq "^relay     http://$metrics/metrics, serves$" table || fail "$(cat table)"
grep -Eq '^peers +[1-9]' table || fail "$(cat table)"
[ "$(sed -n '/^REFUSED/,$p' table | wc -l)" -eq 19 ] || fail "$(cat table)"

open_top 80x24 --relay "$metrics"
wait_for shows "^ rd-top  http://$metrics/metrics  serves +..:..:..$"
wait_for shows '^ peers +[1-9] +[0-9]+ UDP.* 1 hosts'
shows '^ sessions +[0-9]+ ' || fail "$(screen)"
wait_for shows '^ processor +[0-9.]+ +% +of a core'
shows '^ drop: malformed +[^ ]+ +0 ' || fail "$(screen)"
# A datagram for a session that nobody has is counted by its reason.
for _ in $(seq 50); do printf '\x22\0nobody, said a stranger' >"/dev/udp/127.0.0.1/$relay_port"; done
wait_for of '.refused.drop_unknown.total >= 25'
wait_for shows ' drop: unknown session +[^ ]+ +[2-9][0-9] '
resize 200x50
wait_for shows 'peak'
shows ' drop: .* too often: .*' || fail "$(screen)"
resize 40x10
wait_for shows '^ peers '
resize 80x24
keys '?'
wait_for shows 'how|hold what is shown'
keys x
# It goes, is missed, and comes again.
kill_relay
wait_for shows '^ rd-top  .* no answer '
wait_for shows '^ nobody answers there$'
relay_up --metrics "$metrics"
wait_for shows "^ rd-top  .* serves "
keys q
wait_for shows '^ended 0$'

says 14 'nobody answers there' rd-top --relay 127.0.0.1:1 --once
says 14 'no-such-host.invalid' rd-top --relay no-such-host.invalid --once
says 2 'http://HOST:PORT/metrics' rd-top --relay https://127.0.0.1/ --once
says 14 'status 404' rd-top --relay "http://$metrics/other" --once
says 14 'line 1 of its page is none of metrics' rd-top --relay "http://$metrics/health" --once
