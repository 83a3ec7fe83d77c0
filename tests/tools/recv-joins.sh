#!/usr/bin/env bash
# rd-recv HOST > file, or to a viewer: the host's stream, by UDP and by TCP,
# ended as the host ends it, and not a word on the way.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

film() {
	rd-capture --source test --size 320x240 --frames 40
}

film | rd-encode --codec none | rd-view --to hash - | cut -d' ' -f3- >want
serve -- rd-encode --codec none -- rd-capture --source test --size 320x240 --frames 40
admit
know
for way in '' --udp --tcp; do
	# shellcheck disable=SC2086 # an empty one is none
	recv $way >s.rd || fail "$way: $(cat words)"
	[ ! -s words ] || fail "$way: not silent: $(cat words)"
	rd-view --to hash s.rd | cut -d' ' -f3- | cmp - want || fail "$way: another picture"
done

# What happens, for programs: an object a line, the same keys for ever.
recv --json --tcp >s.rd
[ "$(grep -cE '^\{"event":"[a-z]+","time":[0-9]+\.[0-9]{3},"host":"127.0.0.1:[0-9]+".*\}$' words)" -eq \
	"$(wc -l <words)" ] || fail "no events: $(cat words)"
event connecting && event connected || fail "$(cat words)"
grep -q "\"path\":\"tcp\",\"how\":\"given\",\"address\":\"tcp $at\",\"rtt_ms\":[0-9.]*,\"key\":\"$host_key\",\"fingerprint\":\"[a-z2-7-]*\",\"by\":\"key\"" words ||
	fail "connected how? $(cat words)"
tail -n 1 words | grep -q '"event":"closed",.*"exit":0,"name":"ok"' || fail "$(cat words)"

# A viewer is started on it as on any command, and ends with its status.
exits 0 rd-view --to hash "$at" >hashes
cut -d' ' -f3- hashes | tail -n 1 | cmp - <(tail -n 1 want) || fail "rd-view HOST: another picture"
exits 0 rd-view --to hash --host "$host_key@$at" >hashes
[ -s hashes ] || fail "rd-view --host: nothing"

# A stream is no text, and a host is needed.
exits 2 rd-recv >out 2>words
exits 2 rd-recv one two >out 2>words
exits 2 rd-recv user@host >out 2>words
exits 2 rd-recv --udp --tcp host >out 2>words
at_terminal rd-recv "$at"
wait_for terminal_says 'status 2'
