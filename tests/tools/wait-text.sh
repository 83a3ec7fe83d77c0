#!/usr/bin/env bash
# rd-wait --text reads a terminal by tesseract, in a process that can do nothing
# else; where that is not installed it says so, with a status of its own.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

start_x 800x300
xsetroot -solid '#204060'
mkdir bin
ln -s "$RD_BIN"/rd-* bin/
exits 50 env PATH="$PWD/bin" "$PWD/bin/rd-wait" --text 'Sign in' 2>words
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"
grep -q 'apt-get install tesseract-ocr' words || fail "$(cat words)"

# One that is given in its place: what it may do, and what it is given.
cat >bin/tesseract <<-'END'
	#!/bin/sh
	word() { printf '5\t1\t1\t1\t%d\t1\t30\t60\t90\t30\t95.5\t%s\n' "$1" "$2"; }
	read -r magic && word 7 "$magic"
	{ read -r secret <"$HOME/secret"; } 2>/dev/null && word 8 "$secret"
	{ echo x >written; } 2>/dev/null && word 9 wrote
	printf '5\t1\t1\t1\t1\t1\t30\t60\t90\t30\t95.5\tSign\n5\t1\t1\t1\t1\t2\t150\t60\t30\t30\t91\tin\n'
END
chmod +x bin/tesseract
mkdir fake
mv bin/tesseract fake/
if [ -d /opt ] && [ -w /opt ]; then
	place=$(mktemp -d /opt/rd-test.XXXXXX)
	trap 'code=$?; rm -rf "$place"; cleanup $code' EXIT
	cp fake/tesseract "$place/"
	echo hidden >secret
	export HOME=$PWD
	PATH="$place:$PATH" exits 102 rd-wait --text nowhere --text 'SIGN  in' --text P5 >said 2>words
	[ "$(cat said)" = '50x10+10+20 2 text SIGN  in' ] || fail "$(cat said words)"
	PATH="$place:$PATH" exits 0 rd-wait --text P5 >said
	[ ! -e written ] || fail "tesseract could write"
	if [ "${RD_SAN#*address}" = "$RD_SAN" ]; then
		PATH="$place:$PATH" exits 13 rd-wait --text hidden -t 2s 2>words
		PATH="$place:$PATH" exits 13 rd-wait --text wrote -t 2s 2>words
	fi
	printf '#!/bin/sh\nexit 3\n' >"$place/tesseract"
	PATH="$place:$PATH" exits 9 rd-wait --text 'Sign in' 2>words
	grep -q 'tesseract could not' words || fail "$(cat words)"
fi

command -v tesseract >/dev/null || skip "no tesseract to read with (the rest was tried)"
start xterm -fa Monospace -fs 14 -geometry 40x6+20+20 -e sh -c 'read -r line <go; echo "$line"; sleep 1000'
mkfifo go
start rd-wait --text 'never' --text 'Sign in' --timeout 150s
waiter=$pid
echo 'Please Sign in here' >go
wait_end "$waiter"
[ "$status" -eq 102 ] || fail "status $status"
