#!/usr/bin/env bash
# ssh://HOST shows that host's desktop: what ssh is asked to do, what is said
# when the other side cannot, and all of it through a real sshd.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

# An ssh that writes down what it is asked, and runs it here.
mkdir fake
cat >fake/ssh <<-'EOF'
	#!/bin/sh
	printf '%s\n' "$@" >asked
	for command; do :; done
	PATH=$REMOTE_PATH exec sh -c "$command"
EOF
chmod +x fake/ssh
export REMOTE_PATH="$PWD/remote:$PATH" PATH="$PWD/fake:$PATH"
mkdir remote
cat >remote/rd-encode <<EOF
#!/bin/sh
printf '%s\n' "\$@" >ran
exec '$RD_BIN/rd-encode' -- '$RD_BIN/rd-capture' --source test --size 160x120 --frames 10
EOF
chmod +x remote/rd-encode

rd-capture --source test --size 160x120 --frames 10 | rd-encode | rd-view --to hash - >want
rd-view --to hash 'ssh://ann@build1:2222/:7' | cmp - want
[ "$(tr '\n' ' ' <asked)" = "-T -x -a -o IPQoS=af21 -p 2222 -l ann -- build1 exec rd-encode -- rd-capture --display ':7' " ] ||
	fail "ssh was asked: $(tr '\n' ' ' <asked)"
[ "$(tr '\n' ' ' <ran)" = "-- rd-capture --display :7 " ] || fail "rd-encode was asked: $(cat ran)"
rd-view --to hash --view-only 'ssh://build1' | cmp - want
grep -q -- '--view-only' ran || fail "the other side may inject"
rd-view --to hash --ssh-command "$PWD/fake/ssh -F 'my file'" ssh://build1 | cmp - want
[ "$(head -n 3 asked | tr '\n' ' ')" = "-F my file -T " ] || fail "--ssh-command: $(cat asked)"

says() { # status, pattern, URL
	local got=0
	rd-view --to hash --timeout 30s "$3" >out 2>words || got=$?
	[ $got -eq "$1" ] || fail "status $got instead of $1: $(cat words)"
	grep -Eq "^rd-view: build1: .*$2" words || fail "no word of '$2': $(cat words)"
}
REMOTE_PATH=/usr/bin:/bin says 9 "install rd there" ssh://build1
cat >remote/rd-encode <<-'EOF'
	#!/bin/sh
	echo Welcome to build1
EOF
says 4 "start-up file" ssh://build1
printf '#!/bin/sh\nexit 255\n' >fake/ssh
says 9 "could not connect" ssh://build1
rm fake/ssh
ln -s /nonexistent fake/ssh
PATH="$PWD/fake" "$RD_BIN/rd-view" --to hash ssh://build1 2>words && fail "without ssh"
grep -q 'ssh: command not found' words || fail "no word of ssh: $(cat words)"

# The real thing. sshd's child needs a folder that only root can make.
export PATH="${PATH#*:}"
rm fake/ssh
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$sshd" ] && command -v ssh >/dev/null || skip "no sshd"
case $(getent passwd "$(id -un)") in */nologin | */false) skip "$(id -un) cannot log in" ;; esac
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f key
ssh-keygen -q -t ed25519 -N '' -f hostkey
cp key.pub authorized
chmod 600 authorized
start_x 500x400
cat >sshd_config <<EOF
HostKey $PWD/hostkey
AuthorizedKeysFile $PWD/authorized
StrictModes no
UsePAM no
PidFile none
SetEnv PATH=$RD_BIN:/usr/bin:/bin HOME=$PWD XAUTHORITY=$XAUTHORITY
EOF
# One connection, over a pipe: no port to find or to leave open.
cat >ssh_config <<EOF
Host desk
	ProxyCommand $sshd -i -q -f $PWD/sshd_config
	User $(id -un)
	IdentityFile $PWD/key
	IdentitiesOnly yes
	UserKnownHostsFile $PWD/known
	StrictHostKeyChecking accept-new
	LogLevel ERROR
EOF
xsetroot -solid '#204060' 2>/dev/null || true
start xterm -geometry 40x10+50+50 -e sh -c 'echo over ssh; exec sleep 1000'
wait_for xdotool search --onlyvisible --class XTerm
matches() {
	rd-view --to png:desk.png --frames 1 --timeout 30s --ssh-command "ssh -F $PWD/ssh_config" \
		"ssh://desk/$DISPLAY" || return 1
	import -window root root.png
	same_picture desk.png root.png
}
wait_for matches
