#!/usr/bin/env bash
# --lock-on-end: once whoever typed or pointed has gone, by leaving, by a signal, by SIGKILL of anything,
# the desktop is locked; and not after one that only looked or shared its clipboard; of several after
# the last, whether each has a producer or they share one. What fails is said.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
plain=$DISPLAY
xsetroot -solid '#204060' -cursor_name left_ptr
cat >lock <<-'LOCK'
	#!/bin/sh
	echo "locked $DISPLAY $1" >>locked
	tail -n 1 monitor >>lights 2>/dev/null
	exit "${LOCK_STATUS-0}"
LOCK
chmod +x lock
locked() { # so often
	[ -e locked ] && [ "$(wc -l <locked)" -ge "$1" ]
}
lock="--lock-on-end=$PWD/lock  hard"
acts() { # the viewer points, and that has arrived
	wait_for saw '^frame'
	say pointer 100 100
	say ping
	wait_for saw '^pong'
}

# The viewer leaves; it is killed; we are told to go, or made to.
view "$lock"
acts
[ ! -e locked ] || fail "locked before the end"
bye
[ "$(cat locked)" = "locked $DISPLAY hard" ] || fail "$(cat locked)"
n=1
for what in 'rd-capture TERM' 'rd-capture INT' 'rd-capture KILL' 'talk KILL'; do
	view "$lock" 2>words
	acts
	victim=$viewer
	[ "${what% *}" = talk ] || victim=$(pgrep -P "$viewer" -f rd-capture)
	kill "-${what#* }" "$victim"
	n=$((n + 1))
	wait_for locked $n
	wait_end "$viewer"
done

# Who could only look, or only looked, leaves nothing open, killed or not.
for how in END KILL; do
	view "$lock"
	wait_for saw '^frame'
	say ping
	wait_for saw '^pong'
	if [ $how = END ]; then bye; else kill -KILL "$(pgrep -P "$viewer" -f rd-capture)"; wait_end "$viewer"; fi
done
view "$lock" --view-only
wait_for saw '^frame'
bye
RD_VIEW_ONLY=1 view "$lock"
wait_for saw '^frame'
bye
rd-capture "$lock" --frames 1 >out
[ "$(wc -l <locked)" -eq $n ] || fail "locked after who could not control it"
# What only obeys does it, too.
rd-capture --source test --frames 1 >nothing.rd
rd-capture --inject "$lock" <nothing.rd
[ "$(wc -l <locked)" -eq $n ] || fail "locked after who did nothing"
rdsay 'key 30 up' 'button left up' 'locks' end >up.rd
rd-capture --inject "$lock" <up.rd
[ "$(wc -l <locked)" -eq $n ] || fail "locked after who only let go"
rdsay 'pointer 10 20' end >s.rd
rd-capture --inject "$lock" <s.rd
n=$((n + 1))
locked $n || fail "--inject does not lock"
env -u XDG_RUNTIME_DIR rd-capture --inject "$lock" <s.rd
n=$((n + 1))
locked $n || fail "it does not lock where nobody knows of others"
# What is not done, since nobody sees on what, is no control.
start xterm -T 'a window' -e sleep 1000
terminal=$pid
find_window() { window=$(xdotool search --onlyvisible --name '^a window$' | head -n 1) && [ -n "$window" ]; }
wait_for find_window
rd-capture --inject --window "$window" "$lock" <s.rd
n=$((n + 1))
locked $n || fail "--inject into a window does not lock"
xdotool windowunmap --sync "$window"
rd-capture --inject --window "$window" "$lock" <s.rd
[ "$(wc -l <locked)" -eq $n ] || fail "locked after what was not done"
kill "$terminal"

# A locker that stays is one; what fails, or is not there, is said, with a status.
view "--lock-on-end=sleep 1000"
acts
say end
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status of a locker that stays"
sleeping() { # the one whose display is ours
	local p
	for p in $(pgrep -x sleep); do
		if tr '\0' '\n' 2>/dev/null <"/proc/$p/environ" | grep -qx "TMPDIR=$TMPDIR" &&
			[ "$(tr '\0' ' ' <"/proc/$p/cmdline")" = 'sleep 1000 ' ]; then echo "$p"; fi
	done
}
stayer=$(sleeping)
[ -n "$stayer" ] || fail "the locker has gone"
kill "$stayer"
export LOCK_STATUS=3
view "$lock" 2>words
acts
say end
wait_end "$viewer"
[ "$status" -eq 60 ] || fail "status $status instead of privacy"
grep -q 'the desktop is not locked' words || fail "$(cat words)"
unset LOCK_STATUS
n=$((n + 1))
exits 60 rd-capture --lock-on-end='no-such-locker now' >out 2>words
grep -q 'no-such-locker: no such command' words || fail "$(cat words)"
exits 60 rd-capture --lock-on-end=' ' >out 2>words
exits 2 rd-capture --lock-on-end --source test >out 2>words

