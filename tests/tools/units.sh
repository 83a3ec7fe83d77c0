#!/usr/bin/env bash
# The units of systemd are right, as far as systemd can tell; and it can tell.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
command -v systemd-analyze >/dev/null || skip "no systemd-analyze"

verify() { # option…, unit…
	HOME="$TMPDIR" systemd-analyze verify --man=no "$@" >words 2>&1
	# What it finds wrong with a line it tells, and goes on.
	[ ! -s words ]
}

mkdir user system
for unit in "$RD_ROOT"/share/user/*.service; do
	sed "s,@BINDIR@,$RD_BIN,g" "$unit" >"user/${unit##*/}"
done
for name in host@office host@a replay@30s; do
	cp "user/rd-${name%@*}@.service" "user/rd-$name.service"
done
verify --user user/rd-host.service user/rd-host@office.service user/rd-replay@30s.service \
	user/rd-virtual.service ||
	fail "$(cat words)"
grep -v '^User=' "$RD_ROOT/share/rd-relay.service" | sed "s,@BINDIR@,$RD_BIN,g" >system/rd-relay.service
verify "$PWD/system/rd-relay.service" || fail "$(cat words)"

sed 's/^Restart=.*/Restart=perhaps/' user/rd-host.service >user/rd-wrong.service
if verify --user user/rd-wrong.service; then fail "it takes everything"; fi

# The options that they give are options.
for unit in user/rd-host.service user/rd-replay@30s.service user/rd-virtual.service; do
	line=$(sed -n 's/^ExecStart=//p' "$unit" | sed 's/%i/30s/g; s,%h,/home,g; s/ \$OPTIONS//; s/=\S*//g')
	read -ra words <<<"$line"
	"${words[0]}" --help >help
	for word in "${words[@]:1}"; do
		[ "$word" != -- ] || break
		case $word in --*) grep -qE -- "${word/no-/(no-|\\[no-\\])?}" help || fail "$unit: no $word" ;; esac
	done
done

# The heir of --lock-on-end, and a locker that stays, outlive rd-send, however that ends.
for unit in user/rd-host.service user/rd-host@office.service; do
	grep -qx 'KillMode=process' "$unit" || fail "$unit: the locker is killed with rd-send"
done
