#!/usr/bin/env bash
# scripts/deps finds what is missing, asks nothing without a terminal, and runs
# apt-get once. dpkg-query, apt-cache, apt-get and sudo are our own here: nothing
# is installed.
set -eu
# shellcheck source=tests/tools/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir fake
write() { # name, script on stdin
	{ echo '#!/bin/sh'; cat; } >"fake/$1"
	chmod +x "fake/$1"
}
# Installed is what stands in the file "installed".
write dpkg-query <<'EOF'
while read -r p; do echo "$p install ok installed"; done <installed
EOF
write apt-cache <<'EOF'
[ -e lists ]
EOF
write apt-get <<'EOF'
echo "apt-get $*" >>calls
case $* in update*) : >lists ;; esac
EOF
write sudo <<'EOF'
echo sudo >>calls
exec "$@"
EOF
write id <<'EOF'
cat uid
EOF
deps() {
	: >calls
	PATH="$PWD/fake:$PATH" "$RD_ROOT/scripts/deps" "$@" </dev/null 2>err
}
everything() {
	"$RD_ROOT/scripts/deps" --list | sed -n 's/^  \([^ ]*\)  *[a-zA-Z].*/\1/p' | sort -u
}

everything >installed
for p in gcc libyuv-dev libcmocka-dev xvfb twm; do
	grep -qx "$p" installed || fail "--list does not name $p"
done
echo 0 >uid

# Nothing is missing: nothing is said or done.
deps build 'test' demo bench lint fuzz
[ ! -s calls ] && [ ! -s err ] || fail "not silent: $(cat calls err)"

# One is missing: it is named and installed, after an update since the lists are empty.
grep -vx libyuv-dev installed >less && mv less installed
deps build
grep -q 'needs these packages: libyuv-dev$' err || fail "says: $(cat err)"
[ "$(cat calls)" = "apt-get update -q
apt-get install -y -q --no-install-recommends libyuv-dev" ] || fail "calls: $(cat calls)"
# The lists are there now.
deps demo
[ "$(cat calls)" = "apt-get install -y -q --no-install-recommends libyuv-dev" ] ||
	fail "calls: $(cat calls)"

# What only a test needs is not for a build.
grep -vx libcmocka-dev installed >less && mv less installed
echo libyuv-dev >>installed
deps build demo
[ ! -s calls ] || fail "calls: $(cat calls)"
deps bench
grep -q 'install .* libcmocka-dev$' calls || fail "bench needs what test needs: $(cat calls)"

# A user has sudo, or is told what to run.
echo 1000 >uid
deps 'test'
grep -qx sudo calls || fail "no sudo: $(cat calls)"
if [ ! -e /usr/bin/sudo ] && [ ! -e /bin/sudo ]; then
	rm fake/sudo
	exits 1 deps 'test'
	grep -q 'apt-get install --no-install-recommends libcmocka-dev' err || fail "says: $(cat err)"
	[ ! -s calls ] || fail "calls: $(cat calls)"
fi

exits 2 deps everything
grep -q 'no such set: everything' err
exits 2 deps
