#!/usr/bin/env bash
# The cookbook's meeting by a relay and a code: a machine for the relay, a host and a
# viewer that has never been set up, each at a terminal of its own.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
at_home
export LC_ALL=C.UTF-8 SHELL=/bin/bash
unset RD_RELAY RD_PASSWORD
for proxy in HTTPS_PROXY https_proxy ALL_PROXY all_proxy; do unset $proxy; done

start_x 640x480
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
types -l 'correct horse battery'
types Enter
wait_shown '^The same again: '
types -l 'correct horse battery'
types Enter
wait_shown '^ended 0'
types -l clear
types Enter

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
types -l "$join"
types Enter
wait_shown '^ended 0'
types -l clear
types Enter
says <<'L'
rd-netcheck --relay relay.example.org
L
wait_shown '^ended [0-9]'
shows '^ended 0' || fail "$(tm capture-pane -p -t host)"
types -l clear
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
types -l office
types Enter
seat=host
wait_shown 'come again'
types -l laptop
types Enter
seat=viewer
wait_shown 'from now on: rd-view office'
types C-c
wait_shown 'ended 130'
types -l clear
types Enter
says <<'L'
rd-view office
L
wait_for a_window '^office - '
types C-c
wait_shown 'ended 130'
