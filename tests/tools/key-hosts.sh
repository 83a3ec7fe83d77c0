#!/usr/bin/env bash
# Hosts this viewer knows: trusted by key, never taken for another, forgotten.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

one=$(key_of one) two=$(key_of two)
rd-key hosts >out
[ ! -s out ]
rd-key trust Build1:21118 "$one"
rd-key trust build1 "$one"
refused 19 '--replace' rd-key trust build1 "$two"
rd-key hosts >out
grep -qE "^build1  $(rd-key fingerprint "$one")  given  20[0-9-]*T[0-9:]*Z$" out || fail "hosts: $(cat out)"
[ "$(rd-key fingerprint build1)" = "$(rd-key fingerprint "$one")" ]
rd-key trust build1 "$two" --replace
printf '%s\n' "$one" | rd-key trust '[2001:DB8::1]:7' -
[ "$(wc -l <"$keys/known_hosts")" -eq 2 ]
rd-key hosts --json >out
grep -q "^{\"host\":\"build1\",\"key\":\"$two\",\"fingerprint\":\"[a-z2-7-]*\",\"how\":\"given\",\"first_seen\":\"20.*Z\",\"line\":1,\"via\":null}$" out ||
	fail "json: $(cat out)"
grep -q '"host":"\[2001:db8::1\]:7"' out
refused 2 'not a host' rd-key trust 'a b' "$one"
refused 2 'not a host' rd-key trust '' "$one"
refused 2 'not a key' rd-key trust build2 "$one"x
rd-key trust Office "$one" --via Relay.example.org
rd-key hosts | grep -q '^office .* by relay.example.org$' || fail "hosts: $(rd-key hosts)"
rd-key hosts --json | grep -q '"host":"office",.*"via":"relay.example.org"' || fail "no relay"
refused 2 'no relay' rd-key trust attic "$one" --via 'a b'
rd-key forget office
rd-key forget '[2001:db8:0::1]:7'
refused 10 'rd-key hosts' rd-key forget build2
rd-key forget BUILD1
[ ! -s "$keys/known_hosts" ]
