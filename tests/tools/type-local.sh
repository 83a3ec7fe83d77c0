#!/usr/bin/env bash
# rd-type at a display here: any script, keys by name, standard input; when it
# returns, all has been taken, so nothing is waited for here.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

one_line() { # status, text, command…
	local want=$1 text=$2
	shift 2
	exits "$want" "$@" 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $* ($(cat words))"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
}

start_x 640x480
start_xkeys

types() { # text, command…
	local text=$1
	shift
	: >keys
	exits 0 "$@" </dev/null
	wait_for typed "$text"
}
types 'Grüße, 漢字 é€😀' rd-type 'Grüße, 漢字 é€😀'
types 'two words' rd-type two words
types 'ab' rd-type --delay 5ms ab
: >keys
rd-type user -k Tab -t secret --key Return
wait_for typed 'user\x09secret\x0d'
: >keys
rd-type -k ctrl+shift+t -k F5 -k alt+U+20AC -k super
wait_for arrived 'key 71 down 0xffc2'
arrived 'key 28 down 0x54 state 0x5' || fail "no ctrl+shift+t: $(cat keys)"
wait_for grep -q '0x20ac state 0x8\|0x10020ac state 0x8' keys
wait_for arrived 'key 133 down 0xffeb'
[ "$(grep -c ' down ' keys)" -eq "$(grep -c ' up$' keys)" ] || fail "something is still held: $(cat keys)"

# From a file and from a pipe that comes in pieces, within a character too.
: >keys
printf 'aé漢' >text
rd-type --stdin <text
wait_for typed 'aé漢'
: >keys
{ printf 'x\303'; sleep 0.3; printf '\251y\346\274'; sleep 0.3; printf '\242'; } | rd-type --stdin
wait_for typed 'xéy漢'
long=$(for i in $(seq 300); do printf 'line %d ' "$i"; done)
: >keys
printf %s "$long" | rd-type --stdin
wait_for typed "$long"

stop "$xkeys"

# Without anybody there, it is said, and no failure: it may have been a shortcut.
exits 0 rd-type lost -k return 2>words
grep -q "^rd-capture: no window has the keyboard's focus on display $DISPLAY:" words || fail "$(cat words)"
[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $(cat words)"

one_line 2 'did you mean return?' rd-type -k retrun
one_line 2 'no key "x"' rd-type -k x+t
one_line 2 'what is to be typed' rd-type
one_line 2 'UTF-8' rd-type "$(printf '\377')"
printf 'a\377b' >bad
one_line 10 'no UTF-8' sh -c 'exec rd-type --stdin <bad'
one_line 6 'display :65000' rd-type x -d :65000
rd-capture --source test --size 32x32 --frames 2 >s.rd
one_line 52 'takes no input from us' rd-type x --on ./s.rd
one_line 52 'takes no input from us' rd-type x -- rd-capture --view-only
one_line 9 'command not found' rd-type x -- no-such-command
one_line 2 'either the text' sh -c 'exec rd-type --stdin --on - <text'
on_a_terminal() { # command
	script -qec "$1 2>&3" /dev/null 3>&2 >/dev/null
}
one_line 2 'is a terminal' on_a_terminal 'rd-type --stdin'
# One that takes nothing.
cat >deaf <<-'END'
	#!/bin/sh
	rd-capture --inject --answer | head -c 90
	exec sleep 1000
END
chmod +x deaf
one_line 13 'within the time of --timeout' rd-type x --timeout 1s -- "$PWD/deaf"
