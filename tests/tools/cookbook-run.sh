#!/usr/bin/env bash
# The cookbook's tests on a display of their own.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
command -v twm >/dev/null || skip "no twm"
for tool in ffprobe tesseract netsurf-gtk; do command -v $tool >/dev/null || skip "no $tool"; done

# Where npm is not installed, one that does the same here.
mkdir aids
printf '#!/bin/sh\n[ "$1" = test ] && exec sh ./the-test\n' >aids/npm
chmod +x aids/npm
command -v npm >/dev/null || export PATH="$PWD/aids:$PATH"
printf '{"name": "t", "version": "1.0.0", "scripts": {"test": "sh ./the-test"}}\n' >package.json
echo 'xsetroot -solid red && exit 0' >the-test
cook <<'L'
rd-run --record t.webm --keep on-failure -- npm test
L
[ ! -e t.webm ] || fail "a film of success"
echo 'xsetroot -solid red && exit 1' >the-test
cook 1 <<'L'
rd-run --record t.webm --keep on-failure -- npm test
L
plays t.webm || fail "no film of a failure"
grep -q "rd-run: recording: $PWD/t.webm " err || fail "it does not say where: $(cat err)"

printf '#!/bin/sh\nsleep 0.3\nexit 4\n' >log-in
chmod +x log-in
cook 4 <<'L'
rd-run -o steps.webm --timeout 10m --wm sh -c 'echo "log in" > $RD_MARK; ./log-in'
L
ffprobe -v error -show_chapters steps.webm | grep -q 'title=log in' || fail "no chapter"

cook <<'L'
rd-run --wm xterm -e sh -c 'rd-wait --still 1s && rd-shot -o xterm.png'
L
is_picture xterm.png 1920x1080 || fail "no picture"
[ "$(convert xterm.png -unique-colors txt: | wc -l)" -gt 2 ] || fail "nothing is to be seen in it"

# A browser.
export HOME=$PWD GDK_BACKEND=x11
echo '<html><body bgcolor="#ffffc0"><h1>Welcome</h1></body></html>' >page.html
cook <<'L'
rd-run sh -c 'netsurf-gtk page.html & rd-wait --text Welcome && rd-shot -o page.png'
L
is_picture page.png 1920x1080 || fail "no picture"

# The last half minute.
start_x 640x480
xsetroot -solid '#204060'
simmer <<'L'
rd-record --last 30s crash.webm -- rd-capture
L
recording() { rd-ctl crash get pictures 2>/dev/null | grep -q '^[1-9]'; }
wait_for recording
cook <<'L'
rd-ctl crash save
L
plays crash*.webm || fail "no film: $(ls)"
served 0 130
