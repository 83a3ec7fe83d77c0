#!/usr/bin/env bash
# The unit of a desktop without a screen, by its very line: the manager hears when viewers
# may come, one by key sees the desktop of the environment's choice, in its size, and
# what a manager sends to end it leaves nothing.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-notify.sh"
for p in Xtigervnc dbus-daemon twm xterm; do command -v $p >/dev/null || skip "no $p"; done
unset DISPLAY
export HOME="$TMPDIR" XDG_CONFIG_HOME="$TMPDIR/config"
mkdir -p "$XDG_CONFIG_HOME"
hostdir="$XDG_CONFIG_HOME/rd"
host_folder
person ann
admit ann

unit="$RD_ROOT/share/user/rd-virtual.service"
of() { sed -n "s/^$1=//p" "$unit"; }
# As systemd reads it: ${A} is one word, $A is split into words.
words=()
for word in $(of ExecStart | sed "s,@BINDIR@,$RD_BIN,g"); do
	case $word in
	*'${SIZE}'*) word=${word//'${SIZE}'/801x601} ;;
	*'${DESKTOP}'*) word=${word//'${DESKTOP}'/exec xterm -geometry 60x20} ;;
	'$OPTIONS')
		words+=(--listen 127.0.0.1:0 --no-relay --name unit)
		continue
		;;
	esac
	words+=("$word")
done
manager
mark
NOTIFY_SOCKET="$manager" start "${words[@]}" 2>host.log </dev/null
unit_pid=$pid
wait_for noted READY=1
port=$(rd-ctl unit get port)
watch ann
wait_for saw ann '^frame [0-9]+ 801x601'
say ann layout 640 480
wait_for saw ann '^frame [0-9]+ 640x480'
[ "$(rd-ctl unit get viewers)" = 1 ] || fail "$(rd-ctl unit)"

# KillMode=mixed: the first process gets the signal, all others are killed after it.
[ "$(of KillMode)" = mixed ] || fail "another way to end it"
kill "$unit_pid"
wait_end "$unit_pid"
# Whatever ends it ends that way, and Restart=always begins anew but for mistakes.
case " $(of RestartPreventExitStatus) " in *" $status "*) fail "status $status: it would stay away" ;; esac
wait_for noted STOPPING=1
# Nobody but rd-send has spoken: a bus would be ready before anybody can come.
[ "$(grep -c '^from ' notes)" -gt 0 ] && [ "$(times READY=1)" -eq 1 ] || fail "$(cat notes)"
clean_now
