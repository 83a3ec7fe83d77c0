#!/usr/bin/env bash
# What is no code, and codes where none can be used, before anything is sent.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

good=7-orbit-cactus-lamp-river
view_refused code 'no code' 7-orbit-cactus-lamp-xyzzy
view_refused code 'no code' relay.example.org/7-orbit-cactus-lamp-xyzzy
view_refused code 'no code' --code 7-orbit-cactus
view_refused code 'no code' --code nonsense
view_refused code 'no relay' "--code=a b/$good"
view_refused usage 'which relay' "$good"
view_refused usage 'which relay' "7 Orbit cactus LAMP river"
view_refused usage 'in quotes' 7 orbit cactus lamp river
view_refused usage 'no terminal' relay.example.org/
view_refused usage 'no terminal' --code -
view_refused usage 'one host or code' --code $good build1
view_refused usage 'no such descriptor' --code-fd 77
view_refused usage 'no relay' --relay 'a b' $good
view_refused usage '--remember' --remember office build1
view_refused usage 'no blanks' --remember 'a b' $good
view_refused usage 'a code proves' --host-key "$(rd-key 2>/dev/null)" $good
view_refused usage 'needs a relay' --path relay build1
code_of_fd() { printf '%s\n' "$1" | setsid -w rd-recv --config "$TMPDIR/viewer" --code-fd 0 2>words; }
exits 25 code_of_fd 7-orbit-cactus-lamp-xyzzy
exits 2 code_of_fd $good
exits 25 code_of_fd ''
to_nowhere() { rd-recv --config "$TMPDIR/viewer" "127.0.0.1:9/$good" >&- 2>words; }
exits 8 to_nowhere
grep -q '^rd-recv: stdout: Bad file' words || fail "$(cat words)"
to_full() { rd-recv --config "$TMPDIR/viewer" "127.0.0.1:9/$good" >/dev/full 2>words; }
exits 8 to_full
grep -q '^rd-recv: stdout: No space' words || fail "$(cat words)"

# rd-view takes it as a code, too, and its words are nowhere in its own line.
exits 2 rd-view --to hash "$good" 2>words </dev/null
grep -q 'which relay' words || fail "$(cat words)"
exits 2 rd-view --to hash 7 orbit cactus lamp river 2>words
exits 2 rd-view --to hash --code "$good" s.rd 2>words
grep -q 'one source' words || fail "$(cat words)"
for option in --relay=r --path=direct --remember=office; do
	exits 2 rd-view --to hash $option s.rd 2>words
	grep -q 'for a HOST' words || fail "$option: $(cat words)"
done
exits 10 rd-view --to hash ./7-orbit-cactus-lamp-river 2>words
# One word short it is no code, and a file only if there is one.
refused input 'a number and four words' rd-view --to hash relay.example.org/7-orbit-cactus-lamp
refused input 'No such file' rd-view --to hash ./recordings/monday
refused usage 'no such descriptor' rd-view --to hash --code-fd 77

mkdir -m 700 "$host_dir"
# A host without a relay has no codes.
refused usage 'a code needs a relay' rd-send --config "$host_dir" --code -- true
refused usage '--no-relay' rd-send --config "$host_dir" --code --no-relay -- true
refused usage 'no relay' rd-send --config "$host_dir" --relay 'a b' -- true
refused usage 'no such descriptor' rd-send --config "$host_dir" --code-fd 77 -- true
refused usage '--remember' rd-send --config "$host_dir" --remember '' -- true
RD_RELAY='a b' refused usage '$RD_RELAY' rd-send --config "$host_dir" -- true

refused usage 'which relay' rd-netcheck --config "$host_dir"
refused usage 'no relay' rd-netcheck --relay 'a b'
refused usage 'options only' rd-netcheck build1
"$RD_ROOT/scripts/rd-share" --help | grep -q 'rd-key relay' || fail "no help"
exits 8 "$RD_ROOT/scripts/rd-share" --help >/dev/full 2>words
mkdir -m 700 loose
echo >loose/relays
chmod 644 loose/relays
refused identity 'chmod 600' rd-netcheck --config loose
RD_RELAY='a b' refused usage '$RD_RELAY' "$RD_ROOT/scripts/rd-share"
