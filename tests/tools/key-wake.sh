#!/usr/bin/env bash
# By which network card a host is woken: set, listed, and forgotten, alone or with the host.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

rd-key wake >out
[ ! -s out ] && [ ! -e "$keys/wake" ] || fail "something is there: $(cat out)"
rd-key wake Build1:21118 52-54-00-12-AB-CD
[ "$(cat "$keys/wake")" = 'build1 52:54:00:12:ab:cd' ] || fail "$(cat "$keys/wake")"
rd-key wake '[2001:DB8::1]:7' 02:00:00:00:00:01
rd-key wake >out
grep -q '^build1 *  52:54:00:12:ab:cd$' out && [ "$(wc -l <out)" -eq 2 ] || fail "list: $(cat out)"
rd-key wake --json >out
grep -qxF '{"host":"build1","mac":"52:54:00:12:ab:cd"}' out || fail "json: $(cat out)"
# Another card takes the place of the old one.
rd-key wake build1 02:00:00:00:00:02
[ "$(rd-key wake --json | grep -c build1)" -eq 1 ] || fail "$(rd-key wake)"

refused 2 'rd-key wake HOST MAC' rd-key wake build1
refused 2 'rd-key wake HOST --remove' rd-key wake --remove
refused 2 'rd-key wake HOST --remove' rd-key wake build1 02:00:00:00:00:02 --remove
refused 2 'not a host' rd-key wake 'a b' 02:00:00:00:00:02
refused 2 "no network card's address" rd-key wake build1 02:00:00:00:00
refused 2 "no network card's address" rd-key wake build1 ff:ff:ff:ff:ff:ff
refused 10 'rd-key wake names' rd-key wake attic --remove
rd-key wake build1 --remove
! grep -q build1 "$keys/wake" || fail "still there: $(cat "$keys/wake")"

# Who forgets a host forgets that, too.
rd-key trust build1 "$(key_of one)"
rd-key wake build1 02:00:00:00:00:02
rd-key forget BUILD1
! grep -q build1 "$keys/wake" || fail "still there: $(cat "$keys/wake")"

# One that others can write is not believed.
chmod 666 "$keys/wake"
refused 23 'chmod' rd-key wake
