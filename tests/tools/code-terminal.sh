#!/usr/bin/env bash
# At a terminal a code is asked for and its words complete themselves; one that
# is none is asked for again; ^C gives the terminal back.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"
unset RD_RELAY
rd-key >/dev/null 2>&1

# An address where nobody answers, so that it ends by itself.
at_terminal sh -c 'rd-recv --timeout 1 127.0.0.1:9/ >s.rd'
prompted 1 'Code: '
printf '7-orb\tcac-lam\t' >&7
wait_for terminal_says '7-orbit-cactus-lamp-'
printf 'riv\t\r' >&7
wait_for terminal_says 'lamp-river'
wait_for terminal_says 'status 13'
terminal_says '127.0.0.1:9/7' || fail "not told of which: $(cat typed)"
stop "$pid"

# Tab twice shows what there is; a word that is none is said, and asked for anew.
at_terminal sh -c 'rd-recv --timeout 1 --code - --relay 127.0.0.1:9 >s.rd'
prompted 1 'Code: '
printf '7-or\t\t' >&7
wait_for terminal_says 'orbit  '
prompted 2 'Code: '
printf '\0257-orbit-cactus-lamp-xyzzy\r' >&7
wait_for terminal_says 'xyzzy'
prompted 3 'Code: '
printf '\003' >&7
wait_for terminal_says 'status 25'
terminal_says 'no code given' || fail "$(cat typed)"
stop "$pid"

# rd-view asks by rd-recv, and the terminal is as it was.
at_terminal sh -c 'rd-view --to null 127.0.0.1:9/; stty -a'
prompted 1 'Code: '
printf '\003' >&7
wait_for terminal_says 'status 0'
grep -aqE '(^|[ ;])icanon ' typed && grep -aqE '(^|[ ;])echo ' typed || fail "not given back: $(cat typed)"
