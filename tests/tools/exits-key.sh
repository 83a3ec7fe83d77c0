#!/usr/bin/env bash
# Every exit code that rd-key(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
tool rd-key
one=$(key_of one)
two=$(key_of two)
bob() { rd-key allow "$(key_of "$1")" bob; }

rd-key allow "$one" ann >/dev/null 2>&1
well rd-key trust build1 "$one"
well rd-key relay relay.example.org "$one" --no-join
provoke failure '--replace' rd-key allow "$one" Anna
provoke usage 'there is no option --colour' rd-key --colour
provoke usage 'there is no "frobnicate" to do' rd-key frobnicate
provoke usage 'no terminal' setsid -w rd-key password
bob two >/dev/null 2>&1
bob three >/dev/null 2>&1
provoke choose 'several' rd-key remove bob
to_full() { rd-key list >/dev/full; }
provoke output 'No space left' to_full
provoke output 'cannot write' rd-key --config /dev/null/rd allow "$one"
provoke input 'rd-key list' rd-key remove eve
provoke host-key '--replace' rd-key trust build1 "$two"
provoke relay-key '--replace' rd-key relay relay.example.org "$two" --no-join
chmod 666 "$keys/authorized_keys"
provoke identity 'chmod go-w' rd-key list

at_terminal rd-key totp
for n in 1 2 3; do
	prompted $n 'The code that the authenticator shows: '
	types nonsense
done
wait_for terminal_says 'status 22'
seen totp
stop "$pid"
at_terminal rd-key password
prompted 1 'New password: '
printf 'half\003' >&7
wait_for terminal_says 'status 130'
seen 130
all_provoked
