#!/usr/bin/env bash
# rd-shot of streams, recordings, commands, machines behind ssh and hosts that
# rd-send serves; by a loop as people write it.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-ssh.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

source_9=(rd-capture --source test --size 320x180 --frames 9)
hash_of() { rd-view --to hash "$@" | cut -d' ' -f3-; }

# A stream: its first picture; a recording: its last.
"${source_9[@]}" >s.rd
hash_of s.rd >hashes
"${source_9[@]}" | rd-encode --codec none | rd-shot -o piped.png -
[ "$(pnghash piped.png)" = "$(head -n 1 hashes)" ] || fail "not the first of a stream"
rd-shot -o recorded.png s.rd
[ "$(pnghash recorded.png)" = "$(tail -n 1 hashes)" ] || fail "not the last of a recording"
rd-shot -o command.png -- "${source_9[@]}"
[ "$(pnghash command.png)" = "$(head -n 1 hashes)" ] || fail "not that of a command"
head -c 100000 s.rd >cut.rd
exits 3 rd-shot -o cut.png cut.rd 2>words
printf 'nonsense, and long enough to be read as a header' >foreign.rd
exits 4 rd-shot -o foreign.png foreign.rd 2>words
exits 9 rd-shot -o no.png -- no-such-command 2>words
exits 9 rd-shot -o no.png -- false 2>words
exits 13 rd-shot -t 100ms -o no.png -- sleep 1000 2>words
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"
[ ! -e no.png ] && [ ! -e cut.png ] && [ ! -e foreign.png ] || fail "a picture of nothing"

# Machines, by ssh, in a loop.
start_x 320x240
xsetroot -solid '#805020'
make_keys
start_sshd "$RD_BIN:/usr/bin:/bin" "AcceptEnv RD_TEST"
cat >ssh <<-END
	#!/bin/sh
	exec ssh -F $PWD/ssh_config "\$@"
END
chmod +x ssh
printf '%s\n' "there/$DISPLAY" nowhere "there/:65000" >hosts
# As the manual has it, but for the ssh and the names of the files.
while read -r h; do
	rd-shot --timeout 60s --ssh-command "$PWD/ssh" "ssh://$h" -o "${h%%/*}.png" || echo "$h $?"
done <hosts >failed 2>words
[ "$(cat failed)" = "nowhere 9
there/:65000 6" ] || fail "$(cat failed words)"
[ "$(pnghash there.png)" = "$(xhash)" ] || fail "another picture by ssh"

# A host that several see: the picture of now, not of when the first came.
serve --shared -- rd-encode -- rd-capture --display "$DISPLAY"
admit
know
rd-shot -o host.png "$at"
[ "$(pnghash host.png)" = "$(xhash)" ] || fail "another picture of a host"
xsetroot -solid '#205080'
rd-shot -o host.png "$at"
[ "$(pnghash host.png)" = "$(xhash)" ] || fail "an old picture of a host"
rd-shot --host "$at" -o host.png
exits 20 rd-shot -o no.png --config "$PWD/stranger" "$at" 2>words
[ ! -e no.png ] || fail "a picture for a stranger"
