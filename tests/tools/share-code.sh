#!/usr/bin/env bash
# rd-relay, rd-share, and on a viewer that has never been set up one command: the
# same pictures arrive, keys reach the host, nobody else has seen the words.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

cat >producer <<-'PRODUCER'
	#!/bin/sh
	exec rd-capture --source test --size 160x120 --frames 20 --injector log
PRODUCER
chmod +x producer
"$PWD/producer" 2>/dev/null | rd-view --to hash - | cut -d' ' -f3- >want

relay_up
host_knows
: >host.log
start "$RD_ROOT/scripts/rd-share" --config "$host_dir" --json --no-ask -- rd-encode --codec none -- "$PWD/producer" \
	2>host.log </dev/null
host=$pid
wait_for has_code
code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
words=${code##*/} words=${words#*-}
grep -q '"seconds":600' host.log || fail "it lives for how long? $(cat host.log)"
rd-view --config viewer --to hash "$code" >hashes 2>words ||
	fail "$(cat words host.log relay.log)"
cut -d' ' -f3- hashes | cmp - want || fail "another picture"
[ ! -s words ] || ! grep -q -e error words || fail "not silent: $(cat words)"
event host.log code-over '"why":"used"' || fail "not used: $(cat host.log)"
event host.log connected '"path":"\(direct\|relay\)"' || event host.log connected '"by":"code"' ||
	fail "$(cat host.log)"
grep -q "^$relay $relay_key" viewer/relays || fail "the relay is not known: $(cat viewer/relays)"
[ ! -s viewer/known_hosts ] || fail "somebody was remembered"
grep -qF "$words" relay.log && fail "the relay has seen the words"
# Once.
view_refused code-expired 'been used' "$code"
stop "$host"

# Keys, at a host that goes on: a viewer that is talked to.
share -- rd-encode -- rd-capture --source test --size 64x48 --injector log
mkfifo lines
exec 8<>lines
talk viewer.log -- rd-recv --config viewer --json "$code" <lines 2>viewer.words &
started+=($!)
wait_for grep -q '^frame' viewer.log
echo 'key 30 0x61 1' >&8
echo 'key 30 0x61 0' >&8
wait_for grep -q 'key 30' host.log
echo end >&8
wait_for event host.log closed '"by":"code"|"why":"done"'

# Given by a descriptor, and never in any process's line.
share --once -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
printf '%s\n' "$code" >typed
start setsid -w rd-recv --config viewer --code-fd 5 5<typed >s.rd 2>words
wait_end "$pid"
[ "$status" -eq 0 ] || fail "by descriptor: $(cat words)"
wait_end "$host"
[ "$status" -eq 0 ] || fail "--once ended with $status: $(cat host.log)"
rd-view --to hash s.rd | tail -n 1 | grep -q . || fail "no picture"
