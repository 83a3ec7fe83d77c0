#!/usr/bin/env bash
# Both are asked at their terminals, beside the picture: a name, or just Enter.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
# Two terminals: the host's is lib-key's.
at_terminal rd-send --config "$host_dir" --code -- rd-encode -- rd-capture \
	--source test --size 64x48
terminal_says_code() { grep -aoqE "rd-view $relay/[0-9]+(-[a-z]+){4}" typed; }
wait_for terminal_says_code
code=$(grep -aoE "$relay/[0-9]+(-[a-z]+){4}" typed | head -n 1)
mkfifo keys2
exec 8<>keys2
: >typed2
start sh -c "exec script -qfec 'rd-recv --config viewer $code >s.rd; echo status \$?' typed2 <keys2 >screen2 8>&-"
viewer_asked() { grep -aq 'give it a name' typed2; }
wait_for viewer_asked
printf 'two words\r' >&8
viewer_told() { grep -aq 'no blanks' typed2; }
wait_for viewer_told
printf 'office\r' >&8
prompted 1 'wants to come again'
prompted 1 'A name for it'
types 'laptop of ann'
wait_for test -s viewer/known_hosts
grep -q '^office .* code .*via=' viewer/known_hosts || fail "$(cat viewer/known_hosts)"
viewer_knows() { grep -aq 'from now on: rd-view office' typed2; }
wait_for viewer_knows
grep -aqF "rd-view $(hostname)" typed && fail "a command that the code's viewer cannot use"
grep -q ' laptop of ann$' "$host_dir/authorized_keys" || fail "$(cat "$host_dir/authorized_keys")"
