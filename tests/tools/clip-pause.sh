#!/usr/bin/env bash
# While a host is paused neither clipboard reaches the other, nor what was copied before;
# when it goes on, what was copied last can be pasted on both sides. Where both have copied
# something meanwhile each keeps its own.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

two_desktops
there=$host
person ann
admit ann
DISPLAY=$there host_up --name desk -- rd-encode -- rd-capture
rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" "$(rd-key --config "$hostdir" 2>/dev/null)"
look --config "$TMPDIR/of-ann" --host "127.0.0.1:$port"

printf 'of the host' >of-host
printf 'of the viewer' >of-viewer
copy "$there" UTF8_STRING of-host
wait_for pasted "$desk" UTF8_STRING of-host
copy "$desk" UTF8_STRING of-viewer
wait_for pasted "$there" UTF8_STRING of-viewer

rd-ctl desk pause
# The viewer's is not to be had at the host any more, nor what is copied there now.
wait_for empty "$there"
printf 'secret' >secret
copy "$there" UTF8_STRING secret
hosts=$pid
wait_for pasted "$there" UTF8_STRING secret
pasted "$desk" UTF8_STRING of-viewer || fail "the viewer's own is gone: $(cat got.pasted)"
printf 'not for the host' >theirs
copy "$desk" UTF8_STRING theirs
viewers=$pid
wait_for pasted "$desk" UTF8_STRING theirs
sleep 0.5
pasted "$there" UTF8_STRING secret || fail "it reached the host: $(cat got.pasted)"

rd-ctl desk resume
# Each has its own: a program that loses it ends.
sleep 0.5
running "$hosts" || fail "the host's is gone: $(cat got.pasted)"
running "$viewers" || fail "the viewer's is gone"
pasted "$there" UTF8_STRING secret || fail "not the host's own: $(cat got.pasted)"
pasted "$desk" UTF8_STRING theirs || fail "not the viewer's own: $(cat got.pasted)"

paused_anew() { [ "$(grep -c 'paused by the host' view.log)" -gt "$1" ]; }
# One side alone: its copy is what both have then, and does not come back to it.
for side in viewer host viewer; do
	heard=$(grep -c 'paused by the host' view.log)
	rd-ctl desk pause
	wait_for paused_anew "$heard"
	here=$desk far=$there
	[ $side = viewer ] || { here=$there far=$desk; }
	printf 'of the %s, in a pause' "$side" >alone
	copy "$here" UTF8_STRING alone
	copier=$pid
	wait_for pasted "$here" UTF8_STRING alone
	! pasted "$far" UTF8_STRING alone || fail "it has passed by the pause"
	rd-ctl desk resume
	wait_for pasted "$far" UTF8_STRING alone
	running "$copier" || fail "it came back to the $side, who had copied it"
	pasted "$here" UTF8_STRING alone || fail "not what it has copied: $(cat got.pasted)"
done

# Both share what is copied from now on.
printf 'host, later' >of-host
copy "$there" UTF8_STRING of-host
wait_for pasted "$desk" UTF8_STRING of-host
printf 'viewer, later' >of-viewer
copy "$desk" UTF8_STRING of-viewer
wait_for pasted "$there" UTF8_STRING of-viewer

# One that is on its way ends as nothing, soon, and half of it is pasted by nobody.
head -c 60000000 /dev/urandom >blob
copy "$there" image/png blob
wait_for has "$desk" image/png
start timeout "$PASTE_S" env DISPLAY="$desk" xclip -selection clipboard -t image/png -o >half 2>/dev/null
paste=$pid
moves() { [ "$(rd-ctl --json desk | jq '.sessions[0].bytes_out')" -gt 1000000 ] || ended "$paste"; }
wait_for moves
rd-ctl desk pause
wait_for ended "$paste"
[ ! -s half ] || cmp -s half blob || fail "a part of it was pasted: $(stat -c %s half)"
rd-ctl desk resume
wait_for pasted "$desk" image/png blob

# One who comes during a pause shares as the others do when it is over.
stop "$viewer"
rd-ctl desk pause
DISPLAY=$desk start rd-view --clipboard both --config "$TMPDIR/of-ann" --host "127.0.0.1:$port" 2>view.log
viewer=$pid
wait_for grep -q 'paused by the host' view.log
rd-ctl desk resume
printf 'for who came' >of-host
copy "$there" UTF8_STRING of-host
wait_for pasted "$desk" UTF8_STRING of-host
printf 'of who came' >of-viewer
copy "$desk" UTF8_STRING of-viewer
wait_for pasted "$there" UTF8_STRING of-viewer

# A viewer that takes nothing from here gives what was copied there in a pause, but for
# what was copied here in it.
stop "$viewer"
DISPLAY=$desk start rd-view --clipboard to-host --config "$TMPDIR/of-ann" --host "127.0.0.1:$port" 2>view.log
viewer=$pid
copy "$desk" UTF8_STRING of-host
wait_for pasted "$there" UTF8_STRING of-host
for copies in both viewer; do
	heard=$(grep -c 'paused by the host' view.log || true)
	rd-ctl desk pause
	wait_for paused_anew "$heard"
	[ $copies = viewer ] || copy "$there" UTF8_STRING secret
	own=$pid
	copy "$desk" UTF8_STRING theirs
	wait_for pasted "$desk" UTF8_STRING theirs
	rd-ctl desk resume
	if [ $copies = both ]; then
		sleep 0.5
		running "$own" || fail "the host's own is gone"
		pasted "$there" UTF8_STRING secret || fail "not the host's own: $(cat got.pasted)"
	else
		wait_for pasted "$there" UTF8_STRING theirs
	fi
done
