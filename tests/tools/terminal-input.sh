#!/usr/bin/env bash
# What a person does in the terminal reaches the other side: keys, as a plain
# terminal and as kitty's protocol tell them, the mouse by cells and by pixels,
# and what is pasted; and the keys that are ours stay here.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-terminal.sh"

# A picture of 320 x 192 in cells of 8 x 16: twice as large from column 5 on in
# blocks, as large as it is from column 25 and row 6 on in pixels. So a click on
# pixel 361, 193 (from 1) is on its middle in both.
desktop() { # kind, option…
	local kind=$1
	shift
	: >inject.log
	open_terminal "$kind" 90x25 8x16 rd-view --to terminal "$@" -- \
		sh -c 'exec rd-capture --source test --size 320x192 --fps 5 --injector log 2>inject.log'
	wait_for said '^seen [0-9]{4}'
	[ "${1-}" = --view-only ] || wait_for said '^set 1006'
}

mark() {
	marked=$(wc -l <inject.log)
}

since_mark() {
	tail -n +$((marked + 1)) inject.log | sed 's/^inject: //'
}

# A wheel that is turned to the right ends what is compared.
gives() { # expected, what is typed
	mark
	person "type $2"
	person 'type \033[<67;361;193M'
	wait_for eval 'since_mark | grep -q "^wheel 120 0"'
	local got
	got=$(since_mark | sed '/^wheel 120 0/d' | tr '\n' ';')
	[ "$got" = "$1pointer 160 96;" ] || fail "$2 gave $got"
}

desktop plain
gives 'key 0 0x61 down;key 0 0x41 down;' 'aA'
gives 'key 0 0xe9 down;key 0 0x1006f22 down;' 'é漢'
gives 'key 28 0xff0d down;key 28 up;' '\r'
gives 'key 29 0xffe3 down;key 46 0x63 down;key 46 up;key 29 up;' '\003'
gives 'key 56 0xffe9 down;key 45 0x78 down;key 45 up;key 56 up;' '\033x'
gives 'key 29 0xffe3 down;key 105 0xff51 down;key 105 up;key 29 up;' '\033[1;5D'
# Escape alone, after a moment in which nothing follows it.
mark
person 'type \033'
wait_for eval 'since_mark | grep -q "^key 1 up"'
gives 'text two\x0alines;' '\033[200~two\r\nlines\033[201~'
gives 'text hé;text [31mx;' '\033[200~hé\033[31mx\033[201~'
# By pixels, since this terminal says that it can.
gives 'pointer 160 96;button left down;pointer 160 96;button left up;' '\033[<0;361;193M\033[<0;361;193m'
mark
person 'type \033[<35;61;17M'
wait_for eval 'since_mark | grep -q "^pointer 10 8"'
gives 'pointer 160 96;wheel 0 -120;' '\033[<65;361;193M'
# Beside the picture nothing is pressed.
gives '' '\033[<0;3;3M\033[<0;3;3m'
# Ours: the prefix, and itself when it is struck twice.
gives 'key 29 0xffe3 down;key 27 0x5d down;key 27 up;key 29 up;' '\035\035'
gives '' '\035s\035s'
person 'type \035q'
wait_end "$terminal"
[ "$status" -eq 0 ] || fail "status $status"

desktop kitty
wait_for said '^keys pushed'
gives 'key 30 0x61 down;key 30 up;' '\033[97;1;97u\033[97;1:3u'
gives 'key 42 0xffe1 down;key 30 0x41 down;key 30 up;key 42 up;' \
	'\033[57441;2u\033[97:65;2;65u\033[97:65;2:3u\033[57441;1:3u'
gives 'key 103 0xff52 down;key 103 up;' '\033[A\033[1;1:3A'
# Ctrl is down over there when Ctrl-] is ours: it is let go.
gives 'key 29 0xffe3 down;key 29 up;' '\033[57442;5u\033[93;5u\033[93;5:3u\033[57442;1:3u'
gives '' '\033[120;1;120u\033[120;1:3u'
# The keyboard goes elsewhere: nothing stays down.
gives 'key 30 0x61 down;key 30 up;' '\033[97;1;97u\033[O'
person 'type \033[93;5u\033[113;1;113u'
wait_end "$terminal"
[ "$status" -eq 0 ] || fail "status $status"
[ "$(last_of 'keys pushed' 'keys popped')" = 'keys popped' ] || fail "the keyboard protocol stayed on"

# One who only looks: no mouse is asked for, nothing is sent, q ends.
desktop plain --view-only
person 'type a\033[<0;361;193M'
person 'type q'
wait_end "$terminal"
[ "$status" -eq 0 ] || fail "status $status"
said '^set 1003' && fail "the mouse was asked for"
grep -q '^inject: ' inject.log && fail "input was sent: $(cat inject.log)"
exit 0
