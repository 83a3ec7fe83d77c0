#!/usr/bin/env bash
# Whoever started rd-send at a terminal reads there who comes and goes, and pauses,
# sends off and ends by a letter and Enter; a question there comes first.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

for who in ann bob; do
	person $who
	admit $who
done
at_terminal rd-send --config "$hostdir" --name desk --listen 127.0.0.1:0 -- \
	rd-capture --source test --size 64x48 --fps 5
# lib-send's port is in events, of which there are none here.
rd_send_port() { port=$(rd-ctl desk get port 2>asked); }
at_failure() { tail -n 20 typed quiet asked; ls -la "$XDG_RUNTIME_DIR/rd"; }
wait_for rd_send_port

watch ann
ann=$viewer
wait_for terminal_says 'let in: ann (127.0.0.1:'
terminal_says ': view, input'
prompted 1 'p and Enter: pause, e: end'
types p
wait_for terminal_says 'paused: nothing is shown'
wait_for saw ann '^notice .*paused by the host'
[ "$(rd-ctl desk get state)" = paused ] || fail "$(rd-ctl desk get state)"
types huh
prompted 1 'p and Enter: go on, e: end'
types l
prompted 1 'paused: p and Enter: go on'
types p
wait_for terminal_says 'going on'
watch bob
bob=$viewer
wait_for terminal_says 'let in: bob'
types l
prompted 1 '2 bob (127.0.0.1:'
prompted 1 '1 ann (127.0.0.1:'
types 'e nobody'
wait_for terminal_says 'nobody is called that'
types 'e bob'
gone "$bob" 16
wait_for terminal_says 'revoked: bob'
running "$ann" || fail "ann was sent off, too"

# A question has the terminal; what is typed is its answer.
person carl
recv carl >carl.rd 2>carl.words &
carl=$!
started+=("$carl")
prompted 1 'wants to see this desktop'
types p
prompted 1 'Please type yes or no'
[ "$(rd-ctl desk get state)" = serving ] || fail "an answer was taken for an order"
types no
gone "$carl" 16
types p
paused() { [ "$(rd-ctl desk get state)" = paused ]; }
wait_for paused
types e
wait_for terminal_says 'status 0'
wait_for ended "$ann"

# Where what it says goes to no terminal nothing is said of anybody, nor read.
at_terminal sh -c "rd-send --config '$hostdir' --name desk --listen 127.0.0.1:0 -- \
	rd-capture --source test --size 64x48 --frames 3 2>quiet"
wait_for rd_send_port
types e
recv ann >ann.rd
[ "$(rd-ctl desk get state)" = waiting ] || [ "$(rd-ctl desk get state)" = serving ] || fail "ended"
[ ! -s quiet ] || fail "$(cat quiet)"
