#!/usr/bin/env bash
# The far end of ssh has a pipe for each direction: pictures come, and
# acknowledgements go back.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

source=(rd-capture --source test --size 320x240 --frames 40)
"${source[@]}" | rd-view --to hash - | awk '{print $NF}' >want

rd-view --to hash -- sh -c "cat | rd-encode --codec none -- ${source[*]} | cat" |
	awk '{print $NF}' >got
cmp want got || fail "other pictures: $(diff want got | head -4)"

# What comes back is obeyed: a refresh asked for, input passed on to the source.
peer -a view.log hello await:SHOW:1 msg:0102: await:SHOW:2 pointer:3:4 await:7f03:1 end:1 -- sh -c \
	'cat | rd-encode --stats stats -- peer source.log hello:live frame:1:64:48:ff await:POINTER:1 msg:7f03: | cat'
[ "$(grep -c '64x48 sync$' view.log)" -eq 2 ] || fail "not two sync points: $(cat view.log)"
grep -q '^POINTER 3 4$' source.log || fail "no input came up: $(cat source.log)"
grep -q '"rtt_ns":[1-9]' stats || fail "nothing was acknowledged: $(cat stats)"

# An input that is closed, or never says a word, is no viewer: open loop.
rd-encode --codec none -- "${source[@]}" </dev/null | rd-view --to hash - | awk '{print $NF}' >got
cmp want got
: | rd-encode --codec none -- "${source[@]}" | rd-view --to hash - | awk '{print $NF}' >got
cmp want got

# One that says something else is told apart.
echo hello | exits 4 rd-encode -- rd-capture --source test >out 2>words
grep -q 'what came back' words || fail "$(cat words)"
