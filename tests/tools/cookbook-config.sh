#!/usr/bin/env bash
# The README's configuration, and what is done with it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
. "$RD_ROOT/tests/tools/lib-config.sh"

sed -n '/^```yaml/,/^```/{/^```/d;p}' "$RD_ROOT/README.md" >"$dir/config.yaml"
[ "$(wc -l <"$dir/config.yaml")" -gt 4 ]
start_x 640x480
over_ssh kiosk

cook <<'L'
rd-ctl config check
L
[ ! -s out ]
cook <<'L'
rd-ctl config show rd-view office
L
grep -q '^hold  *yes  *host office  ' out
cook <<'L'
rd-shot kiosk -o kiosk.png
L
[ "$(od -An -j1 -N3 -c kiosk.png | tr -d ' ')" = PNG ]
