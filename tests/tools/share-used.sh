#!/usr/bin/env bash
# A code serves once: while the first one looks, and after it, the second is told
# so; and what is said at the host has the command that makes another.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
start rd-send --config "$host_dir" --no-ask --code --code-fd 5 -- rd-encode -- \
	rd-capture --source test --size 64x48 2>host.log 5>code </dev/null
host=$pid
wait_for test -s code
start setsid -w rd-recv --config viewer "$(cat code)" >s.rd 2>viewer.words </dev/null
first=$pid
wait_for test -s s.rd
wait_for grep -q "has been used.*kill -USR1 $host" host.log
[ "$(grep -c 'has been used' host.log)" -eq 1 ] || fail "$(cat host.log)"
view_refused code-expired 'been used' "$(cat code)"
running "$first" || fail "the first one was disturbed: $(cat viewer.words)"