# Where nobody could do it nothing is obeyed, and that is said, once: the descriptors are used up.
for files in $(seq 8 64); do
	status=0
	(ulimit -n "$files" && exec rd-capture --inject "$lock") <s.rd 2>words || status=$?
	if [ "$status" -eq 60 ] || [ "$status" -eq 0 ]; then break; fi
done
[ "$status" -eq 60 ] || fail "status $status with $files descriptors"
[ "$(grep -c 'nobody could lock the desktop at the end: ' words)" -eq 1 ] || fail "$(cat words)"
if grep -q 'cannot inject' words; then fail "$(cat words)"; fi

# Who started us may have ignored its children's ends.
export LOCK_STATUS=3
exits 60 env --ignore-signal=CHLD rd-capture --inject "$lock" <s.rd 2>words
unset LOCK_STATUS
n=$((n + 1))

# auto: the session that has this display, not just one of this user; and only what is locked.
mkdir fake
cat >fake/loginctl <<-'LOGIN'
	#!/bin/sh
	echo "$*" >>asked
	case "$1 $*" in
	show-user*Sessions*) echo '7 8' ;;
	show-session*' 7 '*Display*) echo :1234 ;;
	show-session*' 8 '*Display*) echo "$SEAT" ;;
	show-session*' 8 '*LockedHint*) cat hint ;;
	lock-session*) [ -z "$HANGS" ] || exec sleep 1000; echo yes >hint ;;
	esac
