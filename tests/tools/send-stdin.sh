#!/usr/bin/env bash
# rd-send in a shell pipeline: what it reads is shown, what viewers send comes
# out of it, and a recording arrives frame for frame.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

person one
admit one
# rd-send --once from a file: all of it, and its exit status.
rd-capture --source test --size 320x240 --frames 40 | rd-encode >film.rd
rd-view --to hash - <film.rd >wanted
pipe() { # argument…: rd-send with the stdin and stdout it has here
	rd-send --config "$hostdir" --listen 127.0.0.1:0 --json "$@" 2>host.log
}
: >host.log
host_folder
pipe --once <film.rd &
sender=$!
started+=("$sender")
host_listens
recv one | rd-view --to hash - >got
cut -d' ' -f3- wanted >w
cut -d' ' -f3- got >g
cmp w g || fail "the recording arrived as: $(cat got)"
gone "$sender" 0

# A file waits for its viewer also where it was recorded from a live desktop.
peer -w hello:live frame:1:40:30:00aa5500 end:0 >live.rd
: >host.log
pipe --once <live.rd &
sender=$!
started+=("$sender")
host_listens
sleep 0.3
recv one | rd-view --to hash - >got
[ "$(wc -l <got)" -eq 1 ] || fail "of the recording of a desktop came: $(cat got)"
gone "$sender" 0

# A picture that no session carries ends the viewer's with the reason.
: >host.log
rd-capture --source test --size 7680x4320 --frames 1 >large.rd
pipe --once <large.rd &
sender=$!
started+=("$sender")
host_listens
exits 11 recv one >got.rd 2>one.words
grep -q 'put rd-encode before' one.words || fail "$(cat one.words)"
gone "$sender" 11
rm large.rd

# A stream that was cut short says so here and there.
head -c $(($(stat -c %s film.rd) / 2)) film.rd >cut.rd
: >host.log
pipe --once <cut.rd &
sender=$!
started+=("$sender")
host_listens
exits 3 recv one >got.rd 2>one.words
gone "$sender" 3

# What viewers send goes on to the next command, marked with whose it is.
mkfifo feed
: >host.log
peer -w hello:live frame:1:40:30:00aa5500 await:never:1 >feed 2>/dev/null &
feeder=$!
started+=("$feeder")
{ code=0; pipe <feed || code=$?; echo $code >sender.status; } | tee back.rd | rd-capture --inject --injector log 2>injected &
started+=($!)
host_listens
watch one
wait_for saw one '^frame 1 40x30'
[ $(($(awk '/^hello/ {print $2}' one.log) & 8)) -ne 0 ] || fail "HELLO does not say that input is obeyed"
say one key 30 0x61 1
wait_for grep -q 'key 30' injected
# It goes, and what it held comes up at once.
say one end
gone "$viewer" 0
wait_for grep -q 'key 30 up' injected
# An idle stream is there at once for who comes later.
watch one
wait_for saw one '^frame 1 40x30'
say one end
gone "$viewer" 0
kill "$feeder"
wait_for test -s sender.status
[ "$(cat sender.status)" -eq 3 ] || fail "status $(cat sender.status) after the stream was cut short"
peer -r in.log <back.rd || true
grep -q '^HELLO rd-send' in.log && grep -q '^HELD' in.log || fail "$(cat in.log)"

# Not from a terminal, and not nonsense.
exits 4 rd-send --config "$hostdir" --listen 127.0.0.1:0 </bin/sh 2>words
grep -q 'not an rd stream' words || fail "$(cat words)"
exits 13 rd-send --config "$hostdir" --listen 127.0.0.1:0 --timeout 50ms <film.rd 2>words
