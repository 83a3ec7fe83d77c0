#!/usr/bin/env bash
# What rd-capture's section of config.yaml hides is hidden whoever starts it: rd-shot, rd-record,
# rd-view, rd-wait, rd-run.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-hide.sh"
. "$RD_ROOT/tests/tools/lib-config.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
secret rest
config 'rd-encode: {}'
seen() { # png: whether it has that colour
	convert "$1" -format '%c' histogram:info:- | grep -qai f13ca7
}
# Of a film, which is not exact: whether it is red there, as that colour is.
red() { # film
	last_picture "$1" last.png
	[ "$(convert last.png -format '%[fx:p{50,60}.r>0.6]' info:-)" = 1 ]
}
rd-shot -o shot.png
seen shot.png || fail "rd-shot does not see it without a configuration"
rd-record --duration 1s film.webm -- rd-encode -- rd-capture
red film.webm || fail "rd-record does not have it without a configuration"

config 'rd-capture:' '  hide-window: [class:secret, something else]'
[ "$(leaks_of --frames 1)" -eq 0 ] || fail "rd-capture shows it"
rd-shot -o shot.png
if seen shot.png; then fail "rd-shot shows it"; fi
rm film.webm
rd-record --duration 1s film.webm -- rd-encode -- rd-capture
if red film.webm; then fail "rd-record has it"; fi
rd-view --to png:view.png -- rd-encode -- rd-capture --frames 1
if seen view.png; then fail "rd-view shows it"; fi
# Of its own display, whose screen is smaller than a rectangle of the configuration is far.
config 'rd-capture:' '  hide:' '    - 40x40+30+40' '    - 10x10+5000+0' '  hide-window: class:secret'
if rd-shot -o shot.png && seen shot.png; then fail "rd-shot shows what is a rectangle"; fi
# Two seconds of it, from when it is there.
rests='skitter rest >there & until grep -q ^window there; do sleep 0.05; done; sleep 2'
rd-run --size 320x200 --record run.webm -- sh -c "$rests" >/dev/null
if red run.webm; then fail "rd-run shows it"; fi
# The film is rd-run's, its configuration too; that of the command is the one of who started it.
rm run.webm
rd-run --no-config --size 320x200 --record run.webm -- sh -c "$rests" >/dev/null
red run.webm || fail "rd-run reads what it was told not to read"
for own in unset '' "$dir/config.yaml"; do
	export RD_CONFIG="$own"
	[ "$own" != unset ] || unset RD_CONFIG
	got=$(rd-run --no-config -- sh -c 'echo "${RD_CONFIG-unset}"')
	[ "$got" = "$own" ] || fail "the command has RD_CONFIG $got instead of $own"
done
unset RD_CONFIG
# What is no desktop is not hidden.
rd-capture --source test --frames 1 | rd-view --to hash - >hidden
rd-capture --no-config --source test --frames 1 | rd-view --to hash - >plain
cmp hidden plain
# A command line's takes the place of the configuration's, each for itself.
[ "$(leaks_of --hide 1x1+0+0 --frames 1)" -eq 0 ] || fail "--hide has undone hide-window"
[ "$(leaks_of --hide-window x --hide 1x1+0+0 --frames 1)" -eq 1600 ] || fail "a configuration is stronger than a command line"

config 'rd-capture:' '  hide: 40x40'
exits 44 rd-shot -o shot.png 2>words
grep -q 'config.yaml:2.*WIDTHxHEIGHT' words || fail "$(cat words)"