LOGIN
printf '#!/bin/sh\nexit 1\n' >fake/xscreensaver-command
for bus in light-locker-command xdg-screensaver; do printf '#!/bin/sh\necho bus >>asked\n' >fake/$bus; done
chmod +x fake/*
automatic() { # SEAT: what session 8 says its display is
	rm -f asked
	echo no >hint
	status=0
	SEAT=$1 HANGS=${2-} PATH="$PWD/fake:$PATH" rd-capture --inject --lock-on-end <s.rd 2>words || status=$?
}
automatic "$plain"
[ "$status" -eq 0 ] && grep -qx 'lock-session 8' asked || fail "status $status: $(cat asked words)"
automatic "$plain.0"
[ "$status" -eq 0 ] || fail "status $status of a display with a screen: $(cat asked words)"
automatic :1235
[ "$status" -eq 60 ] || fail "status $status where the session is another display's"
if grep -qE '^(lock-session|bus)' asked; then fail "another desktop is locked: $(cat asked)"; fi
grep -q 'the desktop is not locked' words || fail "$(cat words)"
automatic "$plain" hangs
[ "$status" -eq 60 ] || fail "status $status of what hangs"
# Killed it is by then; gone a moment later.
none_sleeps() { [ -z "$(sleeping)" ]; }
wait_for none_sleeps

# The locker has the cookie, too, of a desktop that is reached without being told of it.
export XDG_RUNTIME_DIR="$PWD/runtime"
mkdir -m 700 runtime
start_x
other=$DISPLAY
cp "$XAUTHORITY" runtime/xauth_desk
printf '#!/bin/sh\necho "$DISPLAY $XAUTHORITY" >way\n' >tell
chmod +x tell
env -u XAUTHORITY -u DISPLAY rd-capture --display "$other" --inject "--lock-on-end=$PWD/tell" <s.rd
[ "$(cat way)" = "$other $PWD/runtime/xauth_desk" ] || fail "the locker's way: $(cat way)"
DISPLAY=$plain

# First the lock, then the light, killed or not.
start dpms "${plain#:}" >monitor
wait_for has_line monitor
DISPLAY=":$(head -n 1 monitor)"
rm -f lights
# What points wakes it for a moment.
dark_again() { [ "$(tail -n 2 monitor | tr '\n' ' ')" = 'woken level 3 ' ]; }
for how in INT KILL; do
	view --blank=must "$lock"
	acts
	wait_for dark_again
	kill "-$how" "$(pgrep -P "$viewer" -f rd-capture)"
	lit() { [ "$(tail -n 1 monitor)" = 'level 0' ]; }
	wait_for lit
	wait_end "$viewer"
done
[ "$(sort -u lights)" = 'level 3' ] || fail "the light was on before the lock: $(cat lights)"
n=$((n + 2))
[ "$(wc -l <locked)" -eq $n ] || fail "$(wc -l <locked) locks instead of $n"
DISPLAY=$plain

# Over the network: rd-send hands it on.
. "$RD_ROOT/tests/tools/lib-send.sh"
for who in all looks; do person $who; done
admit all
admit looks --view-only
producer=(rd-capture)
host_up "--lock-on-end=$PWD/lock net" -- "${producer[@]}"
watch looks
wait_for saw looks '^frame'
say looks end
gone "$viewer" 0
wait_for event closed '"name":"looks"'
[ "$(wc -l <locked)" -eq $n ] || fail "locked after a viewer that could only look"
types() { # name
	wait_for saw "$1" '^frame'
	say "$1" pointer 100 100
	say "$1" ping
	wait_for saw "$1" '^pong'
}
typed_and_left() {
	watch all
	types all
	say all end
	gone "$viewer" 0
	n=$((n + 1))
	wait_for locked $n
}
typed_and_left
# A clipboard alone is no control.
exits 53 rd-clip get --config "$TMPDIR/of-all" "127.0.0.1:$port" 2>words
printf x | rd-clip put --config "$TMPDIR/of-all" "127.0.0.1:$port"
none_captures() { ! pgrep -P "$sender" -x rd-capture >/dev/null; }
wait_for none_captures
[ "$(wc -l <locked)" -eq $n ] || fail "rd-clip has locked"
# Lost: the viewer dies; and the host itself, all of it.
watch all
types all
kill -KILL "$sender" "$(network_of "$sender")"
n=$((n + 1))
wait_for locked $n
[ "$(tail -n 1 locked)" = "locked $DISPLAY net" ] || fail "$(tail -n 1 locked)"
exits 2 rd-send --lock-on-end <s.rd 2>words

# Of a producer for each: with the last of those that did something, killed or not.
person other
admit other
host_up "--lock-on-end=$PWD/lock net" -- "${producer[@]}"
captures() { pgrep -P "$sender" -x rd-capture || true; }
left() { [ "$(captures | wc -l)" -eq "$1" ]; }
# What is to be done at its end is done when it has gone; by an heir, where it was killed. (Two each:
# the other one lets keys go.)
heirs() { # so many
	local p n=0
	for p in $(pgrep -x rd-keeper); do
		! tr '\0' '\n' 2>/dev/null <"/proc/$p/environ" | grep -qxF "TMPDIR=$TMPDIR" || n=$((n + 1))
	done
	[ $n -eq "$1" ]
}
for how in END KILL; do
	watch all
	first=$viewer
	types all
	firsts=$(captures)
	watch other
	second=$viewer
	types other
	if [ $how = END ]; then say all end; else kill -KILL "$firsts"; fi
	wait_end "$first"
	wait_for left 1
	[ $how = END ] || wait_for heirs 2
	[ "$(wc -l <locked)" -eq $n ] || fail "locked, and one still controls it"
	say other end
	gone "$second" 0
	n=$((n + 1))
	wait_for locked $n
	wait_for left 0
done
# Who only looks keeps nothing open.
watch other
second=$viewer
wait_for saw other '^frame'
typed_and_left
say other end
gone "$second" 0
wait_for left 0
[ "$(wc -l <locked)" -eq $n ] || fail "locked after who only looked"
# All at once, several times: at least one of them locks.
for _ in 1 2 3; do
	watch all
	types all
	watch other
	types other
	mapfile -t both < <(captures)
	kill -KILL "${both[@]}"
	wait_for locked $((n + 1))
	wait_for heirs 0
	n=$(($(wc -l <locked)))
done
stop "$sender"

# Of one producer for several: with the last, and then it begins anew.
host_up --shared "--lock-on-end=$PWD/lock net" -- "${producer[@]}"
watch all
first=$viewer
types all
watch looks
second=$viewer
wait_for saw looks '^frame'
say all end
gone "$first" 0
say looks ping
wait_for saw looks '^pong'
[ "$(wc -l <locked)" -eq $n ] || fail "locked, and one is still there"
say looks end
gone "$second" 0
n=$((n + 1))
wait_for locked $n
# The next has its picture, comes while it is being locked or later, and locks nothing by looking.
watch all
wait_for saw all '^frame'
say all end
gone "$viewer" 0
watch all
types all
[ "$(wc -l <locked)" -eq $n ] || fail "locked after who only looked"
say all end
gone "$viewer" 0
n=$((n + 1))
wait_for locked $n
