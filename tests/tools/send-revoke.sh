#!/usr/bin/env bash
# Sessions end when the key that they stand on is removed, expires, or loses a
# right; those of others go on.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

for who in removed reduced brief stays; do person $who; done
admit removed
admit reduced
admit stays
host_up -- rd-capture --source test --size 64x48
declare -A pid_of=()
for who in removed reduced stays; do
	watch $who
	pid_of[$who]=$viewer
	wait_for saw $who '^frame'
done
# On a slow machine it may come when its time is over: then it has more.
let_in() { event granted '"name":"brief"'; }
let_in_or_not() { let_in || ended "$viewer"; }
for seconds in 3 10 30; do
	admit brief --replace --expires "$(date -u -d "+$seconds seconds" +%Y-%m-%dT%H:%M:%S)"
	watch brief
	pid_of[brief]=$viewer
	wait_for let_in_or_not
	let_in && break
done
ended_with() { # name, status, what it is told
	gone "${pid_of[$1]}" "$2"
	grep -qF -- "$3" "$1.words" || fail "$1 is told: $(cat "$1.words")"
}
ended_with brief 18 'expired'
wait_for event revoked '"name":"brief".*"why":"expired"'
rd-key --config "$hostdir" remove removed
ended_with removed 18 'your key was removed'
wait_for event revoked '"name":"removed".*"why":"expired"'
# By hand, as an editor does it.
sed 's/^rd:.* reduced$/view-only &/' "$hostdir/authorized_keys" >changed
cat changed >"$hostdir/authorized_keys"
ended_with reduced 17 'rights of your key were changed'
wait_for event revoked '"name":"reduced".*"why":"right"'
# A line that makes no sense is told of, and touches nobody.
echo 'what is this' >>"$hostdir/authorized_keys"
wait_for told 'authorized_keys:'
say stays ping
wait_for saw stays '^pong'
say stays end
gone "${pid_of[stays]}" 0
! event revoked '"name":"stays"' || fail "who was not meant is gone"

# With less it may come again.
watch reduced
wait_for saw reduced '^frame'
event granted '"name":"reduced","rights":"view, sound' || fail "$(cat host.log)"
say reduced end
gone "$viewer" 0
