#!/usr/bin/env bash
# Keys that no keyboard has: nothing is pressed that the host's has not, nothing
# stays down or changed, and a message that is none ends the stream with its reason.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

key() { # code, down, keysym: as a KEY message
	local code=$1 sym=$3
	printf 'raw 501 %02x%02x%02x%02x%02x%02x%02x\n' $((code & 255)) $((code >> 8)) "$2" \
		$((sym & 255)) $((sym >> 8 & 255)) $((sym >> 16 & 255)) $((sym >> 24 & 255)) >&7
}
seed=1
random() { # below $1: the same every time
	seed=$(((seed * 1103515245 + 12345) & 0x7fffffff))
	random=$(((seed >> 8) % $1))
}

keyboard() {
	xmodmap -pke
	xmodmap -pm
}

start_x 640x480
setxkbmap us
keyboard >before
start_xkeys
view 2>words
wait_for saw '^hello'
for code in 0 1 247 248 255 256 767 768 32767 65535; do
	for sym in 0 0x61 0xffffffff 0x1000000 0x1110000 0x100d800 0xfe52 0xffe3 0x80000000; do
		key $code 1 $((sym))
		key $code 0 $((sym))
	done
done
# Slow, sticky and mouse keys: after these the keyboard would hear no tap any more.
for sym in 0xfe70 0xfe73 0xfe75 0xfe76; do
	key 0 1 $((sym))
done
for _ in $(seq 300); do
	random 1024
	code=$random
	random 6
	case $random in
	0) sym=0 ;;
	1) random 256 && sym=$random ;;
	2) random 256 && sym=$((0xfe00 + random)) ;;
	3) random 65536 && sym=$((0x1000000 + random)) ;;
	*) random 2147483647 && sym=$random ;;
	esac
	random 2
	key "$code" "$random" "$sym"
done
# It still types; and what was left down is let go with the viewer. Only Escape is named
# as held: if nothing were, what still waits would be dropped.
say "raw 507 00010100"
say "key 0 0x1004e2d 1"
wait_for grep -q ' text 中$' keys
bye
keyboard >after
cmp before after || fail "the keyboard is not what it was"
none_held() {
	held=$(awk '$1 == "key" && $3 == "down" { down[$2] = 1 } $1 == "key" && $3 == "up" { delete down[$2] }
		END { for (k in down) if (k + 0) print k }' keys)
	[ -z "$held" ]
}
wait_for none_held

# No key at all: which message it was, and nobody else's fault.
for body in 1e 1e0001 1e000161000000ff 1e000261000000; do
	view 2>words
	wait_for saw '^hello'
	say "raw 501 $body"
	wait_end "$viewer"
	[ "$status" -eq 4 ] || fail "$body: status $status"
	grep -q 'a message that makes no sense (KEY)' words || fail "$body: $(cat words)"
	[ "$(wc -l <words)" -eq 1 ] || fail "$body: more than a line: $(cat words)"
done
