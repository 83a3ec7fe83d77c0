#!/usr/bin/env bash
# What the window makes of keys in both ways of meaning them, and how it changes
# from one to the other.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
for tool in xdotool setxkbmap; do command -v $tool >/dev/null || skip "no $tool"; done

press() { # +KEYCODE, -KEYCODE: a key of the keyboard, whatever is on it
	echo "$*" | keyboard press
}

# Scroll Lock, which no layout has another name for, ends what is compared.
gives() { # expected lines, then keys
	local want=$1 marked
	marked=$(wc -l <"$log")
	shift
	press "$@" +78 -78
	wait_for eval 'tail -n +$((marked + 1)) "$log" | grep -q "^key 70 .* up"'
	tail -n +$((marked + 1)) "$log" | sed '/^held/d; /^key 70 /d; s/^\(key [0-9]*\) 0x[0-9a-f]* up/\1 up/' >got
	[ "$(cat got)" = "$want" ] || fail "$*: wanted $(tr '\n' ';' <<<"$want"), got $(tr '\n' ';' <got)"
}

key() { # code, keysym: what a press and a release look like
	printf 'key %s %s down\nkey %s up' "$1" "$2" "$1"
}

begin() { # rd-view's arguments
	open_view --name "$1" "${@:2}"
	tell "frame 400 300 336699"
	wait_window
	focus
}

layout() {
	setxkbmap -option '' "$@"
}

# A composition of somebody's own, beside the system's.
printf 'include "%%L"\n<dead_acute> <x> : "two words"\n' >compose
export XCOMPOSEFILE=$PWD/compose

start_x 800x600
layout us
begin keys
import -window "$window" plain.png

# --- text: what it was, here ---

layout de
gives "$(key 21 0x7a)" +29 -29
gives 'text ê' +49 -49 +26 -26
gives 'text ^' +49 -49 +65 -65
gives 'text ^' +49 -49 +49 -49
# a dead key behind AltGr, one that goes with nothing, and modifiers meanwhile
gives "$(printf 'key 100 0xfe03 down\nkey 100 up\ntext ü')" +108 +34 -34 -108 +30 -30
gives '' +49 -49 +53 -53
gives "$(printf '%s\nkey 42 0xffe1 down\ntext É\nkey 42 up' "$(key 29 0xffe3)")" \
	+21 -21 +37 -37 +50 +26 -26 -50
# a shortcut is no text
gives "$(printf 'key 29 0xffe3 down\n%s\nkey 29 up' "$(key 16 0x71)")" +37 +24 -24 -37
# Compose, and what is on the key is not pressed over there
layout us -option compose:menu
gives 'text é' +135 -135 +48 -48 +26 -26
# what comes of two keys may be several characters
layout us -variant intl
gives 'text two words' +48 -48 +53 -53
# keys that mean something else here
layout us -option caps:escape
gives "$(key 58 0xff1b)" +66 -66
layout us -option ctrl:nocaps
gives "$(printf 'key 58 0xffe3 down\n%s\nkey 58 up' "$(key 30 0x61)")" +66 +38 -38 -66

# --- physical: where it is, and no more ---

[ "$(rd-ctl keys get keyboard)" = text ] || fail "it began with $(rd-ctl keys get keyboard)"
exits 42 rd-ctl keys set keyboard=french 2>why
grep -q 'keyboard is text or physical' why || fail "of a slip: $(cat why)"
layout de

rd-ctl keys set keyboard=physical
[ "$(rd-ctl keys get keyboard)" = physical ] || fail "it was not set"
wait_for shows_not plain.png
gives "$(key 21 0x0)" +29 -29
gives "$(printf '%s\n%s' "$(key 41 0x0)" "$(key 18 0x0)")" +49 -49 +26 -26
gives "$(printf 'key 100 0x0 down\n%s\nkey 100 up\n%s' "$(key 26 0x0)" "$(key 22 0x0)")" \
	+108 +34 -34 -108 +30 -30
gives "$(printf 'key 42 0x0 down\n%s\n%s\nkey 42 up' "$(key 2 0x0)" "$(key 28 0x0)")" \
	+50 +10 -10 +36 -36 -50
layout us -option compose:menu -option caps:escape
gives "$(printf '%s\n%s\n%s' "$(key 127 0x0)" "$(key 40 0x0)" "$(key 18 0x0)")" \
	+135 -135 +48 -48 +26 -26
gives "$(key 58 0x0)" +66 -66
layout jp
gives "$(printf '%s\n%s\n%s' "$(key 124 0x0)" "$(key 89 0x0)" "$(key 92 0x0)")" \
	+132 -132 +97 -97 +100 -100

# --- from one to the other, by hand: what is held is let go, and a line says it ---

layout us
# what the last change said has gone by now
wait_for shows plain.png
gives "$(printf 'key 30 0x0 down\nkey 29 0x0 down\nkey 56 0x0 down\nkey 42 0x0 down\nkey 42 up\nkey 56 up\nkey 29 up\nkey 30 up')" \
	+38 +37 +64 +50 +45 -45 -50 -64 -37 -38
[ "$(rd-ctl keys get keyboard)" = text ] || fail "the chord changed nothing"
wait_for shows_not plain.png
gives "$(key 30 0x61)" +38 -38
tell "end 0 0 over"
wait_end "$viewer"

# --- without a locale characters are the same ---

LC_ALL=C begin bare
# A key that SDL has no number for, which no input method has taken, either.
gives '' +151 -151
layout ru
gives "$(key 33 0x1000430)" +41 -41
layout de
gives 'text ê' +49 -49 +26 -26
gives "$(printf 'key 100 0xfe03 down\n%s\nkey 100 up' "$(key 18 0x10020ac)")" +108 +26 -26 -108
layout us
tell "end 0 0 over"
wait_end "$viewer"

# --- where there are no keys, it is text ---

open_view --name blind --to null --keyboard physical
[ "$(rd-ctl blind get keyboard)" = text ] || fail "keys of nothing"
exits 42 rd-ctl blind set keyboard=physical 2>why
grep -q 'only a window' why || fail "refused with $(cat why)"
tell "end 0 0 over"
wait_end "$viewer"
