#!/usr/bin/env bash
# Where a password alone is not enough: the code of an authenticator, once; a
# key that is authorized needs neither.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

person guest
person known
host_up -- rd-capture --source test --size 64x48
admit known
printf 'orbit cactus lamp\n' | rd-key --config "$hostdir" password --password-fd 0
rd-key --config "$hostdir" totp >uri

# code, exit status wanted: rd-recv's, or 0 when a picture came
enter() {
	local got=0
	printf '%s\n' "$1" >code
	RD_PASSWORD='orbit cactus lamp' recv guest --totp-fd 3 3<code >guest.rd 2>guest.words </dev/null ||
		got=$?
	[ $got -eq "$2" ] || fail "code \"$1\": exit status $got instead of $2: $(cat guest.words)"
}

# The host may see the new password a moment later than we set it.
password_known() { enter 000000x 22; }
known_at_last() { (password_known) 2>/dev/null 6>/dev/null; }
wait_for known_at_last
wait_for event refused '"why":"totp"'
[ ! -s guest.rd ] || fail "a wrong code got something"

# The right one lets in, for as long as the producer has pictures; and only once.
stop "$sender"
host_up -- rd-capture --source test --size 64x48 --frames 3
code=$(totp "$hostdir/totp")
enter "$code" 0
[ -s guest.rd ] || fail "the right code lets nobody in"
enter "$code" 22

# A key needs no code.
recv known >known.rd
[ -s known.rd ] || fail "a key was asked for a code"

# After many wrong ones none is taken for a while, not even the right one.
shut() { told 'none is taken for'; }
for i in 1 2 3 4 5 6 7 8 9 10; do
	shut && break
	enter "99999$i" 22
done
shut || fail "guessing goes on: $(cat host.log)"
enter "$(totp "$hostdir/totp" 1)" 22
