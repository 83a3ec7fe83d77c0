# Sourced after lib.sh by the exits-*.sh scripts: each provokes every exit code that
# the page of a tool documents, and what was really seen is compared with the page.
#
#	tool NAME	whose codes those are that follow
#	provoke CODE TEXT CMD…	it ends with the code of that name (or number), and says one
#			line, which begins with its name (or TEXT, where that is "rd-…: …")
#			and has TEXT; CMD may be a function. Its stdin is /dev/null, its
#			stdout goes to ./out, its words to ./words
#	quiet CODE CMD…	the same, without a word; and: well CMD… is quiet ok
#	seen CODE	an exit that the script has looked at itself
#	elsewhere SCRIPT CODE…	exits that SCRIPT provokes, which not every machine can run
#	later CODE TEXT CMD…	as provoke, but it goes on meanwhile: for what takes long because
#			somebody is waited for in vain. all_provoked waits for all of these
#	all_provoked	each code of the page was seen, and no other
#	starved BYTES TEXT CMD…	code "memory" with an address space of that size
#	within -n N CMD…	it, with a limit of ulimit; to be provoked, which is in a shell of its own
#
# A page that documents codes lists them so, in EXIT STATUS:
#
#	.It 6 Cm no-display
#
# and exits-pages.sh sees to it that each page has such a script. Those of the
# configuration, 44 and 45, are of every page and exits-config.sh's.
# shellcheck shell=bash disable=SC2034,SC2154

tool_name=
lines=1

tool() {
	tool_name=$1
	: >"seen.$tool_name"
}

# "8 output" a line; a code without a name of ours, such as 130, has only its number,
# and "128 + n" is none. Several may share a line: .It 44 Cm config , 45 Cm profile
documented() { # tool
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/ { /^\.It 128 +/d; s/ , \([0-9]\)/\n.It \1/g; /^\.It [0-9]/p }' \
		"$RD_ROOT/man/$1.1" | sed 's/^\.It \([0-9]*\)\( Cm [a-z-]*\)\{0,1\}.*/\1\2/; s/ Cm / /'
}

number_of() { # name or number
	case $1 in
	[0-9]*) echo "$1" ;;
	*) exitnames | sed -n "s/^\([0-9]*\) $1\$/\1/p" ;;
	esac
}

seen() {
	number_of "$1" >>"seen.$tool_name"
	echo "$tool_name ended with $1"
}

ends_as() { # code, command…
	local want
	want=$(number_of "$1")
	[ -n "$want" ] || fail "there is no exit code \"$1\""
	local code=$1
	shift
	"$@" >out 2>words </dev/null &
	started+=($!)
	wait_end $!
	[ "$status" -eq "$want" ] || fail "$tool_name: status $status instead of $want: $* ($(cat words))"
	seen "$code"
}

one_line() { # text, command…
	local text=$1 begin="$tool_name: "
	shift
	case $text in rd-*:*) begin= ;; esac
	# It becomes one of the others.
	[ "$tool_name" != rd-share ] || begin='rd-[rs][a-z]*: '
	[ "$lines" = any ] || [ "$(wc -l <words)" -eq "$lines" ] || fail "$*: not one line: $(cat words)"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
	grep -q "^$begin" words || fail "$*: the line does not begin with its name: $(cat words)"
	! tr -d '\n' <words | LC_ALL=C grep -q '[[:cntrl:]]' || fail "$*: control characters"
}

provoke() { # code, text, command…
	local code=$1 text=$2
	shift 2
	ends_as "$code" "$@"
	one_line "$text" "$@"
}

elsewhere() { # script, code…
	local script=$RD_ROOT/tests/tools/$1.sh code
	shift
	for code; do
		grep -q "^provoke $code .* $tool_name\( \|\$\)" "$script" || fail "$script does not provoke $code of $tool_name"
		seen "$code"
	done
}

# The code and text of each, its process, and the command to be told.
late_code=() late_text=() late_pid=() late_command=()
later() { # code, text, command…
	local n=${#late_pid[@]}
	"${@:3}" >"out.$n" 2>"words.$n" </dev/null &
	started+=($!)
	late_code[n]=$1 late_text[n]=$2 late_pid[n]=$! late_command[n]="${*:3}"
}

look_at_late() {
	local n want
	for n in "${!late_pid[@]}"; do
		want=$(number_of "${late_code[n]}")
		wait_end "${late_pid[n]}"
		cp "words.$n" words
		[ "$status" -eq "$want" ] ||
			fail "$tool_name: status $status instead of $want: ${late_command[n]} ($(cat words))"
		seen "${late_code[n]}"
		one_line "${late_text[n]}" "${late_command[n]}"
	done
	late_code=() late_text=() late_pid=() late_command=()
}

quiet() { # code, command…
	ends_as "$@"
	shift
	[ ! -s words ] || fail "$*: says something: $(cat words)"
}

well() { # command…
	quiet ok "$@"
}

all_provoked() {
	local missing more
	look_at_late
	documented "$tool_name" | cut -d' ' -f1 | sort -u >documented
	sort -u "seen.$tool_name" >provoked
	missing=$(comm -23 documented provoked | grep -vx '44\|45' | tr '\n' ' ')
	more=$(comm -13 documented provoked | tr '\n' ' ')
	[ -s documented ] || fail "man/$tool_name.1 lists no exit codes"
	[ -z "$missing" ] || fail "man/$tool_name.1 documents what was not provoked: $missing"
	[ -z "$more" ] || fail "man/$tool_name.1 does not document what was provoked: $more"
}

# Sanitizers need far more than any limit: there the code is taken as seen.
starved() { # bytes, text, command…
	local bytes=$1 text=$2
	shift 2
	if [ -n "$RD_SAN" ]; then
		seen memory
	else
		provoke memory "$text" within -v $((bytes / 1000)) "$@"
	fi
}

within() { # limit as of ulimit, its value, command…
	# Who looks for leaks wants descriptors, too.
	export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
	ulimit "$1" "$2"
	shift 2
	"$@"
}
