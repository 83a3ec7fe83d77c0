#!/usr/bin/env bash
# What is copied on one side can be pasted on the other, of every kind, from one byte
# to 64 MiB, over a socket pair and over three pipes as ssh has them; both at once,
# while the picture goes on.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"

# Each way its own content: who pastes what was there before is not to be content.
there_and_back() { # target, file
	tr 'a-zA-Z' 'b-zA-Za' <"$2" >back
	copy "$host" "$1" "$2"
	wait_for pasted "$desk" "$1" "$2"
	copy "$desk" "$1" back
	wait_for pasted "$host" "$1" back
}

two_desktops
look -- rd-encode -- rd-capture --display "$host"
for size in 1 65536 65537 1000000 67108864; do
	{ printf a && head -c $((size - 1)) /dev/urandom; } >blob
	there_and_back image/png blob
	[ $size -ne 67108864 ] || break
	words_of $size
	there_and_back UTF8_STRING blob
	there_and_back text/html blob
done
printf 'file:///home/ann/a%%20b\r\nfile:///etc/hosts\r\n' >blob
there_and_back text/uri-list blob

# Old programs know ISO 8859-1 only; what is not in it becomes a question mark.
printf 'für 漢' >blob
printf 'f\xfcr ?' >latin1
copy "$host" UTF8_STRING blob
wait_for pasted "$desk" STRING latin1
printf 'f\xfcr' >latin1
printf 'für' >blob
copy "$desk" STRING latin1
wait_for pasted "$host" UTF8_STRING blob

# What is selected is shared only when that is asked for.
copy "$host" UTF8_STRING blob primary
! pasted "$desk" UTF8_STRING blob primary || fail "the primary selection is shared unasked"
stop "$viewer"

# Over pipes, and with it: what is selected, and a password keeps its mark.
look --primary -- sh -c 'cat | rd-encode -- rd-capture --primary --display "$0" | cat' "$host"
printf 'selected there' >blob
copy "$host" UTF8_STRING blob primary
wait_for pasted "$desk" UTF8_STRING blob primary
printf 'selected here' >blob
copy "$desk" UTF8_STRING blob primary
wait_for pasted "$host" UTF8_STRING blob primary
printf geheim | at "$host" rd-clip put --secret
wait_for has "$desk" x-kde-passwordManagerHint
blob 10000000
there_and_back image/png blob

# Pictures do not wait behind it: each colour is seen while 64 MiB are on their way.
words_of 10
copy "$host" UTF8_STRING blob
wait_for pasted "$desk" UTF8_STRING blob
blob 67108864
copy "$host" image/png blob
wait_for has "$desk" image/png
start pasted "$desk" image/png blob
pasting=$pid
colour() { # how often
	[ "$(at "$desk" xwd -root 2>/dev/null | cksum)" != "$1" ]
}
for shade in '#ff0000' '#00ff00' '#0000ff'; do
	before=$(at "$desk" xwd -root | cksum)
	at "$host" xsetroot -solid "$shade"
	wait_for colour "$before"
done
wait_end "$pasting"
[ "$status" -eq 0 ] || fail "what was pasted meanwhile is not what was copied"
