#!/usr/bin/env bash
# Whoever comes by a code is asked about as others are: the command of
# --on-connect is told by what, and an authenticator's code is wanted on top
# where one is set up. Such a viewer may do what a key without options may.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

film=(rd-encode -- rd-capture --source test --size 64x48 --frames 3)
cat >hook <<-'HOOK'
	#!/bin/sh
	env >hook.said
	exit "$(cat hook.answer)"
HOOK
chmod +x hook
relay_up
host_knows
echo 1 >hook.answer
share --on-connect "$PWD/hook" -- "${film[@]}"
view_refused refused 'turned you away' "$code"
grep -qx RD_BY=code hook.said || fail "$(cat hook.said)"
grep -qx RD_NAME= hook.said || fail "$(cat hook.said)"
stop "$host"
echo 0 >hook.answer
share --on-connect "$PWD/hook" -- "${film[@]}"
view "$code"
[ "$status" -eq 0 ] || fail "$(cat words host.log)"
event host.log granted '"rights":"view, sound, input, clipboard out, clipboard in"' ||
	event host.log granted '"rights":"view, sound, clipboard out, clipboard in"' || fail "$(cat host.log)"
stop "$host"

rd-key --config "$host_dir" totp >/dev/null
share -- "${film[@]}"
view_refused totp 'authenticator' "$code"
stop "$host"
share -- "${film[@]}"
totp "$host_dir/totp" >number
view --totp-fd 5 "$code" 5<number
[ "$status" -eq 0 ] || fail "with the number: $(cat words host.log)"
