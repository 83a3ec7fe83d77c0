#!/usr/bin/env bash
# Relays this person knows: kept with a join key that is never shown, one of them
# its own; never taken for another, listed, forgotten.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

one=$(key_of one) two=$(key_of two)
join=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
rd-key relay >out
[ ! -s out ]
printf '%s\n' $join | rd-key relay Relay.Example.org:21120 "$one" --join-fd 0
[ "$(stat -c %a "$keys/relays")" = 600 ] || fail "others may read it"
rd-key relay >out
grep -qE "^relay.example.org +$(rd-key fingerprint "$one")  own  join key$" out || fail "list: $(cat out)"
grep -q $join out && fail "the join key is shown"

# Another one, only known; then it is the own one.
rd-key relay '[2001:db8::1]:443' "$two" --no-own
rd-key relay --json >out
grep -q "^{\"relay\":\"relay.example.org\",\"key\":\"$one\",\"fingerprint\":\"[a-z2-7-]*\",\"own\":true,\"join\":true}$" out ||
	fail "json: $(cat out)"
grep -q "\"relay\":\"\[2001:db8::1\]:443\",.*\"own\":false,\"join\":false" out || fail "json: $(cat out)"
rd-key relay '[2001:db8::1]:443' "$two" --no-join
[ "$(rd-key relay --json | grep -c '"own":true')" -eq 1 ] || fail "two of our own: $(rd-key relay)"
rd-key relay --json | grep -q '2001.*"own":true' || fail "not our own: $(rd-key relay)"

# By another key only when it is said.
refused 33 '--replace' rd-key relay relay.example.org "$two" --no-join
rd-key relay relay.example.org "$two" --no-join --replace

refused 2 'not a key' rd-key relay other "$one"x --no-join
refused 2 'no relay' rd-key relay 'a b' "$one" --no-join
refused 2 'key is missing' rd-key relay other
refused 2 'no terminal' setsid -w rd-key relay other "$one"
printf 'short\n' | exits 2 rd-key relay other "$one" --join-fd 0 2>words
grep -q 'no join key' words || fail "$(cat words)"
refused 2 'does not go with' rd-key list --join-fd 0
refused 2 'nothing else' rd-key relay --forget a b c
refused 10 'rd-key relay' rd-key relay --forget other
rd-key relay --forget RELAY.example.org
[ "$(rd-key relay --json | wc -l)" -eq 1 ]

# At a terminal it is asked for, without an echo.
at_terminal rd-key relay relay.example.org "$one"
prompted 1 'Join key of relay.example.org: '
types $join
wait_for terminal_says 'status 0'
terminal_says $join && fail "it is on the screen"
grep -q "join=$join" "$keys/relays" || fail "not kept: $(cat "$keys/relays")"
