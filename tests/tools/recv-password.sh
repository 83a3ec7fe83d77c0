#!/usr/bin/env bash
# A host with a password: given by descriptor, environment or at the terminal;
# who has it needs no key of the host's before, and knows it afterwards.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

serve -- rd-encode -- rd-capture --source test --size 64x64 --frames 3
echo 'correct horse' >right
echo 'battery staple' >wrong

refused password 'no password' recv --host-key "$host_key" --password-fd 5 5<right
rd-key --config "$at_host" password --password-fd 5 5<right
known="$keys/known_hosts"

recv --password-fd 5 5<right >s.rd || fail "by descriptor: $(cat words)"
grep -q "^$at $host_key password " "$known" || fail "not remembered: $(cat "$known")"
rd-view --to hash s.rd >hashes
[ "$(wc -l <hashes)" -eq 3 ] || fail "no pictures: $(cat hashes)"
# Also where the key is known, and ours is not.
RD_PASSWORD='correct horse' recv --json >s.rd || fail "by environment: $(cat words)"
grep -q '"by":"password"' words || fail "$(cat words)"

refused password 'wrong' recv --password-fd 5 5<wrong
refused refused 'rd-key allow' recv
# With the right password, yet another key than the one known.
rd-key trust "$at" "$(key_of other)" --replace
refused host-key 'rd-key trust --replace' recv --password-fd 5 5<right
rd-key forget "$at"

# At a terminal: three tries.
at_terminal sh -c "rd-recv $at >s.rd"
prompted 1 'Password of'
types 'battery staple'
prompted 1 'That was wrong'
types 'correct horse'
wait_for terminal_says 'status 0'
stop "$pid"
rd-key forget "$at"
at_terminal sh -c "rd-recv $at >s.rd"
for n in 1 2 3; do
	prompted "$n" 'Password of'
	types "wrong $n"
done
wait_for terminal_says 'status 21'
terminal_says 'correct horse' && fail "it is on the screen"
stop "$pid"

# An authenticator on top.
rd-key --config "$at_host" totp --json >totp.json 2>/dev/null </dev/null
echo 000000 >code
refused totp 'wrong, or used' recv --password-fd 5 --totp-fd 8 5<right 8<code
refused totp 'totp-fd' recv --password-fd 5 5<right
totp "$at_host/totp" >code
recv --password-fd 5 --totp-fd 8 5<right 8<code >s.rd || fail "right code: $(cat words)"

# One that comes on stdin is the monitor's to read, not the child's.
mkfifo secret
exec 9<>secret
# shellcheck disable=SC2016 # expanded by the shell started here
start sh -c 'exec rd-recv --password-fd 0 "$1" <secret >s.rd 2>words 9>&-' _ "$at"
child_is_without() {
	local all
	read -ra all <"/proc/$pid/task/$pid/children" || [ "${#all[@]}" -gt 0 ] || return 1
	[ "$(readlink "/proc/${all[0]}/fd/0")" = /dev/null ]
}
wait_for child_is_without
echo 'correct horse' >&9
stop "$pid"
