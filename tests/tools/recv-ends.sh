#!/usr/bin/env bash
# However rd-recv ends, the stream it wrote has an END where it could have one,
# the host knows, and none of its processes stays.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

serve -- rd-encode -- rd-capture --source test --size 64x64 --fps 50
admit
know

left() { # how many viewers the host has seen leave
	[ "$(grep -c '"event":"closed"' host.log)" -ge "$1" ]
}
leaves=0
gone() {
	leaves=$((leaves + 1))
	wait_for left $leaves
}

begin() {
	: >s.rd
	start rd-recv "$at" >s.rd 2>words </dev/null
	receiver=$pid
	wait_for test -s s.rd
	net=$(tr -d ' ' <"/proc/$receiver/task/$receiver/children")
	[ -n "$net" ] || fail "one process"
}

# Interrupted: an ordinary end.
for signal in INT TERM HUP; do
	begin
	kill -"$signal" "$receiver"
	wait_end "$receiver"
	[ "$status" -eq 0 ] || fail "SIG$signal: $status $(cat words)"
	ended "$net" || fail "SIG$signal: the other process stays"
	exits 0 rd-view --to hash s.rd >hashes
	gone
done
grep -q '"why":"done"' host.log || fail "without a goodbye: $(cat host.log)"

# Killed, either of both.
begin
kill -9 "$receiver"
wait_end "$receiver"
wait_for ended "$net"
gone
begin
kill -9 "$net"
wait_end "$receiver"
[ "$status" -eq 1 ] || fail "its child was killed: $status"
grep -q 'signal 9' words || fail "$(cat words)"

# The reader goes.
{ code=0; setsid -w rd-recv "$at" 2>words </dev/null || code=$?; echo $code >code; } | head -c 1000 >part.rd
exitnames | grep -qx "$(cat code) output" || fail "the reader is gone: $(cat code words)"
gone
exits 8 recv >/dev/full
gone

# Who shows it ends it, and both are gone.
: >talk.log
mkfifo lines
exec 9<>lines
# shellcheck disable=SC2016 # expanded by the shell started here
start sh -c 'exec talk talk.log -- rd-recv "$1" <lines 9>&-' _ "$at" 2>words
viewer=$pid
wait_for grep -q '^frame 3 ' talk.log
echo end >&9
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "the viewer has ended: $status $(cat words)"
gone
exec 9>&-
exits 0 rd-view --to hash --frames 5 "$at" >hashes
gone

# The process that has the network has nothing else.
if [ -z "$RD_SAN" ]; then
	rd-recv --log info --confine-test "$at" >tried 2>words </dev/null || true
	sed -i '/TCP socket\|UDP socket/d' tried
	grep -q 'no Landlock' words && sed -i '/file\|home/d' tried
	{ [ "$(grep -c refused tried)" -ge 3 ] && ! grep -q possible tried; } || fail "$(cat tried words)"
	begin
	grep -q '^Seccomp:[[:space:]]*2' "/proc/$net/status" || fail "not confined"
	stop "$receiver"
fi
