#!/usr/bin/env bash
# At a terminal rd-send asks about keys it does not know: yes lets in, this
# once; no does not; and meanwhile everybody else is served.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
command -v script >/dev/null || skip "no script"

for who in known stranger; do person $who; done
admit known
mkfifo keyboard
exec 7<>keyboard
: >typed
: >host.log
command=$(sh_words rd-send --config "$hostdir" --listen 127.0.0.1:0 --json -- \
	rd-capture --source test --size 64x48 --frames 3)
# shellcheck disable=SC2016 # expanded by the shell started here
start sh -c 'exec script -qfec "$1" typed <keyboard >screen 7>&-' _ "$command 2>>host.log"
host_listens
asked() { [ "$(grep -aEc 'wants to see( and control)? this desktop' typed)" -ge "$1" ]; }
fingerprint=$(rd-key --config "$TMPDIR/of-stranger" fingerprint 2>/dev/null)
mkfifo way_back
exec 8<>way_back
recv stranger <way_back >stranger.rd 2>stranger.words 8>&- &
viewer=$!
started+=("$viewer")
wait_for asked 1
grep -aq 'see and control' typed || fail "the question does not say what yes allows: $(cat typed)"
grep -aqF "$fingerprint" typed || fail "the question does not name the key: $(cat typed)"
grep -aq '127\.0\.0\.1' typed || fail "the question does not say from where: $(cat typed)"

# There is one keyboard: a second question would take the answer to the first.
person other
exits 16 recv other >other.rd 2>other.words
grep -q 'somebody else' other.words || fail "$(cat other.words)"

# Whoever is known does not wait for the answer.
recv known >known.rd
[ -s known.rd ]
[ ! -s stranger.rd ] || fail "nobody has said yes yet"
printf 'yes\r' >&7
gone "$viewer" 0
[ -s stranger.rd ] || fail "yes does not let in"

# This once: it is asked again, here by one who only wants to watch.
recv stranger --view-only <way_back >stranger.rd 2>stranger.words &
viewer=$!
started+=("$viewer")
wait_for asked 2
grep -aq 'wants to see this' typed || fail "$(cat typed)"
printf 'no\r' >&7
gone "$viewer" 16
[ ! -s stranger.rd ] || fail "who was turned away got something"

# A viewer that leaves takes the question with it, and the terminal is as it was.
start rd-recv --config "$TMPDIR/of-stranger" --accept-new --once "127.0.0.1:$port" >stranger.rd
wait_for asked 3
stop "$pid"
closed() { [ "$(grep -c '"event":"closed"' host.log)" -ge 3 ]; }
wait_for closed
recv known >known.rd

# In the background nobody is asked, and nothing stops: a job that reaches for
# its terminal from there would be stopped, with all its sessions.
printf 'rd-send %s 2>back.log &\necho $! >back.pid\nwait\n' "--ask --config $hostdir --listen 127.0.0.1:0 --json \
	-- rd-capture --source test --size 64x48 --frames 3" >job
mkfifo keys
exec 5<>keys
start script -qfec "bash -mi $PWD/job" /dev/null <keys >back.screen 5>&-
listens() { grep -q '"event":"listening"' back.log; }
wait_for listens
started+=("$(cat back.pid)")
port=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' back.log)
exits 16 recv stranger >stranger.rd 2>stranger.words
recv known --timeout 5 >known.rd
[ -s known.rd ]

# --no-ask (as host_up has it): refused at once.
host_up -- rd-capture --source test --size 64x48 --frames 3
exits 16 recv stranger >stranger.rd 2>stranger.words
