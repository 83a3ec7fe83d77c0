#!/usr/bin/env bash
# rd-share --virtual: a desktop of its own for who has the code. It is seen and typed at,
# takes the viewer's size, and nothing of it is left.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
. "$RD_ROOT/tests/tools/lib-virtual.sh"
command -v netsurf-gtk >/dev/null || skip "no netsurf-gtk"

# A program of the host's own choice, which is typed at; words with all that shells mind.
mkdir 'a folder'
virtual 801x601 --wm=twm -- xterm -geometry 60x20+10+10 -e sh -c "$(printf 'echo "$DISPLAY" >"%s"\n%s' \
	"a folder/it's up" 'read word; echo "$word" >typed; sleep 1000')" a "it's" '$HOME'
view_it viewer
viewer_saw '^frame [0-9]+ 801x601 sync' || fail "its first size: $(grep ^frame viewer.log | head -n 1)"
wait_for test -s "a folder/it's up"
say pointer 100 100
for key in '35 0x68' '23 0x69' '28 0xff0d'; do
	say key "$key" 1
	say key "$key" 0
done
wait_for test -s typed
[ "$(cat typed)" = hi ] || fail "typed: $(cat typed)"
for size in 1024x768 333x251; do
	say layout "${size%x*}" "${size#*x}"
	wait_for viewer_saw "^frame [0-9]+ $size sync"
done
say end
wait_end "$viewer"
# It is there as long as its command, and the size stays for who comes next.
running "$host" || fail "it has ended with its viewer: $(cat host.log)"
[ "$(DISPLAY=$(cat "a folder/it's up") XAUTHORITY=$(echo "$XDG_RUNTIME_DIR"/rd-run.*/Xauthority) xwininfo -root |
	sed -n 's/^ *\(Width\|Height\): *//p' | paste -sd x)" = 333x251 ] || fail "the size does not stay"
kills xterm || fail "no xterm"
wait_end "$host"
clean_now

# A browser, and an end by who started it.
echo '<html><body bgcolor="#ff8000"></body></html>' >page.html
virtual 640x480 -- netsurf-gtk page.html
view_it viewer2
page_is_seen() { say pixel 400 300; grep -q '^pixel 400 300 ff8000' "$log"; }
wait_for page_is_seen
kill "$host"
wait_end "$host"
[ "$status" -eq 0 ] || fail "status $status: $(cat host.log)"
# What the program has there is the program's.
rm -rf "$XDG_RUNTIME_DIR"/dconf "$XDG_RUNTIME_DIR"/at-spi
clean_now

# A program that ends at once, before anybody could have come.
exits 0 "$share" --config "$host_dir" --no-ask --virtual 640x480 -- true 2>words </dev/null
clean_now

# What is wrong is said.
refused usage 'a size is' "$share" --virtual 800 -- xterm
refused usage 'needs a size' "$share" --virtual
refused usage 'a size is' "$share" --virtual= -- xterm
exits 59 "$share" --config "$host_dir" --no-ask --virtual 640x480 -- nonesuch 2>words </dev/null
grep -q "nonesuch: not found" words || fail "$(cat words)"
grep -q "rd-run: the desktop has ended with status 127: exec 'nonesuch'" words || fail "$(cat words)"
clean_now
