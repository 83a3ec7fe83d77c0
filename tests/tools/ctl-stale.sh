#!/usr/bin/env bash
# The folder of control sockets: ours alone or not used, swept of what killed programs
# left, and never a reason for a session to fail.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
folder="$XDG_RUNTIME_DIR/rd"

film() {
	rd-capture --source test --size 64x48 --frames 3 2>/dev/null
}
waiting() { # name
	[ "$(rd-ctl "$1" get tool 2>/dev/null)" = rd-record ]
}
mkfifo never
exec 8<>never

# Killed, both processes at once or only one of them: the file stays, until somebody looks.
start bash -c 'exec rd-record --name one - one.webm <never'
wait_for waiting one
[ "$(stat -c %a "$folder")" = 700 ] || fail "mode $(stat -c %a "$folder")"
[ "$(stat -c %a "$folder"/one.*)" = 600 ] || fail "mode $(stat -c %a "$folder"/one.*)"
kill -KILL "$pid"
wait_end "$pid"
ls "$folder"/one.* >/dev/null || fail "it took its file away though it was killed"
exits 40 rd-ctl one 2>words
[ -z "$(ls -A "$folder")" ] || fail "not swept: $(ls -A "$folder")"
start bash -c 'exec rd-record --name two - two.webm <never'
wait_for waiting two
kill -KILL "$pid"
wait_end "$pid"
film | rd-view --to null -
if ls "$folder"/two.* 2>/dev/null; then fail "not swept by the next program"; fi

# One that hangs is told as such, and one that refuses is not waited for.
start bash -c 'exec rd-record --name three - three.webm <never'
wait_for waiting three
kill -STOP "$pid"
exits 43 rd-ctl three get state 2>words
grep -q 'does not answer' words || fail "$(cat words)"
rd-ctl | grep -q '^three .*silent' || fail "$(rd-ctl)"
kill -CONT "$pid"
rd-ctl three end || fail "it has come to life again"
wait_end "$pid"

# One that ends while it is asked was never one of several.
start bash -c 'exec rd-record --name three - again.webm <never'
stays=$pid
wait_for waiting three
mkfifo tap
exec 7<>tap
start bash -c 'exec rd-record --name tmp - tmp.webm <tap'
goes=$pid
wait_for waiting tmp
mv "$folder"/tmp.* "$folder/three.rd-record.$goes"
exits 41 rd-ctl three get state 2>words
kill -STOP "$goes"
(sleep 0.5 && kill -KILL "$goes") &
[ "$(rd-ctl three get tool)" = rd-record ] || fail "one of the two has ended"
wait_end "$goes"
rd-ctl three end
wait_end "$stays"

# No socket, where none is wanted.
start bash -c 'exec rd-record --no-control --name four - four.webm <never'
exits 40 rd-ctl four 2>words
stop "$pid"

# A folder of others, or one that others may enter: one line, and the film is made.
refused() { # text
	rm -f s.webm
	film | rd-record - s.webm >/dev/null 2>words || fail "no film: $(cat words)"
	[ -s s.webm ] || fail "no film"
	grep -q "$1" words || fail "said: $(cat words)"
	[ "$(wc -l <words)" -eq 1 ] || fail "more than a line: $(cat words)"
	exits 10 rd-ctl 2>words
	grep -q "$1" words || fail "rd-ctl said: $(cat words)"
}
rm -rf "$folder"
mkdir -m 755 "$folder"
refused 'others may enter it (chmod 700 it)'
rm -rf "$folder"
ln -s "$PWD" "$folder"
refused 'symbolic link'
rm "$folder"
if [ "$(id -u)" -eq 0 ]; then
	mkdir -m 700 "$folder"
	chown 65534 "$folder"
	refused 'belongs to another user'
	rm -rf "$folder"
else
	left_out "a folder of another user: only root can make one"
fi

# Without a folder for such things: one of our own, where nobody else has made something of that name.
fallback=/tmp/rd-$(id -u)
usable() { [ ! -e "$1" ] || [ "$(stat -c '%F %u %a' "$1")" = "directory $(id -u) 700" ]; }
if [ -d "/run/user/$(id -u)" ]; then
	left_out "no folder for such things: here is /run/user/$(id -u)"
elif ! usable "$fallback"; then
	left_out "no folder for such things: $fallback is in the way"
else
	film | env -u XDG_RUNTIME_DIR rd-record - six.webm >/dev/null 2>words
	[ ! -s words ] || fail "it complains: $(cat words)"
	# Who is confined may not take it away.
	rmdir "$fallback" 2>/dev/null || true
fi

# A folder whose path no address of a socket has room for.
long="$PWD/$(printf 'x%.0s' $(seq 120))"
mkdir -m 700 "$long"
export XDG_RUNTIME_DIR=$long
start bash -c 'exec rd-record --name five - five.webm <never'
wait_for waiting five
rd-ctl five end
wait_end "$pid"
