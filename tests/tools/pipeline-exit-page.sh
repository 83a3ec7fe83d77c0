#!/usr/bin/env bash
# rd-exit(7) lists exactly the codes the programs have, by their names.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

exitnames >have
sed -n 's/^\.It \([0-9]*\) Cm \([a-z-]*\)$/\1 \2/p' "$RD_ROOT/man/rd-exit.7" >listed
[ -s have ]
diff have listed || fail "rd-exit(7) and base/exit.h differ"

# No page names a code that is none.
grep -ho 'Xr rd-exit 7' "$RD_ROOT"/man/*.[1-8] >/dev/null || fail "no page refers to rd-exit(7)"
