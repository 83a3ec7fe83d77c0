#!/usr/bin/env bash
# The process at the network opens no file, starts no program and signals
# nobody; and what it may do is enough for a session.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

[ -z "$RD_SAN" ] || skip "sanitizers need what is forbidden"
host_folder
exits 0 rd-send --config "$hostdir" --listen 127.0.0.1:0 --confine-test -- true >tried 2>&1
[ -s tried ]
exits 1 rd-send --config "$hostdir" --listen 127.0.0.1:0 --confine-test --no-confine -- true >tried 2>&1
grep -q 'not confined' tried || fail "$(cat tried)"

person one
admit one
host_up -- rd-encode -- rd-capture --source test --size 64x48 --frames 5
recv one | rd-view --to hash - >by-udp
[ "$(wc -l <by-udp)" -eq 5 ] || fail "$(cat by-udp)"
recv one --tcp | rd-view --to hash - >by-tcp
cmp by-udp by-tcp
network=$(network_of "$sender")
grep -q '^Seccomp:[[:space:]]*2' "/proc/$network/status" || fail "no list of system calls"
grep -q '^NoNewPrivs:[[:space:]]*1' "/proc/$network/status"

# It holds its sockets, the monitor's, the loop's and the words' way out: not
# the terminal or pipes that we were started on, nor what else was left open.
stop "$sender"
: >host.log
mkfifo in
exec 8<>in
# shellcheck disable=SC2016 # expanded by the shell started here
start sh -c 'exec rd-send --config "$1" --listen 127.0.0.1:0 --json --no-ask -- \
	rd-capture --source test 9<"$1/identity"' _ "$hostdir" <in >out 2>host.log
sender=$pid
host_listens
network=$(network_of "$sender")
ls -l "/proc/$network/fd" >holds
if grep -E 'identity|/in$|/out$|inotify' holds; then fail "it holds what it does not need"; fi
