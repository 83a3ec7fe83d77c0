#!/usr/bin/env bash
# Each option of each tool with a value that is none, without its value, or written
# wrongly: status 2 and one line that names it.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-edges.sh"
export XDG_CONFIG_HOME="$PWD/config"
unset DISPLAY RD_RELAY

# "--name" and what stands for its value, a line each; of what --help shows.
valued() { # tool
	"$1" --help | sed -nE 's/^(  -., |      )--([a-z0-9-]+) ([^ ]+).*/\2 \3/p'
}

# Text is good for these, whatever it is; or it is looked at when it is used.
is_free() { # metavar
	case $1 in
	DISPLAY | PROFILE | 'FILE|DIR' | WINDOW | CODE | 'EVENT[=VALUE]' | *'|DEVICE' | *'|NAME|NUMBER' | *.FILE | FILE | DIR | COMMAND | TEXT | NAME | HOST | KEY | WORDS) return 0 ;;
	esac
	return 1
}

# What goes with a value for it to be looked at.
complete=()
completes() { # tool
	case $1 in
	rd-view) complete=(s.rd) ;;
	rd-record) complete=(s.rd film.webm) ;;
	rd-shot) complete=(-o shot.png ./s.rd) ;;
	rd-wait) complete=(--still 1s ./s.rd) ;;
	rd-type) complete=(x --on ./s.rd) ;;
	rd-click) complete=('10,10' --on ./s.rd) ;;
	rd-clip) complete=(types ./s.rd) ;;
	rd-key) complete=(allow "$key") ;;
	rd-recv) complete=(host) ;;
	rd-run) complete=(true) ;;
	*) complete=() ;;
	esac
}

rd-capture --source test --size 64x48 --frames 1 >s.rd
key=$(rd-key 2>/dev/null)
for tool in $(tools); do
	[ "$tool" != rd-share ] || continue
	edge 2 "$tool" "$tool" --no-such-option
	grep -q 'no option --no-such-option' words || fail "$tool: $(cat words)"
	edge 2 "$tool" "$tool" -%
	edge 2 "$tool" "$tool" $'--\033[31mred'
	edge 2 "$tool" "$tool" --help=yes
	edge 0 "$tool" "$tool" --help
	edge 0 "$tool" "$tool" --version
	n=0
	completes "$tool"
	while read -r name value; do
		n=$((n + 1))
		edge 2 "$tool" "$tool" "--$name"
		[[ $(<words) == *"--$name"* ]] || fail "$tool --$name without a value: $(cat words)"
		is_free "$value" && continue
		# A FIFO is looked for before it is said to be none.
		codes=2
		case $value in *FIFO*) codes=10 ;; esac
		edge $codes "$tool" "$tool" "--$name" $'gar\033bage' "${complete[@]}"
		[[ $(<words) == *[-\"]"$name"* ]] || fail "$tool --$name with garbage does not name it: $(cat words)"
	done < <(valued "$tool")
	no_process_left
	[ $n -gt 0 ] || fail "$tool --help shows no option with a value"
	echo "$tool: $n options with a value"
done
