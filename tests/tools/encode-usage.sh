#!/usr/bin/env bash
# Options that contradict each other, and inputs that cannot be meant, are
# refused with one line and the exit code "usage".
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

refused() { # WHAT OPTION…
	local what=$1
	shift
	exits 2 rd-encode "$@" </dev/null 2>words >out
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	grep -q -e "$what" words || fail "$*: says: $(cat words)"
	[ ! -s out ] || fail "$*: wrote to stdout"
}

refused 'codec' --codec h264
refused 'video needs a codec' --codec none --updates video
refused 'video needs a codec' --codec none --format ivf
refused 'lossless' --lossless --updates video
refused 'lossless' --lossless --format ivf
refused 'vp8 has only' --codec vp8 --chroma 444
refused 'not an option' in.rd
refused 'no command' --

# A terminal is neither a stream nor a place for one.
if have script; then
	script -qec 'rd-encode >out; echo "status $?"' /dev/null </dev/null >typed
	grep -q 'stdin is a terminal' typed || fail "read a terminal: $(cat typed)"
	grep -q 'status 2' typed || fail "exit status: $(cat typed)"
	script -qec 'rd-encode -- rd-capture; echo "status $?"' /dev/null </dev/null >typed
	grep -q 'stdout is a terminal' typed || fail "wrote to a terminal: $(cat typed)"
fi

# Started by a viewer without a producer, stdin is that viewer.
exits 2 peer view.log -- rd-encode 2>words
grep -q 'name a producer' words || fail "$(cat words)"
