#!/usr/bin/env bash
# The process at the network of a relay can open no file and start no program, and
# without its monitor it ends.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

# The sanitizers' run time needs what is forbidden.
[ -n "$RD_SAN" ] || rd-relay --state "$relay_dir" --listen 127.0.0.1:0 --stun-port 0 --metrics off --confine-test 2>words ||
	fail "not confined: $(cat words)"
relay_up
network=$(tr -d ' ' <"/proc/$relay_pid/task/$relay_pid/children")
grep -q '^Seccomp:[[:space:]]*2' "/proc/$network/status"
grep -q '^NoNewPrivs:[[:space:]]*1' "/proc/$network/status"
for thread in "/proc/$network"/task/*; do
	grep -q '^Seccomp:[[:space:]]*2' "$thread/status" || fail "a thread is not confined"
done
kill -KILL "$relay_pid"
wait_for ended "$network"
