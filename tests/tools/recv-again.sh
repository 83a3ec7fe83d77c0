#!/usr/bin/env bash
# The network, or the host, goes away and comes back: rd-recv connects again by
# itself and says so, and what it writes is one stream.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

endless() {
	serve -- rd-encode --codec none -- rd-capture --source test --size 64x64 --fps 50
}

film() {
	serve -- rd-encode --codec none -- rd-capture --source test --size 96x64 --frames 7
}

# The process on the network first: nobody says goodbye. Over TCP that is seen at once.
crash() {
	local net
	net=$(cat "/proc/$host/task/$host/children")
	# shellcheck disable=SC2086
	kill -9 $net
	kill -9 "$host" 2>/dev/null || true
	wait_end "$host"
}

shows() { # recording
	rd-view --to hash --frames 1 "$1" >first 2>/dev/null
}

told() { # event
	grep -q "\"event\":\"$1\"" recv.words
}

endless
admit
know
start setsid -w rd-recv --tcp --json "$at" >s.rd 2>recv.words </dev/null
receiver=$pid
wait_for shows s.rd
crash
wait_for told reconnecting
grep -q '"event":"reconnecting",.*"after":0\.[4-6]' recv.words || fail "when? $(cat recv.words)"
running "$receiver" || fail "it ended: $(cat recv.words)"
film
wait_end "$receiver"
[ "$status" -eq 0 ] || fail "ended with $status: $(cat recv.words)"
[ "$(grep -c '"event":"connected"' recv.words)" -eq 2 ] || fail "$(cat recv.words)"

# One stream: one HELLO, numbers and times that go on, the second host's pictures, one END.
exits 0 rd-view --to hash s.rd >hashes
awk 'NR > 1 && ($1 <= number || $2 < time) { bad = 1 } { number = $1; time = $2 } END { exit bad }' \
	hashes || fail "numbers or times go back: $(cat hashes)"
rd-capture --source test --size 96x64 --frames 7 | rd-view --to hash - | cut -d' ' -f3- >want
tail -n 7 hashes | cut -d' ' -f3- | cmp - want || fail "other pictures: $(tail -n 9 hashes)"
head -n 1 hashes | grep -q ' 64x64 ' || fail "nothing of the first host: $(head -n 3 hashes)"
stop "$host"

# A viewer is told, and what it acknowledged before counts for the first host only.
endless
: >talk.log
start setsid -w talk talk.log -- rd-recv --tcp "$at" 2>talk.words </dev/null
viewer=$pid
logged() { grep -q "$1" talk.log; }
wait_for logged '^frame 5 '
crash
wait_for logged '^notice .*connecting again'
film
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "the viewer's rd-recv: $status: $(cat talk.words talk.log)"
[ "$(grep -c '^hello' talk.log)" -eq 1 ] || fail "a second HELLO: $(cat talk.log)"
[ "$(grep -c '^frame .* 96x64 ' talk.log)" -eq 7 ] || fail "not all of the second: $(cat talk.log)"
grep -q '^end 0' talk.log || fail "no END: $(tail -n 3 talk.log)"
stop "$host"

# Not with --once; and with --timeout not for ever.
for option in '--once lost' '--timeout=5s timeout'; do
	endless
	start setsid -w rd-recv --tcp "${option% *}" "$at" >s.rd 2>recv.words </dev/null
	receiver=$pid
	wait_for shows s.rd
	crash
	wait_end "$receiver"
	exitnames | grep -qx "$status ${option#* }" || fail "$option: $status $(cat recv.words)"
	# What has come is whole: END says why there is no more.
	code=0
	rd-view --to hash s.rd >hashes 2>/dev/null || code=$?
	[ "$code" -eq "$status" ] && [ -s hashes ] || fail "$option: the recording ends with $code"
done
