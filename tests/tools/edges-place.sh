#!/usr/bin/env bash
# Where a tool is started: at a terminal, without a home or any environment, with
# few descriptors, a full disk, no display, before a slow reader.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-edges.sh"
export XDG_CONFIG_HOME="$PWD/config"
unset DISPLAY WAYLAND_DISPLAY RD_RELAY

rd-capture --source test --size 320x240 --frames 30 >s.rd
rd-key --config keys allow "$(rd-key --config other 2>/dev/null)" ann >/dev/null 2>&1
rd-relay --state "$PWD/relay" --join-key >/dev/null

# Standard input is a terminal; and then standard output.
if have script; then
	at_terminal() { # its redirections, command
		local code=0
		script -qec "$2 $1" /dev/null </dev/null >/dev/null || code=$?
		cat said >&2
		return $code
	}
	typed_at() { at_terminal '2>said >/dev/null' "$1"; }
	shown_on() { at_terminal '2>said' "$1"; }
	for line in rd-encode 'rd-view --to null -' 'rd-record new.webm' rd-send 'rd-capture --inject' \
			'rd-type --stdin' 'rd-shot -o new.png -' 'rd-wait --still 1s -'; do
		edge 2 "${line%% *}" typed_at "$line"
		grep -q 'is a terminal' words || fail "$line at a terminal: $(cat words)"
	done
	for line in 'rd-capture --source test' 'rd-encode -- rd-capture --source test' 'rd-recv host' \
			'rd-shot ./s.rd' 'rd-record s.rd -'; do
		edge 2 "${line%% *}" shown_on "$line"
		grep -q 'terminal' words || fail "$line to a terminal: $(cat words)"
	done
fi

# No such display: a line that names it, and status 6; for a window also one that
# refuses. (rd-capture finds the cookie of a display that is its user's.)
for line in 'rd-capture --frames 1' 'rd-capture --inject' 'rd-shot -o new.png' \
		'rd-wait --still 1s' 'rd-type x' 'rd-click 1,1' 'rd-clip get' 'rd-view s.rd'; do
	read -ra words_of <<<"$line"
	tool=${words_of[0]}
	edge 6 "$tool" env DISPLAY=:64999 "${words_of[@]}"
	edge 6 "$tool" env DISPLAY=nonsense "${words_of[@]}"
done
edge 6 rd-view rd-view s.rd
start_x
edge 6 rd-view env XAUTHORITY=/dev/null HOME="$PWD" rd-view s.rd
unset DISPLAY
[ ! -e new.png ] || fail "a picture of nothing"

for tool in $(tools); do
	works "$tool"
	# Nothing in the environment but where programs are; a home that is none.
	bare=()
	[ -z "$RD_SAN" ] || bare=("ASAN_OPTIONS=$ASAN_OPTIONS" "LSAN_OPTIONS=$LSAN_OPTIONS")
	edge 0 "$tool" env -i "${bare[@]}" PATH="$PATH" RD_EDGE=$$ "${work[@]}"
	edge 0 "$tool" env -u XDG_RUNTIME_DIR -u TERM LC_ALL=C HOME=/proc/none "${work[@]}"
	# Few descriptors: any end that has a name, in time.
	[ "$tool" != rd-share ] || continue # the shell's matter
	[ "$tool" != rd-run ] || work=(rd-run --size 64x48 true)
	for n in 4 5 6 7 8 9 10 12 14 16; do
		status=0
		# (Who looks for leaks wants some, too.)
		(export ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0"; ulimit -n $n; exec "${work[@]}") >out 2>words </dev/null &
		started+=($!)
		WAIT_S=$EDGE_S wait_end $!
		exitnames | grep -q "^$status " || fail "${work[*]} with $n descriptors: status $status ($(cat words))"
		[ "$status" -eq 0 ] || [ -s words ] || fail "${work[*]} with $n descriptors: not a word"
		[ -z "$(sort words | uniq -d)" ] || fail "${work[*]} with $n descriptors: twice: $(cat words)"
	done
	no_process_left
	echo "$tool: places"
done

# Names that are no ASCII, in a place that knows only that.
cp s.rd grün.rd
edge 0 rd-record env LC_ALL=C rd-record grün.rd größer.webm
[ -s größer.webm ] && [ "$(cat out)" = größer.webm ] || fail "$(cat out)"
edge 0 rd-shot env LC_ALL=C rd-shot -o blau.png ./grün.rd
edge 0 rd-view env LC_ALL=C rd-view --to png:weiß.png grün.rd
[ -s weiß.png ]

# A reader that takes its time gets all of it, and nobody burns a processor for it.
for line in 'rd-capture --source test --size 320x240 --frames 30' 'rd-record s.rd -' \
		'rd-encode --codec none' 'rd-view --to hash --frames 30 s.rd' 'rd-shot -o - ./s.rd'; do
	# shellcheck disable=SC2086 # words
	{ time $line <s.rd 2>words | { for _ in 1 2; do head -c 1; sleep 1; done; cat; } >slow; } 2>took
	# shellcheck disable=SC2086
	$line <s.rd >quick
	[ "$(stat -c %s slow)" -eq "$(stat -c %s quick)" ] && [ ! -s words ] ||
		fail "$line to a slow reader: $(stat -c '%n %s' slow quick | tr '\n' ' ') $(cat words)"
	awk '/user|sys/ { split($2, t, "[ms]"); n += t[1] * 60 + t[2] } END { exit n > 3 }' took ||
		[ -n "$RD_SAN" ] || fail "$line spins: $(cat took)"
done

# A disk without room.
mkdir small
mount -t tmpfs -o size=40k none small 2>/dev/null || skip "no disk can be mounted (the rest was tried)"
trap 'code=$?; umount small || true; cleanup $code' EXIT
head -c 100000 /dev/zero >small/zero 2>/dev/null || true
edge 8 rd-shot rd-shot -o small/new.png ./s.rd
edge 8 rd-view rd-view --to png:small/new.png s.rd
edge 8 rd-record rd-record s.rd small/new.webm
edge 8 rd-wait rd-wait --still 60s --save small/new.png --timeout 1s -- rd-capture --source test --size 320x240
edge 8 rd-key rd-key --config small/keys allow "$(rd-key --config other 2>/dev/null)" ann
edge 23 rd-relay rd-relay --state small/relay --join-key
edge 23 rd-send rd-send --config small/send -- true
for tool in $(tools); do
	works "$tool"
	edge 0 "$tool" env TMPDIR="$PWD/small" HOME="$PWD/small" "${work[@]}"
done
[ "$(find small -name '*.part' | wc -l)" -eq 0 ] || fail "half a file was left"
