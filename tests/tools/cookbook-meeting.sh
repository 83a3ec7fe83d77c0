#!/usr/bin/env bash
# The cookbook's meeting by a relay and a code: a machine for the relay, a host and a
# viewer that has never been set up, each at a terminal of its own.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
at_home
unset RD_RELAY RD_PASSWORD
command -v jq >/dev/null || skip "no jq"
for proxy in HTTPS_PROXY https_proxy ALL_PROXY all_proxy; do unset $proxy; done

xsetroot -solid '#204060'
for who in relay host viewer; do
	export XDG_CONFIG_HOME="$PWD/$who" HOME="$PWD/$who"
	mkdir "$who"
	a_terminal "$who"
done

seat=host
says <<'L'
rd-key password
L
wait_shown '^New password: '
writes 'correct horse battery'
types Enter
wait_shown '^The same again: '
writes 'correct horse battery'
types Enter
wait_shown '^ended 0'
writes clear
types Enter

# A key may begin as an option does.
mkdir -m 700 relay/rd-relay
(umask 077 && printf '%s\n' "-E$(printf '%041d' 0 | tr 0 A)" >relay/rd-relay/join-key)
seat=relay
says <<'L'
rd-relay
L
wait_shown 'rd-key relay [^ ]+ rd:'
tm capture-pane -p -J -t relay >relay.says
key=$(grep -o 'rd:[^ ]*' relay.says | head -n 1)
join=$(XDG_CONFIG_HOME="$PWD/relay" rd-relay --join-key)

seat=host
with="s|rd:KEY|$key|"
says <<'L'
rd-key relay relay.example.org rd:KEY
L
with=
wait_shown 'oin key'
writes "$join"
types Enter
wait_shown '^ended 0'
writes clear
types Enter
says <<'L'
rd-netcheck --relay relay.example.org
L
wait_shown '^ended [0-9]'
shows '^ended 0' || fail "$(tm capture-pane -p -t host)"
writes clear
types Enter
says <<'L'
rd-share
L
wait_shown 'rd-view relay.example.org/[0-9]+-[a-z-]+'
code=$(tm capture-pane -p -J -t host | grep -o 'relay.example.org/[0-9]*-[a-z-]*' | head -n 1)

seat=viewer
with="s|relay.example.org/7-orbit-cactus-lamp-river|$code|"
says <<'L'
rd-view relay.example.org/7-orbit-cactus-lamp-river
L
with=
wait_for a_window ' - rd-view'
# Each is asked; who gives a name agrees.
wait_shown 'give it a name'
writes office
types Enter
seat=host
wait_shown 'come again'
writes laptop
types Enter
seat=viewer
wait_shown 'from now on: rd-view office'
types C-c
wait_shown 'ended 130'
writes clear
types Enter
says <<'L'
rd-view office
L
wait_for a_window '^office - '

# At another terminal: how it goes, and another way.
office_is() { # VALUE TEXT
	[ "$(rd-ctl office get "$1" 2>/dev/null)" = "$2" ]
}
wait_for office_is path direct
cook <<'L'
rd-ctl
L
grep -q office out || fail "$(cat out)"
cook <<'L'
rd-ctl --json office | jq .rtt_ms
L
grep -Eqx '[0-9.]+' out || fail "$(cat out)"
cook <<'L'
rd-ctl office get path why
L
grep -q direct out || fail "$(cat out)"
simmer <<'L'
rd-ctl --json office watch | jq --unbuffered -r 'select(.event == "moved").path'
L
mv out moves
cook <<'L'
rd-ctl office set max-bitrate=2M path=relay
L
cook <<'L'
rd-ctl office --wait path=relay --timeout 20s && echo by the relay
L
grep -q 'by the relay' out || fail "$(cat out)"
# Who watches may have come a moment late.
watched() {
	grep -q relay moves || {
		rd-ctl office set path=auto >/dev/null
		rd-ctl office --wait path=direct --timeout 20s >/dev/null
		rd-ctl office set path=relay >/dev/null
		rd-ctl office --wait path=relay --timeout 20s >/dev/null
		grep -q relay moves
	}
}
wait_for watched
cook <<'L'
rd-top --once
L
grep -q office out || fail "$(cat out)"
cook <<'L'
rd-ctl office end
L
wait_shown '^ended [0-9]+'
