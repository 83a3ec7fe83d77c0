#!/usr/bin/env bash
# rd-run ends with its command's status, whatever that is, and passes through
# what the command reads and writes.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
ulimit -c 0

for code in 0 1 7 13 126 255; do
	exits "$code" rd-run sh -c "exit $code" 2>words
	[ ! -s words ] || fail "words of its own: $(cat words)"
done
for sig in HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM; do
	exits $((128 + $(kill -l $sig))) env --default-signal rd-run sh -c "kill -$sig \$\$; sleep 60" 2>words
	clean_now
done

# One line, where it is not the command's.
one_line() { # code, text, command…
	local code=$1 text=$2
	shift 2
	exits "$code" "$@" 2>words
	grep -qe "$text" words || fail "$*: says: $(cat words)"
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: more than a line: $(cat words)"
	clean_now
}
: >plain
mkdir folder
one_line 127 'rd-run: nonesuch: there is no such command' rd-run nonesuch
one_line 127 './nonesuch: there is no such command' rd-run -- ./nonesuch
one_line 126 './plain: Permission denied' rd-run -- ./plain
one_line 126 './folder: Permission denied' rd-run -- ./folder
one_line 2 'which command' rd-run
one_line 2 'which command' rd-run --
one_line 2 'did you mean --record' rd-run --recrod a.webm true
one_line 2 'which format' rd-run --record a.avi true
one_line 2 'for the film of --record' rd-run --keep never true
one_line 2 '16x16 to 16384x16384' rd-run --size 8x8 true
one_line 2 '16x16 to 16384x16384' rd-run --size 60000x100 true
one_line 2 'size' rd-run --size 100 true
one_line 2 'name of a window manager' rd-run --wm= true
one_line 13 'has not ended after 0.3 s' rd-run --timeout 300ms sleep 60

# The command's own options are its own; "--" may be left out.
[ "$(rd-run printf '%s|' a --help -- '' --size)" = 'a|--help|--||--size|' ] || fail "words are lost"
[ "$(rd-run --size 640x480 sh -c 'xdpyinfo | sed -n "s/ *dimensions: *\([^ ]*\).*/\1/p"')" = 640x480 ] ||
	fail "not the size"
rd-run --help | grep -q 'usage: rd-run'

# Input, output, further descriptors, and those that are closed.
echo some | rd-run cat >got
[ "$(cat got)" = some ] || fail "input is lost"
rd-run sh -c 'echo out; echo err >&2; echo five >&5' >out 2>err 5>five
[ "$(cat out err five | tr '\n' ' ')" = 'out err five ' ] || fail "output is lost"
[ "$(rd-run sh -c 'ls /proc/self/fd | wc -l')" = "$(sh -c 'ls /proc/self/fd | wc -l')" ] ||
	fail "more descriptors than before"
exits 5 sh -c 'rd-run sh -c "exit 5" >&- 2>&- <&-'
exits 1 sh -c 'rd-run sh -c "echo a || exit 1" >&- 2>/dev/null'
exits 6 rd-run sh -c 'echo much; exit 6' >/dev/full 2>/dev/null
# What was ignored stays ignored, what was not does not become so.
before=$(sh -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status')
[ "$(rd-run grep -E '^Sig(Blk|Ign)' /proc/self/status)" = "$before" ] || fail "signals are other ones"
[ "$(sh -c 'trap "" PIPE HUP USR1; exec rd-run grep SigIgn /proc/self/status')" = \
	"$(sh -c 'trap "" PIPE HUP USR1; exec grep SigIgn /proc/self/status')" ] || fail "ignored signals are other ones"

# No other display is in the way, and nobody else is let in.
WAYLAND_DISPLAY=wayland-7 rd-run sh -c '[ -z "${WAYLAND_DISPLAY-}" ] && [ -z "${RD_RECORDING-}" ] && [ -p "$RD_MARK" ]'
rd-run sh -c 'xdpyinfo >/dev/null && ! XAUTHORITY=/dev/null xdpyinfo >/dev/null 2>&1' ||
	fail "the cookie is no use"
rd-run sh -c '[ "$(stat -c %a "$XAUTHORITY")" = 600 ] && [ "$(xauth list 2>/dev/null | wc -l)" -ge 1 ]'
clean_now
