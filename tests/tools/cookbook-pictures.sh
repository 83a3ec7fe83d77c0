#!/usr/bin/env bash
# The cookbook's pictures, and how a program is driven.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
command -v tesseract >/dev/null || skip "no tesseract"

start_x 640x480
xsetroot -solid '#204060'
over_ssh kiosk build1

cook <<'L'
rd-shot -o shot.png
L
is_picture shot.png
cook <<'L'
rd-shot -o - | compare -metric AE shot.png - difference.png
L
[ "$(cat err)" = 0 ] || fail "pictures differ: $(cat err)"
xsetroot -solid '#604020'
cook 1 <<'L'
rd-shot -o - | compare -metric AE shot.png - difference.png
L
[ "$(cat err)" = 307200 ] || fail "pictures are alike: $(cat err)"

start xterm -T 'News - Firefox' -geometry 20x5+30+40 -e sleep 1000
wait_for a_window Firefox
cook <<'L'
rd-shot --window Firefox --cursor -o window.png
L
xdotool search --onlyvisible --name Firefox getwindowgeometry --shell >geometry
. ./geometry
is_picture window.png "${WIDTH}x$HEIGHT"
stop "$pid"

cook <<'L'
rd-shot ssh://build1 -o now.png
L
is_picture now.png

printf '%s\n' kiosk nowhere build1 >hosts
cook <<'L'
while read h; do rd-shot ssh://$h -o $h.png || echo "$h $?"; done < hosts
L
[ "$(cat out)" = 'nowhere 9' ] || fail "$(cat out err)"
is_picture kiosk.png
is_picture build1.png

# A program that prints what arrives; where a picture of its part is, it is clicked.
start_xkeys
echo wonderland >password
cook <<'L'
rd-type -t ann -k tab --stdin < password
L
wait_for typed 'ann\x09wonderland\x0d'
rd-shot --region 60x40+100+50 -o button.png
cook <<'L'
rd-wait -i button.png | { read place rest; rd-click $place; }
L
wait_for arrived 'button 1 down at '
stop "$xkeys"

start xterm -fa Monospace -fs 18 -geometry 30x8+0+0 -e sh -c \
	'echo; echo Sign in; read -r word; echo Welcome; echo "$word" >word; exec sleep 1000'
cook <<'L'
rd-wait --text 'Sign in' ssh://kiosk
L
cook <<'L'
rd-wait --still 1s
L
grep -q still out || fail "$(cat out)"
rd-shot -o form.png
cook <<'L'
rd-wait --image form.png --timeout 30s --save missing.png
L
[ ! -e missing.png ] || fail "something was missing"
xdotool mousemove 100 100
cook <<'L'
rd-type --on ssh://kiosk 'exit' && rd-type --on ssh://kiosk -k return
L
cook <<'L'
rd-wait --text 'Welcome' --timeout 30s
L
printf 'copied there' | rd-clip put
cook <<'L'
rd-clip get ssh://kiosk | rd-clip put
L
[ "$(rd-clip get)" = 'copied there' ] || fail "$(rd-clip get)"
[ "$(cat word)" = exit ] || fail "$(cat word)"

convert -size 64x48 plasma:red-blue ok.png
rd-shot -o error.png
cook 102 <<'L'
rd-wait -i ok.png -i error.png -t 30s --save why.png
L
[ ! -e why.png ] || fail "the second was there"
