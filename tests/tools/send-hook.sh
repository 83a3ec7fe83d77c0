#!/usr/bin/env bash
# --on-connect decides: exit status 0 lets in, anything else does not. It is
# told who comes, by its environment and nothing else, and no shell is between.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

person known
person stranger
admit known
producer=(rd-capture --source test --size 64x48 --frames 2)
cat >hook <<-'HOOK'
	#!/bin/sh
	{ printf '%s\n' "$#" "$1"; cat; env; } >hook.said
	echo 'words on stdout'
	ls -l /proc/self/fd >hook.fds
	exit "$(cat hook.answer)"
HOOK
chmod +x hook
echo 0 >hook.answer

SECRET_OF_THE_HOST=1 host_up --on-connect "  $PWD/hook  \$HOME " -- "${producer[@]}"
recv stranger >stranger.rd || fail "a command that says yes does not let in: $(cat host.log)"
[ -s stranger.rd ]
[ "$(sed -n 1,2p hook.said)" = "1
\$HOME" ] || fail "the command was not split at blanks, or went through a shell: $(sed -n 1,2p hook.said)"
fingerprint=$(rd-key --config "$TMPDIR/of-stranger" fingerprint 2>/dev/null)
grep -qxF "RD_FINGERPRINT=$fingerprint" hook.said || fail "$(cat hook.said)"
grep -qx 'RD_NAME=' hook.said || fail "a stranger has a name here"
grep -qx 'RD_ADDRESS=127.0.0.1:[0-9]*' hook.said || fail "$(cat hook.said)"
grep -qx 'RD_SERVICE=desktop' hook.said || fail "$(cat hook.said)"
! grep -q SECRET_OF_THE_HOST hook.said || fail "the command sees all of our environment"
! grep -q socket hook.fds || fail "the command has our sockets: $(cat hook.fds)"
# What it prints is words, not the stream.
! grep -aq 'words on stdout' stranger.rd || fail "words in the stream"
told 'words on stdout' || fail "its words are lost"

# A known key has a name, and can be turned away, too.
recv known >known.rd
grep -qx 'RD_NAME=known' hook.said || fail "$(cat hook.said)"
echo 3 >hook.answer
for who in stranger known; do
	exits 16 recv $who >$who.rd 2>$who.words
	grep -q 'turned you away' $who.words || fail "$(cat $who.words)"
	[ ! -s $who.rd ] || fail "$who got something"
done

# It says nothing about what a key may do, nor about keys that have expired.
echo 0 >hook.answer
rd-key --config "$hostdir" remove known
admit known --expires 2020-01-01
exits 18 recv known >known.rd 2>known.words
stop "$sender"

# Its word is about who stood before it: a key that is removed before it is
# given is not let in as a stranger.
admit known --replace
cat >slow <<-'HOOK'
	#!/bin/sh
	touch slow.asked
	until [ -e slow.answer ]; do sleep 0.02; done
HOOK
chmod +x slow
host_up --on-connect "$PWD/slow" -- "${producer[@]}"
recv known >known.rd 2>known.words &
viewer=$!
started+=("$viewer")
wait_for test -e slow.asked
rd-key --config "$hostdir" remove known
touch slow.answer
gone "$viewer" 16
[ ! -s known.rd ] || fail "a key that was removed got something"

# Let in by its word and then written down, who is struck out leaves.
stop "$sender"
host_up --on-connect "$PWD/slow" -- rd-capture --source test --size 64x48
watch stranger
wait_for saw stranger '^frame'
admit stranger
echo 'what is this' >>"$hostdir/authorized_keys"
wait_for told 'authorized_keys:'
rd-key --config "$hostdir" remove stranger
gone "$viewer" 18
stop "$sender"

# A crowd of strangers is not a crowd of commands.
rm slow.answer
host_up --on-connect "$PWD/slow" -- "${producer[@]}"
crowd=()
for i in 1 2 3 4 5 6 7 8; do
	person crowd$i
	recv crowd$i >/dev/null 2>&1 &
	crowd+=("$!")
	started+=("$!")
done
commands() {
	local all
	read -ra all <"/proc/$sender/task/$sender/children"
	[ "${#all[@]}" -eq $((1 + $1)) ]	# and the process at the network
}
wait_for commands 8
exits 16 recv stranger >stranger.rd 2>stranger.words
grep -q 'somebody else' stranger.words || fail "$(cat stranger.words)"
# Who is known does not stand in that queue.
admit known
recv known >known.rd 2>known.words &
viewer=$!
started+=("$viewer")
wait_for commands 9
touch slow.answer
gone "$viewer" 0
for p in "${crowd[@]}"; do gone "$p" 0; done
stop "$sender"

# A command that is not there any more lets nobody in; one that hangs ends with us.
cp hook nothing
host_up --on-connect "$PWD/nothing" -- "${producer[@]}"
rm nothing
exits 16 recv stranger >stranger.rd 2>stranger.words
told 'cannot run' || fail "$(cat host.log)"
stop "$sender"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho $$ >hook.pid\nexec sleep 1000\n' >hook
host_up --on-connect "$PWD/hook" -- "${producer[@]}"
recv stranger >stranger.rd 2>stranger.words &
viewer=$!
started+=("$viewer")
wait_for test -s hook.pid
kill "$sender"
gone "$sender" 0
wait_for ended "$(cat hook.pid)"
wait_end "$viewer"
[ ! -s stranger.rd ] || fail "who waits for an answer got something"

# A viewer that does not wait for the answer takes the question with it.
rm hook.pid
host_up --on-connect "$PWD/hook" -- "${producer[@]}"
start rd-recv --config "$TMPDIR/of-stranger" --accept-new --once "127.0.0.1:$port" >stranger.rd
wait_for test -s hook.pid
stop "$pid"
wait_for event closed
wait_for ended "$(cat hook.pid)"
