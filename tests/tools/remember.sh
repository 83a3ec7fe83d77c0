#!/usr/bin/env bash
# After a meeting by code both ends may know each other: when both want that, and
# not otherwise. Then a name is enough, through the relay that they met by.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

film=(rd-encode -- rd-capture --source test --size 64x48 --frames 30)
nobody_known() {
	[ ! -s viewer/known_hosts ] && [ ! -s "$host_dir/authorized_keys" ] ||
		fail "somebody is known: $(cat viewer/known_hosts "$host_dir/authorized_keys")"
}

relay_up
host_knows
# Nobody is asked on either side; then one alone wants it.
share -- "${film[@]}"
view "$code"
[ "$status" -eq 0 ] || fail "$(cat words host.log)"
nobody_known
stop "$host"
share --remember laptop -- "${film[@]}"
view "$code"
nobody_known
stop "$host"
share -- "${film[@]}"
view --remember office "$code"
nobody_known
stop "$host"

share --remember laptop -- rd-encode -- rd-capture --source test --size 64x48
start setsid -w rd-recv --config viewer --json --remember office "$code" >s.rd 2>words </dev/null
wait_for event words remembered '"yes":1'
wait_for event host.log remembered '"name":"laptop"'
wait_for test -s viewer/known_hosts
grep -qE "^office $(rd-key --config "$host_dir") code 20[0-9TZ:-]* via=$relay$" viewer/known_hosts ||
	fail "$(cat viewer/known_hosts)"
grep -qx "$(rd-key --config viewer) laptop" "$host_dir/authorized_keys" ||
	fail "$(cat "$host_dir/authorized_keys")"
stop "$pid"

# For ever after.
view --timeout 20 --once office &
started+=($!)
wait_for event words connected '"by":"key"'
kill "$!" 2>/dev/null || true
start rd-view --config viewer --to hash office >hashes 2>words
wait_for test -s hashes
stop "$pid"
stop "$host"
view_refused host-away "$relay" office

# Met by a code once more, another day: the name it has is its own, and since when.
sed -i 's/ code 20[0-9TZ:-]* / code 2026-01-02T03:04:05Z /' viewer/known_hosts
share --remember laptop -- rd-encode -- rd-capture --source test --size 64x48
cp viewer/known_hosts known_before
start setsid -w rd-recv --config viewer --json --remember office "$code" >s.rd 2>words </dev/null
wait_for event words remembered '"yes":1'
stop "$pid"
stop "$host"
cmp viewer/known_hosts known_before || fail "$(cat viewer/known_hosts)"

# A name that is another's is not taken.
sed -i "s/ rd:[^ ]*/ $(rd-key --config another)/" viewer/known_hosts
share --remember laptop -- rd-encode -- rd-capture --source test --size 64x48
start setsid -w rd-recv --config viewer --remember office "$code" >s.rd 2>words </dev/null
wait_for grep -q 'known by that name' words
wait_for test -s s.rd
[ "$(wc -l <viewer/known_hosts)" -eq 1 ] || fail "$(cat viewer/known_hosts)"
