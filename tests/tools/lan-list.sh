#!/usr/bin/env bash
# A host that announces itself is found from another machine, is gone when it ends
# however it ends, and is there again when Avahi was gone; its key is checked as always.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-lan.sh"
command -v jq >/dev/null || skip "no jq"
machines desk lap
mkdir -m 700 host
host_key=$(rd-key --config "$PWD/host" 2>/dev/null)
print=$(rd-key --config "$PWD/host" fingerprint)
lap_key=$(rd-key --config "$PWD/of-lap" 2>/dev/null)
rd-key --config "$PWD/host" allow "$lap_key" lap

serve() { # argument of rd-send…
	rm -f host.log
	start_lan desk rd-send --config "$PWD/host" --json "$@" -- rd-encode -- \
		rd-capture --source test --size 64x64 --frames 3 2>host.log
	host=$pid
	wait_for event listening
}
event() { # name, regex of the line
	grep "^{\"event\":\"$1\"" host.log | grep -Eq -- "${2:-.}"
}
see() { # argument of rd-recv…
	lan lap setsid -w rd-recv --config "$PWD/of-lap" --once "$@" >s.rd 2>words </dev/null
}
nobody() {
	! lists lap .
}

# Without Avahi: words, and a status of its own; whoever serves goes on.
exits 61 list lap
[ "$(wc -l <list.words)" -eq 1 ] && grep -q avahi-daemon list.words || fail "says: $(cat list.words)"
avahi lap
exits 51 list lap
grep -q 'rd-send --announce' list.words || fail "says: $(cat list.words)"
serve --announce="Desk one"
wait_for event unannounced 'system bus'
[ "$(grep -c 'not announced on this network' host.log)" -eq 1 ] || fail "says: $(cat host.log)"
see --host-key "$host_key" 10.77.0.1 || fail "it does not serve: $(cat words)"
rd-key --config "$PWD/of-lap" forget 10.77.0.1

# Avahi comes later.
avahi desk
wait_for event announced '"name":"Desk one"'
# Who has the key, and who decides, has no D-Bus in its memory; who announces has.
read -ra crew <"/proc/$host/task/$host/children" || true
! grep -q 'avahi\|dbus' "/proc/$host/maps" || fail "the monitor has it"
with=0
for one in "${crew[@]}"; do ! grep -q libdbus "/proc/$one/maps" || with=$((with + 1)); done
[ "${#crew[@]}" -eq 2 ] && [ $with -eq 1 ] || fail "$with of ${#crew[@]} processes have it"
wait_for lists lap "10\.77"
[ "$(cat list)" = "desk.local  10.77.0.1:21118  $print  unknown  Desk one" ] || fail "list: $(cat list)"
[ ! -s list.words ] || fail "words: $(cat list.words)"
list lap --json
[ "$(jq -c 'keys' list)" = '["address","fingerprint","first_seen","host","known_as","name","state"]' ] ||
	fail "keys: $(cat list)"
[ "$(jq -r '[.host, .address, .fingerprint, .state, .known_as, .name] | join("|")' list)" = \
	"desk.local|10.77.0.1:21118|$print|unknown||Desk one" ] || fail "json: $(cat list)"
# A long wait is for who is late: this has all. And whoever is looked for sleeps on.
wakeups() {
	for one in "$host" "${crew[@]}"; do grep '^voluntary' "/proc/$one/status"; done
}
wakeups >before
SECONDS=0
list lap --timeout 50s
[ $SECONDS -lt 40 ] || fail "it looks as long as it may"
list lap
wakeups | diff before - || fail "announcing wakes somebody up"

# What stands first is what rd-view takes, also where the resolver knows no such name.
at=$(cut -d' ' -f1 list)
see "$at" && fail "an unknown host was taken"
grep -q "rd-key trust desk.local $host_key" words || fail "says: $(cat words)"
see --accept-new "$at" || fail "not found by its name: $(cat words)"
rd-view --file s.rd --to hash >hashes
[ "$(wc -l <hashes)" -ge 1 ] || fail "no picture"
wait_for lists lap "^desk.local  .*  known  Desk one$"
list lap --json
[ "$(jq -r '[.state, .known_as] | join("|")' list)" = 'known|desk.local' ] || fail "json: $(cat list)"
jq -e '.first_seen | test("^20..-")' list >json || fail "json: $(cat list)"
rd-key --config "$PWD/of-lap" forget desk.local
rd-key --config "$PWD/of-lap" trust office "$host_key" --via relay.example.org
lists lap "  known:office  Desk one$" || fail "list: $(cat list)"
rd-key --config "$PWD/of-lap" trust desk.local "$lap_key"
lists lap "  other-key  Desk one$" || fail "list: $(cat list)"
see "$at" && fail "another key was taken"
grep -q 'key has changed' words || fail "says: $(cat words)"
rd-key --config "$PWD/of-lap" forget desk.local
rd-key --config "$PWD/of-lap" forget office

# A second one of that name, at another port, gets another name.
first=$host
cp host.log first.log
serve --announce="Desk one" --listen :21119
wait_for event announced '"name":"Desk one #2"'
grep -q 'another host is called' host.log || fail "says: $(cat host.log)"
wait_for lists lap "^desk.local:21119  10.77.0.1:21119  .*  Desk one #2$"
[ "$(wc -l <list)" -eq 2 ] || fail "list: $(cat list)"

# Killed, or ended: nobody finds it any more.
kill -KILL "$host"
wait_end "$host"
one() { lists lap '^desk.local  ' && [ "$(wc -l <list)" -eq 1 ]; }
wait_for one

# Avahi is started anew, and then the bus, too.
cp first.log host.log
host=$first
stop_avahi desk
wait_for nobody
avahi_again desk
wait_for lists lap '  Desk one$'
stop_bus desk
wait_for nobody
avahi desk
wait_for lists lap '  Desk one$'
stop "$first"
wait_for nobody

# Who tells strangers no key tells none here; nor is anything told unless it was asked for.
serve --announce="Desk two" --no-introduce
wait_for lists lap "  10.77.0.1:21118  - *  unknown  Desk two$"
stop "$host"
wait_for nobody
serve
list lap && fail "announced without being asked to: $(cat list)"
grep -q nnounced host.log && fail "says: $(cat host.log)"
stop "$host"
serve --announce=off
list lap && fail "announced though it is off: $(cat list)"
exits 2 rd-send --announce --listen 127.0.0.1 -- true 2>words
exits 2 rd-send --announce="$(printf 'a\033b')" -- true 2>words
exits 2 rd-view --list build1 2>words
exits 2 rd-view --json s.rd 2>words
