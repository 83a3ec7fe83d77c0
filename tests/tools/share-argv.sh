#!/usr/bin/env bash
# A code on the command line is gone from there at once, in rd-view and in
# rd-recv; what rd-view starts never has it there.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
share -- rd-encode -- rd-capture --source test --size 64x48
words=${code#*-}
start rd-view --config viewer --to hash "$code" >hashes 2>words
wait_for test -s hashes
for line in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do
	! tr '\0' ' ' 2>/dev/null <"$line" | grep -qF -e "$words" || fail "$line has the code"
done
pgrep -P "$pid" >/dev/null || fail "rd-view has started nothing"
