#!/usr/bin/env bash
# What there is to capture is listed, for people and for programs; without
# DISPLAY the caller's own displays are found, cookie and all.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

start_x 640x480
rd-capture --list --display "$DISPLAY" >list
grep -Eqx "display +$DISPLAY +screen +640x480\+0\+0" list || fail "$(cat list)"
grep -Eq "^monitor +$DISPLAY +screen +640x480\+0\+0" list || fail "$(cat list)"
# No two monitors are called the same, whatever programs call theirs: long names that differ at
# their ends, and what we call one that has no name of its own.
long=$(printf 'm%.0s' $(seq 64))
made=()
for name in '#'{2..13} "${long}a" "${long}b"; do
	xrandr --setmonitor "$name" 10/10x10/10+0+0 none
	made+=("$name")
done
rd-capture --list --display "$DISPLAY" | sed -n 's/^monitor  *[^ ]*  *\([^ ]*\).*/\1/p' >names
[ "$(wc -l <names)" -eq 15 ] || fail "not all are listed: $(cat names)"
[ -z "$(sort names | uniq -d)" ] || fail "called the same: $(cat names)"
for name in "${made[@]}"; do xrandr --delmonitor "$name"; done
rd-capture --list --json --display "$DISPLAY" >list
grep -Fqx "{\"kind\":\"display\",\"display\":\"$DISPLAY\",\"x\":0,\"y\":0,\"width\":640,\"height\":480,\"error\":null}" list ||
	fail "$(cat list)"

# A title is the client's to choose: nothing of it reaches the terminal raw.
start xterm -T $'evil \033]2;title\a "quoted\\"' -e sleep 1000
titled() { rd-capture --list --display "$DISPLAY" >list && grep -q evil list; }
wait_for titled
if LC_ALL=C grep -q $'[\001-\010\033]' list; then fail "control characters: $(cat -v list)"; fi
rd-capture --list --json --display "$DISPLAY" >list
jq -e . <list >/dev/null || fail "$(cat list)"

# Neither DISPLAY nor XAUTHORITY nor a home: the server's own cookie is found.
first=$DISPLAY
env -u DISPLAY -u XAUTHORITY HOME="$TMPDIR" rd-capture --list >list
grep -Eq "^display +$first +screen +640x480" list || fail "$(cat list)"
exits 0 env -u DISPLAY -u XAUTHORITY HOME="$TMPDIR" rd-capture --display "$first" --frames 1 >/dev/null

# Two of them: one must be named.
start_x 320x200
exits 7 env -u DISPLAY -u XAUTHORITY HOME="$TMPDIR" rd-capture --frames 1 >/dev/null 2>words
grep -q "several X sessions are yours: .*:.*, :" words || fail "$(cat words)"

# None by that name.
exits 6 rd-capture --display :64999 --frames 1 >/dev/null 2>words
exits 6 rd-capture --display nonsense --frames 1 >/dev/null 2>words
exits 6 rd-capture --list --display :64999 2>words
