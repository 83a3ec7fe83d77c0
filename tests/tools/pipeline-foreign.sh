#!/usr/bin/env bash
# What is no stream, a newer one, a cut or a damaged one ends in one clear line
# and the exit code that says so; never in a crash, and never in silence.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

# In: a file. The tool must end with CODE and one line on stderr.
one_line() { # CODE FILE COMMAND…
	local code=$1 file=$2
	shift 2
	exits "$code" "$@" <"$file" >out 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	! LC_ALL=C grep -q '[^ -~]' <(LC_ALL=C tr -d '\200-\377' <words) ||
		fail "$*: control characters on the terminal"
}
both() { # CODE FILE
	one_line "$1" "$2" rd-encode
	one_line "$1" "$2" rd-view --to null -
}

printf '\377\330\377\340\0\20JFIF\0\1\1\0\0\1\0\1\0\0\377\333\0C\0' >photo.jpg
head -c 65536 /dev/urandom | sed '1s/^/x/' >noise
printf 'Welcome to build1!\n' >motd
: >empty
both 4 photo.jpg
both 4 noise
both 4 motd
both 3 empty
grep -q 'JFIF\|not an rd stream' <(rd-encode <photo.jpg 2>&1 >/dev/null) || fail "does not say what it is"

rd-capture --source test --size 64x48 --frames 3 >raw.rd
rd-encode --updates exact <raw.rd >exact.rd

# Bytes 24 and 25 are the major version.
cp raw.rd newer.rd
printf '\7' | dd of=newer.rd bs=1 seek=24 conv=notrunc status=none
both 5 newer.rd
grep -q '7\.0' words || fail "does not name the version: $(cat words)"

# Cut short, at each place of the first messages and here and there after.
size=$(wc -c <exact.rd)
for n in $(seq 1 120) $(seq 130 97 $((size - 1))) $((size - 1)); do
	head -c "$n" exact.rd >cut.rd
	one_line 3 cut.rd rd-encode
	rd-view --to null - <out 2>/dev/null && fail "cut at $n: the viewer is not told"
	one_line 3 cut.rd rd-view --to null -
done

# Damaged: any named code will do.
for n in $(seq 0 7 $((size - 1))); do
	cp exact.rd bad.rd
	printf '\325' | dd of=bad.rd bs=1 seek="$n" conv=notrunc status=none
	for tool in 'rd-encode' 'rd-view --to null -'; do
		code=0
		$tool <bad.rd >out 2>words || code=$?
		case $code in
		0 | 3 | 4 | 5 | 11 | 12) ;;
		*) fail "$tool, byte $n damaged: exit status $code: $(cat words)" ;;
		esac
		[ "$(wc -l <words)" -le 1 ] || fail "$tool, byte $n damaged: $(cat words)"
	done
done
