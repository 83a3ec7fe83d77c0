#!/usr/bin/env bash
# Windows that are never captured: by title, class and number; with their frame, their dialogs
# and their program's menus; those that come later, too, and after a change of name. What
# they leave is shown again, and nothing of it costs anything while nothing happens.
# alone: what seems at rest beside others may only not have had its turn yet
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-hide.sh"

terminal() { # title, class, geometry, colour
	start xterm -T "$1" -class "$2" -geometry "$3" -bg "$4" -fg "$4" -cr "$4" -e sleep 1000
}
number() { # title
	id=$(rd-capture --list --display "$DISPLAY" | awk -v t="$1" '$1 == "window" && index($0, t) {print $3}') && [ -n "$id" ]
}

# Without a window manager: by each of its names, in capitals or not.
start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
secret rest
shows() { # pixels, option…
	local want=$1 got
	shift
	got=$(leaks_of --frames 1 "$@" 2>words)
	[ "$got" -eq "$want" ] || fail "$got pixels instead of $want: rd-capture $* ($(cat words))"
}
shows 1600 --hide-window nothing
for name in secret 'skitter sec' SKITTER class:Secret class:skitter CLASS:secret "$window" "$(printf '0x%x' "$window")"; do
	shows 0 --hide-window "$name"
done
shows 0 --hide-window nothing --hide-window secret
shows 1600 --hide-window class:sec
shows 1600 --hide-window skitter.sec
shows 0 --window "$window" --hide-window secret
shows 0 --region 100x100+10+10 --hide-window secret
shows 1600 --hide-window 0x1ffffff0
grep -q 'no window 0x1ffffff0' words || fail "$(cat words)"
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"
# Old programs say their titles in Latin-1, or in what we do not read: that is hidden.
xprop -id "$window" -f WM_NAME 8s -set WM_NAME "$(printf 'K\366ln')"
shows 0 --hide-window 'Köl'
shows 1600 --hide-window 'Bonn'
xprop -id "$window" -remove WM_NAME -f WM_NAME 8s -set WM_NAME plain
shows 1600 --hide-window 'Bonn'
stop "$skitter"

# Its menus are hidden with it, wherever they are; those of others are not.
secret menu 2000
shows 0 --hide-window secret
stop "$skitter"

# It comes, and is hidden; it goes, and what is beneath shows up again.
view --hide-window secret
settled
secret rest
wait_for grey 31 41
wait_for grey 69 79
now 70 80 204060 || fail "more than the window is hidden"
# And nobody is woken while it rests.
capture=$(pgrep -P "$viewer" -f rd-capture)
switches() { awk '/^voluntary_ctxt_switches/ {print $2}' "/proc/$capture/status"; }
quiet() { local a; a=$(switches); sleep 0.5; [ "$(switches)" -eq "$a" ]; }
wait_for quiet
before=$(switches)
sleep 2
[ "$(switches)" -eq "$before" ] || fail "$(($(switches) - before)) wake-ups in 2 s"
xdotool windowmove "$window" 300 200
wait_for grey 301 201
wait_for now 31 41 204060
xdotool windowunmap "$window"
wait_for now 301 201 204060
xdotool windowmap "$window"
wait_for grey 301 201
# Named otherwise, it is another window.
xdotool set_window --name harmless "$window"
wait_for now 301 201 f13ca7
xdotool set_window --name 'my secret' "$window"
wait_for grey 301 201
stop "$skitter"
wait_for now 301 201 204060
wait_for settled
bye

# Who changes a title in a loop does not make us look at all windows as often.
secret title
start env RD_LOG=debug rd-capture --hide-window secret >/dev/null 2>looks
looker=$pid
looks() { grep -c 'windows looked at' looks; }
many() { [ "$(looks)" -gt 5 ]; }
wait_for many
begun=$(date +%s%N)
before=$(looks)
steps() { tail -n 1 skitter.log; }
was=$(steps)
thousands() { [ "$(steps)" != "$was" ]; }
wait_for thousands
sleep 1
n=$(($(looks) - before))
ms=$((($(date +%s%N) - begun) / 1000000))
[ "$n" -le $((ms / 50 + 2)) ] || fail "$n times in $ms ms"
stop "$looker"
stop "$skitter"

# With frames around them: twm's title bar says the title, and is hidden, too.
command -v twm >/dev/null || skip "no twm"
start twm -f /dev/null >twm.log 2>&1
managed() { xprop -root WM_STATE >/dev/null && number "$1" && xprop -id "$id" WM_STATE | grep -q 'window state'; }
terminal 'bank account' Bank 10x4+100+100 '#f13ca7'
wait_for managed 'bank account'
framed() { [ "$(xwininfo -id "$id" -children | awk '/Parent window id/ {print $4}')" != "$(xwininfo -root | awk '/Window id/ {print $4}')" ]; }
wait_for framed
window=$id
coloured() { [ "$(leaks_of --frames 1)" -gt 1000 ]; }
wait_for coloured
view --hide-window 'bank'
wait_for saw '^frame 1'
# Its own corners, and a place of its frame above them.
eval "$(xwininfo -id "$window" | awk '/Absolute upper-left X/ {print "x=" $4} /Absolute upper-left Y/ {print "y=" $4}')"
wait_for grey $((x + 1)) $((y + 1))
wait_for grey $((x + 1)) $((y - 5))
bye
shows 0 --hide-window class:bank
shows 0 --hide-window "$window"
frame=$(xwininfo -id "$window" -tree | awk '/Parent window id/ {print $4}')
shows 0 --hide-window "$frame"
# A window of another program that says it belongs to that one, as dialogs do.
terminal 'are you sure' Other 10x4+300+300 '#f13ca7'
wait_for managed 'are you sure'
both() { [ "$(leaks_of --frames 1 --hide-window bank)" -gt 1000 ]; }
wait_for both
xprop -id "$id" -f WM_TRANSIENT_FOR 32x -set WM_TRANSIENT_FOR "$((window))"
shows 0 --hide-window bank

# Over a hidden window lies another: its place is hidden all the same.
terminal 'upon it' Upon 10x4+100+100 '#306030'
wait_for managed 'upon it'
view --hide-window bank
wait_for saw '^frame 1'
wait_for grey $((x + 1)) $((y + 1))
bye
