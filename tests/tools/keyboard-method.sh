#!/usr/bin/env bash
# An input method at the viewer that SDL asks over D-Bus: what it composes arrives over
# there as it was composed, in its place among the keys that it lets through, and nothing
# else of it does.
#
# alone: SDL waits 300 ms for a method's answer, and then takes the key for its own
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-keyboard.sh"
for tool in fcitx5 fcitx5-remote dbus-daemon setxkbmap xdotool; do
	command -v $tool >/dev/null || skip "no $tool"
done
[ -e /usr/share/fcitx5/inputmethod/hangul.conf ] || skip "no fcitx5-hangul"

# A bus that starts no services, and a method that is on from the first key.
start_method() {
	cat >bus.conf <<-END
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig><type>session</type><listen>unix:path=$PWD/bus</listen>
		<policy context="default"><allow user="*"/><allow own="*"/>
		<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
	END
	mkdir -p conf/fcitx5
	cat >conf/fcitx5/profile <<-END
		[Groups/0]
		Name=Default
		Default Layout=us
		DefaultIM=hangul
		[Groups/0/Items/0]
		Name=keyboard-us
		Layout=
		[Groups/0/Items/1]
		Name=hangul
		Layout=
		[GroupOrder]
		0=Default
	END
	export DBUS_SESSION_BUS_ADDRESS="unix:path=$PWD/bus" XDG_CONFIG_HOME="$PWD/conf" \
		XDG_DATA_HOME="$PWD/data" XDG_CACHE_HOME="$PWD/cache" HOME="$PWD" XMODIFIERS=@im=fcitx
	unset SDL_IM_MODULE WAYLAND_DISPLAY
	start dbus-daemon --config-file="$PWD/bus.conf" --nofork --nopidfile
	wait_for test -S bus
	start env DISPLAY="$desk" fcitx5 -D --disable=wayland >fcitx.log 2>&1
	wait_for fcitx5-remote >/dev/null
}

is_on() {
	fcitx5-remote -o && [ "$(fcitx5-remote -n)" = hangul ]
}

# By what they type without a method: a key for each letter.
keys() { # LETTERS, a space and . (Return) among them
	local i at codes=
	for ((i = 0; i < ${#1}; i++)); do
		case ${1:i:1} in
		g) at=42 ;; k) at=45 ;; s) at=39 ;; r) at=27 ;; m) at=58 ;; f) at=41 ;;
		' ') at=65 ;; .) at=36 ;; '<') at=22 ;; '{') at=113 ;;
		esac
		codes="$codes +$at -$at"
	done
	echo "$codes"
}

gives() { # what is read, then keys
	wanted=$1
	shift
	press "$@"
	arrives "keys $*" "$wanted"
}

start_host 640x480
start_desk 800x600
# However long a key is down here it is one.
on_host xset r off
on_desk xset r off
start_reader
start_method
session --name keys
shows_window
on_desk xdotool windowfocus --sync "$window"
wait_for is_on

# All at once, and as people type: a word is ended by the key behind it
# shellcheck disable=SC2046 # words are keys
for _ in 1 2 3; do
	gives '한글 ' $(keys 'gksrmf ')
	press $(keys gks)
	gives '한 ' +65
	press -65 $(keys gk)
	gives $'하\r' +36
	press -36 $(keys gk)
	gives $'하\e[D' +113
	press -113 $(keys gk)
	# whatever is held is lifted for the word, and there for the key
	press +37
	gives $'하\x03' +54
	press -54 -37 $(keys gk)
	gives '하!' +50 +10 -10 -50
done
# shellcheck disable=SC2046
gives $'한 글\r' $(keys 'gks rmf.')
# Back in a word is the method's, and behind it goes over
# shellcheck disable=SC2046
gives $'\x7f 하 ' $(keys 'gk<<< gk ')

# it shows itself what it composes, by the place that was clicked last
on_desk xdotool mousemove --window "$window" 100 120 click 1
# shellcheck disable=SC2046
press $(keys gks)
preedit_is_near() {
	local X Y
	eval "$(on_desk xwininfo -id "$window" | sed -n 's/ *Absolute upper-left \([XY]\): */\1=/p')"
	local x=$((X + 100)) y=$((Y + 120))
	eval "$(on_desk xwininfo -name 'Fcitx5 Input Window' 2>/dev/null |
		sed -n 's/ *Absolute upper-left \([XY]\): */\1=/p; s/ *Map State: */state=/p')"
	[ "${state:-}" = IsViewable ] && [ $((X - x)) -ge -8 ] && [ $((X - x)) -le 8 ] &&
		[ $((Y - y)) -ge 0 ] && [ $((Y - y)) -le 48 ]
}
wait_for preedit_is_near
# shellcheck disable=SC2046
gives '한 ' $(keys ' ')

# a candidate is clicked, and no key says that there is text
candidates_are() {
	eval "$(on_desk xwininfo -name 'Fcitx5 Input Window' 2>/dev/null | sed -n \
		's/ *Absolute upper-left \([XY]\): */\1=/p; s/ *Width: */width=/p; s/ *Height: */height=/p')"
	[ "${width:-0}" -gt 100 ]
}
# shellcheck disable=SC2046
press $(keys gk) +75 -75
wait_for candidates_are
on_desk xdotool mousemove $((X + 20)) $((Y + height - 14)) click 1
wait_for test -s got
grep -q '^[^ -~]*$' got || fail "the click gave $(cat got)"
forget

# physical: it is not asked
rd-ctl keys set keyboard=physical
# shellcheck disable=SC2046
gives 'gks ' $(keys 'gks ')
rd-ctl keys set keyboard=text
# shellcheck disable=SC2046
gives '한 ' $(keys 'gks ')
close_session
