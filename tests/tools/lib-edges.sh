# Sourced after lib.sh by the edges-*.sh scripts: what a person meets at the edges,
# for every tool. Each case ends within $EDGE_S seconds with a code of ours and one
# line that begins with the tool's name; none leaves a process behind.
#
#	tools		a line each: the name of a tool that exists
#	edge CODES TOOL CMD…	runs it; CODES are those allowed, "2" or "6,10"; code 0
#			goes without a word. Output to ./out, words to ./words
#	no_process_left	whatever the edges so far have started
#	works TOOL	a command, in the array $work, with which it would do something
#			without a display or another machine
#
# A new tool joins by a line in works.
# shellcheck shell=bash disable=SC2034,SC2154

EDGE_S=20
work=()

tools() {
	local page
	for page in "$RD_ROOT"/man/rd-*.1; do basename "$page" .1; done
}

# Small work that writes something to stdout, where a tool does that at all.
works() {
	case $1 in
	rd-capture) work=(rd-capture --source test --size 64x48 --frames 3) ;;
	rd-encode) work=(rd-encode -- rd-capture --source test --size 64x48 --frames 3) ;;
	rd-view) work=(rd-view --to hash s.rd) ;;
	rd-record) work=(rd-record --overwrite s.rd film.webm) ;;
	rd-shot) work=(rd-shot -o - ./s.rd) ;;
	rd-wait) work=(rd-wait --still 10ms ./s.rd) ;;
	rd-key) work=(rd-key --config "$PWD/keys" list) ;;
	rd-relay) work=(rd-relay --state "$PWD/relay" --join-key) ;;
	rd-ctl)
		echo 'rd-view: {title: some}' >shown.yaml
		work=(rd-ctl config show rd-view --config "$PWD/shown.yaml")
		;;
	rd-top) work=(rd-top --json) ;;
	*) work=("$1" --help) ;;
	esac
}

# By a mark in their environment.
nothing_left() {
	! grep -lsz -- "^RD_EDGE=$$\$" /proc/[0-9]*/environ >left
}

# After some edges: what they have started has ended, too.
no_process_left() {
	WAIT_S=$EDGE_S wait_for nothing_left
}

# Its only line.
says_one_line() {
	LC_ALL=C awk '!/^rd-[a-z]*: ./ || /[[:cntrl:]]/ { bad = 1 } END { exit bad || NR != 1 }' words
}

edge() { # codes, tool, command…
	local codes=$1 tool=$2
	shift 2
	status=0
	RD_EDGE=$$ "$@" >out 2>words </dev/null &
	started+=($!)
	WAIT_S=$EDGE_S wait_end $!
	unset 'started[-1]'
	case ,$codes, in
	*,$status,*) ;;
	*) fail "status $status instead of $codes: $* ($(cat words))" ;;
	esac
	if [ "$status" -eq 0 ]; then
		[ ! -s words ] || fail "$*: says something: $(cat words)"
	else
		says_one_line || fail "$*: not one line that begins with its name: $(cat -v words)"
	fi
}
