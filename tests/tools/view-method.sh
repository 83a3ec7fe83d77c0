#!/usr/bin/env bash
# A real input method at the viewer: what it composes arrives as text, what it has
# no use for as the keys they are, and what it does with the rest stays here.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
for tool in uim-xim setxkbmap localedef xprop; do command -v $tool >/dev/null || skip "no $tool"; done
[ -e /usr/share/uim/anthy.scm ] || skip "no uim-anthy"

# X knows the locales of input methods by name, and C.UTF-8 is none of them.
mkdir locales
localedef -i en_US -f UTF-8 locales/en_US.UTF-8 2>/dev/null || skip "no sources of locales"
export LOCPATH=$PWD/locales HOME=$PWD XMODIFIERS=@im=uim
export LC_ALL=en_US.UTF-8 2>/dev/null

press() {
	echo "$*" | keyboard press
}

trap 'code=$?; [ $code -eq 0 ] || cat got >&6 || true; cleanup $code' EXIT
marked=0
gives() { # expected lines, then keys
	wanted=$1
	shift
	press "$@"
	wait_for is_said "$wanted"
	marked=$(wc -l <"$log")
}

is_said() {
	tail -n +$((marked + 1)) "$log" | sed '/^held/d; s/^\(key [0-9]*\) 0x[0-9a-f]* up/\1 up/' >got
	[ "$(cat got)" = "$1" ]
}

key() { # code, keysym: what a press and a release look like
	printf 'key %s %s down\nkey %s up' "$1" "$2" "$1"
}

is_served() {
	xprop -root XIM_SERVERS | grep -q '@server=uim'
}

start_x 800x600
setxkbmap us
start uim-xim --engine=anthy-utf8 2>uim.log
wait_for is_served
open_view --name keys
tell "frame 400 300 336699"
wait_window
focus
wait_log '^pointer'
marked=$(wc -l <"$log")

# as long as it is off, every key comes back from it
gives "$(key 30 0x61)" +38 -38
gives "$(key 28 0xff0d)" +36 -36
gives 'key 42 0xffe1 down' +50
gives "$(key 30 0x41)" +38 -38
gives 'key 42 up' -50
# on; and か, か, Space and Return are a word of two letters that none of them is
gives "$(key 42 0xffe1)" +50 +65 -65 -50
press +45 -45 +38 -38 +45 -45 +38 -38 +65 -65
press +36 -36
wait_for eval 'is_said "" || true; grep -q "^text" got'
[ "$(wc -l <got)" -eq 1 ] || fail "more than the text was sent: $(cat got)"
! grep -q '[a-z]$' got || fail "what was sent is the keys: $(cat got)"
marked=$(wc -l <"$log")
# a shortcut, and what it has no use for now
gives "$(printf 'key 29 0xffe3 down\n%s\nkey 29 up' "$(key 46 0x63)")" +37 +54 -54 -37
gives "$(key 105 0xff51)" +113 -113
# it gives shortcuts back after they were sent: they are not typed as well
for held in "56 0xffe9 64" "125 0xffeb 133"; do
	read -r code name at <<<"$held"
	gives "$(printf 'key %s %s down\n%s\nkey %s up' "$code" "$name" "$(key 45 0x78)" "$code")" \
		"+$at" +53 -53 "-$at"
done
gives "$(printf 'key 29 0xffe3 down\n%s\nkey 29 up\n%s' "$(key 2 0x31)" "$(key 105 0xff51)")" \
	+37 +10 -10 -37 +113 -113

# physical: it is not asked, even while it is on
rd-ctl keys set keyboard=physical
gives "$(printf '%s\n%s\n%s' "$(key 37 0x0)" "$(key 30 0x0)" "$(key 28 0x0)")" \
	+45 -45 +38 -38 +36 -36
