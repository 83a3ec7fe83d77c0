#!/usr/bin/env bash
# However rd-run ends, nothing is left: no process, lock, socket or file.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"

# Daemons, however they hide.
rd-run sh -c '
	setsid sleep 1000 &
	(setsid sh -c "sleep 1001 & sleep 1002" >/dev/null 2>&1 &) &
	nohup sleep 1003 >/dev/null 2>&1 &
	exit 0'
clean_now
# Also with an environment of their own, and a deaf ear.
exits 3 rd-run --grace 300ms sh -c '
	(trap "" TERM HUP INT; env -i PATH="$PATH" setsid sh -c "trap \"\" TERM; echo \$\$ >deaf; sleep 1000 & wait; sleep 1000") &
	while ! [ -s deaf ]; do sleep 0.02; done; exit 3'
clean_now
running "$(cat deaf)" && fail "a deaf daemon is left"
# One that goes on forking for as long as it can.
exits 4 rd-run --grace 100ms bash -c '
	r() { trap "" TERM; while :; do sleep 0.01 & done; }
	r & r & sleep 0.3; exit 4'
clean_now
# One that no list of processes shows while it is there.
exits 5 rd-run --grace 100ms sh -c 'comet lock && exit 5'
flock -n lock true || fail "a comet is left"
clean_now

# The test begins one and waits until all of it is there.
begin() {
	rm -f up t.webm
	mark
	start rd-run --record t.webm --grace 500ms sh -c '
		setsid sleep 1000 & sleep 1001 &
		./which-display >up.new; mv up.new up; wait; wait; sleep 1002' 2>words
	rd_run=$pid
	wait_for test -s up
	display=$(cat up)
}
keeper_of() { # pid
	local p children
	read -ra children <"/proc/$1/task/$1/children"
	for p in "${children[@]}"; do
		[ "$(cat "/proc/$p/comm")" != rd-run-keeper ] || echo "$p"
	done
}

for sig in TERM INT HUP QUIT; do
	begin
	kill -$sig "$rd_run"
	wait_end "$rd_run"
	case $sig.$status in
	# bash starts it with INT and QUIT ignored, and so is the command; then comes TERM.
	TERM.143 | HUP.129 | INT.143 | QUIT.143 | INT.130 | QUIT.131) ;;
	*) fail "$sig: status $status: $(cat words)" ;;
	esac
	clean_now "$display"
	[ -s t.webm ] || fail "$sig: no film"
done

# Signals that it does not know of.
for sig in KILL SEGV ALRM ABRT; do
	begin
	kill -$sig "$rd_run"
	wait_end "$rd_run"
	# Sanitizers have a status of their own for some.
	[ "$status" -eq $((128 + $(kill -l $sig))) ] || [ -n "$RD_SAN" ] || fail "$sig: status $status"
	settled "$display"
	[ -s t.webm ] || fail "$sig: no film"
done

# The keeper alone, and then the whole group.
begin
kill -KILL "$(keeper_of "$rd_run")"
wait_end "$rd_run"
[ "$status" -eq 39 ] || fail "without its keeper: status $status"
clean_now "$display"
grep -q 'keeper was killed' words || fail "says: $(cat words)"
[ -s t.webm ] || fail "no film"

rm -f up
mark
set -m
rd-run sh -c './which-display >up.new; mv up.new up; sleep 1000; sleep 1001' 2>words &
pid=$!
set +m
started+=("$pid")
wait_for test -s up
kill -KILL -- "-$pid"
wait_end "$pid"
settled "$(cat up)"

# Both at once: the kernel ends the command, the display and the recorder.
rm -f up
mark
start rd-run --record both.webm sh -c './which-display >up.new; mv up.new up; exec sleep 1000' 2>words
wait_for test -s up
kill -KILL "$pid" "$(keeper_of "$pid")"
wait_end "$pid"
none_marked() { [ -z "$(marked)" ]; }
wait_for none_marked
rm -rf "$XDG_RUNTIME_DIR"/rd-run.*
settled "$(cat up)"

# At every moment of its life.
for ms in $(seq 0 7 140); do
	mark
	start rd-run --record early.webm --overwrite sleep 1000 2>words
	sleep "$(printf '0.%03d' "$ms")"
	if [ $((ms % 2)) -eq 0 ]; then kill -KILL "$pid"; else kill -TERM "$pid"; fi
	wait_end "$pid"
	settled
done

# One that stops who waits for it: nobody but rd-run could have that go on.
mark
exits 5 rd-run sh -c 'kill -STOP $PPID; exit 5'
clean_now

# A command that does not end, by --timeout; one that does not want to, by SIGKILL.
mark
exits 13 rd-run --timeout 200ms sleep 1000 2>words
clean_now
exits 13 rd-run --timeout 200ms --grace 200ms sh -c 'trap "" TERM INT HUP; while :; do sleep 1; done' 2>words
clean_now
# One that ends in good order when it is asked to has its own status.
rm -f up
start rd-run sh -c 'trap "exit 9" TERM; echo >up; while :; do sleep 0.05; done'
wait_for test -e up
kill -TERM "$pid"
wait_end "$pid"
[ "$status" -eq 9 ] || fail "status $status of one that ends by itself"
# USR1 is for the command.
rm -f up
start rd-run sh -c 'trap "exit 10" USR1; echo >up; while :; do sleep 0.05; done'
wait_for test -e up
kill -USR1 "$pid"
wait_end "$pid"
[ "$status" -eq 10 ] || fail "status $status: USR1 did not come"

# Nested: each ends what is its own.
mark
exits 11 rd-run sh -c './which-display; rd-run sh -c "./which-display; setsid sleep 1000 & exit 11"' >displays
[ "$(sort -u displays | wc -l)" -eq 2 ] || fail "not two displays: $(cat displays)"
while read -r d; do clean_now "$d"; done <displays
rm -f up
start rd-run --grace 1s sh -c 'rd-run sh -c "setsid sleep 1000 & ./which-display >up.new; mv up.new up; sleep 1001"; sleep 1002'
wait_for test -s up
kill -KILL "$pid"
wait_end "$pid"
settled "$(cat up)"
