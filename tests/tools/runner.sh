#!/usr/bin/env bash
# What runs the tests, with tests of its own: who passes, fails, skips, leaves something
# running; two at a time, and alone; and what is left when it is interrupted.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"

unset JOBS MAKEFLAGS
mkdir -p tree/tests/tools tree/tests/unit build/tests/unit
cp "$RD_ROOT/tests/run" tree/tests/
export AT="$PWD"
as_test() { # name <lines
	{ echo 'set -eu' && cat; } >"tree/tests/tools/$1.sh"
}
as_unit() { # name, what is in its source <lines
	echo "$2" >"tree/tests/unit/$1.c"
	{ echo '#!/bin/sh' && cat; } >"build/tests/unit/$1"
	chmod +x "build/tests/unit/$1"
}
runs() { # status, pattern…; what it tells is in ./out, without the times
	exits "$1" env RD_BUILD="$PWD/build" tree/tests/run "${@:2}" >told 2>words
	sed 's/ *[0-9]* ms$//' told >out
	[ ! -s words ] || fail "it complains: $(cat words)"
	[ -z "$(find "$TMPDIR" -maxdepth 1 -name 'rd-check.*')" ] || fail "its folder is left"
}
is() { # file <lines
	diff - "$1" || fail "not what was to be in $1"
}
forget() {
	rm -f tree/tests/tools/*.sh tree/tests/unit/* build/tests/unit/*
}

# One of each kind, and in their order where there is one at a time.
as_test fails <<'L'
seq 70 | sed 's/^/line /'
exit 3
L
as_test good <<<'[ "$PWD" = "$TMPDIR" ] && [ -d "$XDG_RUNTIME_DIR" ] && ! read -r _'
as_test lib-good <<<'exit 1'
as_test leaves <<'L'
setsid sleep 1000 &
echo $! >"$AT/left"
L
as_test skips <<'L'
echo 'skipped: no such thing' >&2
exit 77
L
as_test crashes <<<'kill -SEGV $$'
as_unit part '' <<<'echo "[  SKIPPED ] one of them"'
as_unit whole '' <<<'exit 0'
echo 'not a test: it has no source' >build/tests/unit/other
chmod +x build/tests/unit/other
JOBS=1 runs 1
{
	echo 'ok    unit/part'
	echo '[  SKIPPED ] one of them'
	echo 'ok    unit/whole'
	echo 'FAIL  tools/crashes (status 139)'
	echo 'FAIL  tools/fails (status 3)'
	seq 11 70 | sed 's/^/      | line /'
	echo 'ok    tools/good'
	echo 'FAIL  tools/leaves (status 1)'
	echo '      | failed: left running: sleep 1000 '
	printf 'skip  %-40s no such thing\n' tools/skips
	echo 'skipped: unit/part(part) tools/skips'
	echo 'failed: tools/crashes tools/fails tools/leaves'
	echo '3 passed, 3 failed'
} | is out
ended "$(cat left)" || fail "what a test has left outlives the run"

# By name; and nothing at all is no success.
runs 0 goo whol
grep -q '^2 passed, 0 failed$' out || fail "$(cat out)"
runs 1 nonesuch
grep -qx '0 passed, 0 failed' out || fail "$(cat out)"
exits 1 env JOBS=many tree/tests/run good >out 2>words
grep -q "JOBS.*'many'" words || fail "$(cat words)"

# Two at a time: each waits for the other. What they say is not mixed.
forget
for pair in 'a b' 'b a'; do
	as_test "${pair% *}" <<-L
		echo ${pair% *} 1 && touch "\$AT/here.${pair% *}"
		until [ -e "\$AT/here.${pair#* }" ]; do sleep 0.02; done
		echo ${pair% *} 2 && exit 1
	L
done
JOBS=2 runs 1
for name in a b; do
	printf "FAIL  tools/$name (status 1)\n      | $name %d\n" 1 1 2 2 | sed -n '1,2p;6p' >one
	grep -A 2 "^FAIL  tools/$name " out | diff one - || fail "$name is not told whole: $(cat out)"
done

# With one at a time nobody is beside another, and never beside one who is to be alone.
forget
for name in a b c d; do
	as_test "$name" <<<'mkdir "$AT/taken" || { echo not alone; exit 1; }; sleep 0.1; rmdir "$AT/taken"'
done
JOBS=1 runs 0
printf 'ok    tools/%s\n' a b c d | { cat && echo '4 passed, 0 failed'; } | is out
sed -i '1i # alone: it takes what there is' tree/tests/tools/[ac].sh
sed -i 's/mkdir.*/[ ! -e "$AT\/taken" ] || { echo beside; exit 1; }; sleep 0.1/' tree/tests/tools/[bd].sh
as_unit e '/* alone: this one, too */' <<<'mkdir "$AT/taken" && sleep 0.1 && rmdir "$AT/taken"'
JOBS=3 runs 0
sed -i '1,2s/[bd]$/?/' out
printf 'ok    %s\n' 'tools/?' 'tools/?' unit/e tools/a tools/c | { cat && echo '5 passed, 0 failed'; } | is out

# Interrupted, it ends all of them, and what they have started.
forget
for name in a b; do
	as_test "$name" <<-L
		trap '' TERM
		setsid sh -c 'echo \$\$ >"\$AT/$name.pid"; sleep 1000; :' &
		wait
	L
done
begun() { [ -s a.pid ] && [ -s b.pid ]; }
for how in INT TERM; do
	rm -f ./*.pid
	JOBS=2 start env --default-signal=INT RD_BUILD="$PWD/build" tree/tests/run >out
	wait_for begun
	kill -$how "$pid"
	wait_end "$pid"
	case $how-$status in INT-130 | TERM-143) ;; *) fail "status $status after SIG$how" ;; esac
	for name in a b; do ended "$(cat $name.pid)" || fail "something is left after SIG$how"; done
	[ ! -s out ] || fail "it has told something: $(cat out)"
	[ -z "$(find "$TMPDIR" -maxdepth 1 -name 'rd-check.*')" ] || fail "its folder is left"
done
