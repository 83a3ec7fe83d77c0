#!/usr/bin/env bash
# The film of rd-run by rd-ctl and rd-top: it has a name of its own, and whoever is killed,
# no socket is left.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
export RD_LOG=warn
run() { rd-run --size 320x240 -q "$@"; }
kill_recorder() { # signal
	local p n=0
	for p in $(marked); do
		[ "$(cat "/proc/$p/comm")" != rd-record ] || { kill "$1" "$p" 2>/dev/null && n=$((n + 1)); }
	done
	[ $n -gt 0 ] || fail "no recorder runs"
}
no_socket() { [ -z "$(find "$XDG_RUNTIME_DIR/rd" -mindepth 1)" ]; }

# The command has the name, by which its film is told and asked.
cat >asks <<'END'
#!/bin/sh -e
echo "$RD_RUN_NAME" >name
rd-ctl --json list >list
rd-top --json >top
rd-ctl "$RD_RUN_NAME" chapter "step 2"
rd-ctl "$RD_RUN_NAME" get file >file
xsetroot -solid "#ff0000"
cp "$(rd-ctl "$RD_RUN_NAME" save)" so-far.webm
END
chmod +x asks
run --record asked.webm ./asks
[[ $(cat name) =~ ^asks-[0-9]+$ ]] || fail "it is called $(cat name)"
[ "$(jq -r '.name + " " + .tool' list)" = "$(cat name) rd-record" ] || fail "listed: $(cat list)"
grep -qF "$(cat name)" top || fail "rd-top does not show it: $(cat top)"
[ "$(cat file)" = "$PWD/asked.webm" ] || fail "its file is $(cat file)"
[ "$(chapters asked.webm | sed 's/^[0-9]* //')" = 'step 2' ] || fail "chapters: $(chapters asked.webm)"
plays so-far.webm
[ "$(seconds so-far.webm)" -gt 0 ] || fail "so far it does not say how long it is"
clean_now

# Many at the same time: each hears its own.
pids=()
for i in 1 2 3; do
	start run --record "$i.webm" sh -c ": >up$i; until [ -e go ]; do sleep 0.02; done; rd-ctl \"\$RD_RUN_NAME\" chapter 'of $i'"
	pids+=("$pid")
done
for i in 1 2 3; do wait_for test -e up$i; done
: >go
for pid in "${pids[@]}"; do
	wait_end "$pid"
	[ "$status" -eq 0 ] || fail "status $status"
done
for i in 1 2 3; do
	[ "$(chapters $i.webm | sed 's/^[0-9]* //')" = "of $i" ] || fail "chapters of $i: $(chapters $i.webm)"
done
clean_now

# A name that is given; none where nobody is to ask, or there is no film.
# shellcheck disable=SC2016
run --record named.webm --name 'the tests' sh -c 'rd-ctl "the tests" get name; echo "$RD_RUN_NAME"' >names
[ "$(sort -u names)" = 'the tests' ] || fail "named: $(cat names)"
# shellcheck disable=SC2016
for o in '--record none.webm --no-control' ''; do
	# shellcheck disable=SC2086
	RD_RUN_NAME=other run $o sh -c 'rd-ctl list; echo "${RD_RUN_NAME-none}"' >names
	[ "$(cat names)" = none ] || fail "$o: $(cat names)"
done
exits 2 run --name x true 2>words
exits 2 run --record none.webm --name= true 2>words

# Ended by rd-ctl: that is no fault.
# shellcheck disable=SC2016
exits 0 run --record ended.webm --name ended sh -c 'rd-ctl ended end; until grep -q "was ended" words; do sleep 0.02; done' 2>words
grep -q 'the recording was ended' words || fail "says: $(cat words)"
plays ended.webm

# Without a folder for it, a line, and the run goes on.
mkdir -m 700 blocked
: >blocked/rd
# shellcheck disable=SC2016
XDG_RUNTIME_DIR=$PWD/blocked exits 7 run --record blocked.webm sh -c 'echo one >"$RD_MARK"; exit 7' 2>words
[ "$(grep -c 'no control socket' words)" -eq 1 ] && [ "$(wc -l <words)" -eq 1 ] || fail "says: $(cat words)"
plays blocked.webm

# One that runs until ./down is there.
begin() {
	rm -f up down film.webm
	mark
	start rd-run --size 320x240 --record film.webm --grace 500ms sh -c '
		./which-display >up.new; mv up.new up; until [ -e down ]; do sleep 0.02; done; exit 12' 2>words
	rd_run=$pid
	wait_for test -s up
	no_socket && fail "there is no socket"
	return 0
}
# The recorder is killed: its socket is gone at once, not only at the end.
begin
kill_recorder -KILL
wait_for no_socket
wait_for grep -q 'broken off' words
: >down
wait_end "$rd_run"
[ "$status" -eq 12 ] || fail "status $status"
clean_now
# rd-run is.
begin
kill -KILL "$rd_run"
wait_end "$rd_run"
settled "$(cat up)"
# The keeper is, and the recorder is deaf.
begin
kill_recorder -STOP
read -ra children <"/proc/$rd_run/task/$rd_run/children" || true
kill -KILL "${children[0]}"
wait_end "$rd_run"
[ "$status" -eq 39 ] || fail "status $status"
clean_now "$(cat up)"
